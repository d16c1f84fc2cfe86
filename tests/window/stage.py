"""What every scene stands on: words to the log, the viewport, and the shipped character in a project of its own."""

import os
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import bpy as blender

bpy: Any = blender
ROOT = Path(os.environ.get("MANNERISM_ROOT", "."))
PROJECT = Path(f"/tmp/project-{os.getpid()}")  # its own, where several windows are open
MODULE = "bl_ext.user_default.mannerism"


def say(*words):
    """To the log of `window.sh`; of what Blender prints only the end is kept."""
    with Path(os.environ["MANNERISM_LOG"]).open("a") as log:
        print(*words, file=log)


def check(fact, words):
    say(f"ok: {words}" if fact else f"FAILED: {words}")


def viewport():
    """The window's 3D view, as what `temp_override` wants."""
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": window, "area": area, "region": region}


def module(name):
    """A module of the extension."""
    return sys.modules[f"{MODULE}.{name}"]


def running():
    return module("bridge.worker").running()


def prepare():
    """An empty project with the example's files, and what somebody has chosen once in the preferences."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    PROJECT.mkdir()
    for name in ("reference.mp4", "line_1.wav"):
        shutil.copy(ROOT / "examples" / name, PROJECT)
    preferences = bpy.context.preferences.addons[MODULE].preferences
    preferences.worker_python = str(ROOT / ".venv/bin/python")
    preferences.style_folder = str(PROJECT)


def character():
    """The demo rig, active, in a saved file beside its reference and its line, which it knows by relative paths."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    prepare()
    bpy.ops.wm.save_as_mainfile(filepath=str(PROJECT / "scene.blend"))
    choose(runpy.run_path(str(ROOT / "tools/demo/rig.py"))["build_rig"]())


def choose(rig):
    bpy.context.view_layer.objects.active = rig
    rig.select_set(True)
    rig.mannerism.reference, rig.mannerism.audio = "//reference.mp4", "//line_1.wav"


def frame_character():
    """The character from the front, and below it the layers as strips."""
    many = len(getattr(bpy.context.object.animation_data, "nla_tracks", ())) > 3
    with bpy.context.temp_override(**viewport()):
        bpy.ops.screen.area_split(direction="HORIZONTAL", factor=0.21 if many else 0.22)
    window = viewport()["window"]
    strips = min((area for area in window.screen.areas if area.type == "VIEW_3D"), key=lambda area: area.y)
    strips.type = "NLA_EDITOR"
    if many:  # they need the room of the timeline
        timeline = next(area for area in window.screen.areas if area.type == "DOPESHEET_EDITOR")
        with bpy.context.temp_override(window=window, area=timeline):
            bpy.ops.screen.area_close()


def frame_views():
    window = viewport()["window"]
    strips = next(area for area in window.screen.areas if area.type == "NLA_EDITOR")
    space = viewport()["area"].spaces.active
    space.show_region_ui = True
    space.overlay.show_extras = False
    region = next(region for region in strips.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=strips, region=region):
        bpy.ops.nla.view_all()
    shown = [obj for obj in bpy.context.scene.objects if obj.type == "MESH" and obj.visible_get()]
    with bpy.context.temp_override(**viewport()):
        bpy.ops.view3d.view_axis(type="FRONT")
        for obj in bpy.context.scene.objects:
            obj.select_set(obj in shown)
        bpy.ops.view3d.view_selected()
        for obj in bpy.context.scene.objects:
            obj.select_set(obj == bpy.context.object)
        if "rig_id" in bpy.context.object.data:
            bpy.ops.object.mode_set(mode="POSE")
