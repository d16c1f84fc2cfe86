"""From a fresh Blender with the extension to moving keys, by the mouse alone, its clicks counted.

Not counted: N, which opens the sidebar, and folders that are opened on the way to a file. What a person has done before, once:
installed the extension and, for the light zip, chosen a Worker Python.
"""

from . import hands
from .hands import click, drop, job_ends, keys, middle, on_screen, picture, press, sidebar
from .stage import PROJECT, ROOT, bpy, check, prepare

AT_MOST = 6
TAB_BELOW_PX = 256  # the middle of the tab Mannerism, below the sidebar's upper edge
FIRST_ENTRY_PX = (-60, -24)  # of the menu that opens at the pointer, from there
PAGE = ROOT / "docs/tutorial.md"


def open_tab():
    """The tab of the sidebar; it opens with N."""
    if sidebar().width < 50:
        yield from keys("n")
    region = sidebar()
    yield from click(*on_screen(region, region.width - 14, region.height - TAB_BELOW_PX))
    check(sidebar().active_panel_category == "Mannerism", "the tab is open")


def moving(obj):
    """How far keys turn an object, radians; 0 without a layer."""
    data = obj.animation_data
    tracks = [track for track in data.nla_tracks if "#" in track.name] if data else []
    curves = [
        curve
        for track in tracks
        for action in [track.strips[0].action]
        for curve in action.layers[0].strips[0].channelbag(action.slots[0]).fcurves
        if "rotation" in curve.data_path
    ]
    return max(
        (max(k.co.y for k in c.keyframe_points) - min(k.co.y for k in c.keyframe_points) for c in curves),
        default=0.0,
    )


def fresh():
    """The file that Blender begins with, as after its start."""
    bpy.ops.wm.read_homefile(load_ui=True)
    prepare()
    hands.clicks[0] = 0
    yield 1.5


def count(how):
    """What it took, and whether the tutorial says so."""
    check(moving(bpy.context.object) > 0.02, f"{how}: the keys of {bpy.context.object.name} move it")
    clicks = hands.clicks[0]
    check(clicks <= AT_MOST, f"{how}: {clicks} clicks, of {AT_MOST} at most")
    check(f"| {how} | {clicks} |" in PAGE.read_text(), f"the tutorial says {clicks} for: {how}")


def story():
    yield from fresh()
    yield from open_tab()
    yield from picture("fresh")
    yield from drop(PROJECT / "line_1.wav")
    yield from picture("dropped")
    x, y = middle()
    yield from click(x + FIRST_ENTRY_PX[0], y + FIRST_ENTRY_PX[1])
    check(bpy.context.object.mannerism.audio.endswith("line_1.wav"), "the sound is the speech")
    yield from press("mannerism.generate()")
    yield from job_ends()
    count("a sound dropped on the viewport")
    yield from picture("clicks")


hands.play(story())
steps = [lambda: None] * 900
