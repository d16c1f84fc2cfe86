"""The whole tab in the dark and the light theme, at the width it opens with and as narrow as it goes: pictures to look at.

What is checked by itself: rows keep their places while a job begins, runs and ends.
"""

import wave
from pathlib import Path

import numpy as np

from .hands import (
    REST,
    UP,
    drag,
    find,
    job_ends,
    on_screen,
    play,
    press,
    rests_on,
    scroll,
    sidebar,
)
from .hands import picture as whole_picture
from .stage import PROJECT, bpy, character, check, running, viewport

THEMES = ("Blender_Dark", "Blender_Light")
SCROLLS = 3
NARROW_PX = 190
ROWS = ("mannerism.generate(next_take=True)", "mannerism.intensity", "mannerism.seed")  # seen together


def set_up():
    with bpy.context.temp_override(**viewport()):
        character()
        bpy.ops.mannerism.generate()
        bpy.ops.mannerism.generate(next_take=True)
        bpy.context.scene.frame_set(30)
        bpy.ops.mannerism.pin_pose()
        viewport()["area"].spaces.active.show_region_ui = True
        bpy.ops.view3d.view_axis(type="FRONT")
        bpy.ops.view3d.view_selected()
    yield 1.5
    sidebar().active_panel_category = "Mannerism"
    yield 1.5


def use_theme(name):
    folder = next(
        path
        for path in map(Path, bpy.utils.preset_paths("interface_theme"))
        if (path / f"{name}.xml").is_file()
    )
    bpy.ops.script.execute_preset(
        filepath=str(folder / f"{name}.xml"), menu_idname="USERPREF_MT_interface_theme_presets"
    )
    yield 1.5


def pictures(name):
    for number in range(SCROLLS):
        yield from whole_picture(f"{name}-{number}")
        yield from scroll(5, 26)
    yield from scroll(*UP)


def narrow():
    """Drag the sidebar's left edge to the right, as far as it goes before it folds."""
    before = sidebar().width
    for offset in (-3, 0, 3, -6, 6):  # how near to the edge it can be taken hold of
        x, y = on_screen(sidebar(), offset, sidebar().height * 0.5)
        yield from drag((x, y), (x + before - NARROW_PX, y))
        if sidebar().width != before:
            break
    check(100 < sidebar().width < before, f"the sidebar is {sidebar().width} pixels wide, {before} before")


def long_speech():
    """A sound whose take needs some seconds, so that there is something to look at."""
    path = PROJECT / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(np.random.default_rng(0).normal(0.0, 2000.0, 900 * 16_000).astype("<i2").tobytes())
    return str(path)


def rows_stay():
    """While a job runs, what lay under the pointer lies there still."""
    yield from scroll(*UP)
    bpy.context.object.mannerism.audio = long_speech()
    yield 1.0
    for row in ROWS:
        yield from find(row)
    yield from press("mannerism.generate(next_take=True)")
    check(running(), "a job runs")
    for row in ROWS:
        yield from rests_on(row)
    yield from whole_picture("progress")
    yield from job_ends()
    for row in ROWS:
        yield from rests_on(row)


def story():
    yield from set_up()
    yield from rows_stay()
    for theme in THEMES:
        yield from use_theme(theme)
        yield from pictures(theme)
    yield from narrow()
    for theme in reversed(THEMES):
        yield from use_theme(theme)
        yield from pictures(f"{theme}-narrow")


steps = [lambda: play(story()), *REST]
