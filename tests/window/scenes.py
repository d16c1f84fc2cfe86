"""What window.sh lets a real Blender do: a table of scenes, each the steps that run a second apart."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import bpy as blender

bpy: Any = blender
ROOT = Path(os.environ.get("MANNERISM_ROOT", "."))
PROJECT = Path("/tmp/project")
MODULE = "bl_ext.user_default.mannerism"


def say(*words):
    print(*words, flush=True)  # noqa: T201


def check(fact, words):
    say(f"ok: {words}" if fact else f"FAILED: {words}")


def viewport():
    """The window's 3D view, as what `temp_override` wants."""
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": window, "area": area, "region": region}


def running():
    return sys.modules[f"{MODULE}.bridge.worker"].running()


def character():
    """The demo rig, active, in a saved file beside its reference and its line, which it knows by relative paths."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    PROJECT.mkdir(exist_ok=True)
    for name in ("reference.mp4", "line_1.wav"):
        shutil.copy(ROOT / "examples" / name, PROJECT)
    bpy.ops.wm.save_as_mainfile(filepath=str(PROJECT / "scene.blend"))
    preferences = bpy.context.preferences.addons[MODULE].preferences
    preferences.worker_python = str(ROOT / ".venv/bin/python")
    preferences.style_folder = str(PROJECT)
    rig = runpy.run_path(str(ROOT / "tools/demo_rig.py"))["build_rig"]()
    bpy.context.view_layer.objects.active = rig
    rig.select_set(True)
    rig.mannerism.reference, rig.mannerism.audio = "//reference.mp4", "//line_1.wav"


def take_layers():
    bpy.ops.mannerism.encode_style()
    bpy.ops.mannerism.generate()
    bpy.ops.mannerism.generate(next_take=True)
    bpy.context.object.animation_data.nla_tracks[-2].mute = True
    bpy.context.scene.frame_set(30)


def frame_character():
    """The rig from the front, and below it the layers as strips."""
    with bpy.context.temp_override(**viewport()):
        bpy.ops.screen.area_split(direction="HORIZONTAL", factor=0.22)
    window = viewport()["window"]
    strips = min((area for area in window.screen.areas if area.type == "VIEW_3D"), key=lambda area: area.y)
    strips.type = "NLA_EDITOR"
    space = viewport()["area"].spaces.active
    space.show_region_ui = True
    space.overlay.show_extras = False
    region = next(region for region in strips.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=strips, region=region):
        bpy.ops.nla.view_all()
    with bpy.context.temp_override(**viewport()):
        bpy.ops.view3d.view_axis(type="FRONT")
        bpy.ops.view3d.view_selected()


def start_encoding():
    with bpy.context.temp_override(**viewport()):
        check(bpy.ops.mannerism.encode_style("INVOKE_DEFAULT") == {"RUNNING_MODAL"}, "the job starts")


def press_escape():
    check(running(), "the job runs")
    window, area, _ = viewport().values()
    x, y = area.x + area.width // 3, window.height - area.y - area.height // 2
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "key", "Escape"], check=True)


def look_after_escape():
    check(not running(), "ESC has ended the job")
    check(not bpy.context.object.mannerism.style, "and nothing was changed")


def wait():
    pass


SCENES = {
    "picture": [take_layers, frame_character, wait, wait],
    "progress": [start_encoding, wait, wait],
    "escape": [start_encoding, wait, press_escape, look_after_escape],
}

character()
steps = SCENES[os.environ["MANNERISM_SCENE"]]
