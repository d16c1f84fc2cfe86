"""The takes on a rig in Blender: each a layer of its own, one after another in time, with their sounds."""

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import bpy

from mannerism.bridge.fbx import export_fbx
from mannerism.bridge.nla import add_layer
from mannerism.core.motion import HeadMotion, Progress
from mannerism.core.timing import FrameRate
from mannerism.tools.demo.rig import build_rig

Take = tuple[Path, int, HeadMotion]
"""The speech, the seed, and what was generated from both."""

_PAUSE_S = 0.5


def export_takes(motions: Mapping[Path, HeadMotion], rate: FrameRate, progress: Progress) -> None:
    """Write each motion as FBX, all from one Blender."""
    for index, (path, motion) in enumerate(motions.items()):
        progress(index / len(motions), path.name)
        export_fbx(path, motion, rate)


def make_scene(path: Path, takes: Sequence[Take], rate: FrameRate) -> None:
    """Save a .blend file with the demo rig, a layer for each take, and the sound below each layer."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    scene.render.fps, scene.render.fps_base = int(rate.fps), 1.0
    rig = build_rig()
    editor = scene.sequence_editor_create()
    start = scene.frame_start
    for line, seed, motion in takes:
        add_layer(rig, motion, name=f"Mannerism: {line.stem} #{seed}", start_frame=start)
        strip = editor.strips.new_sound(f"{line.stem} #{seed}", str(line), 1, start)
        strip.sound.filepath = bpy.path.relpath(str(line), start=str(path.parent))
        start += ceil(rate.frames(motion.duration_s + _PAUSE_S))
    scene.frame_end = start
    scene.sync_mode = "AUDIO_SYNC"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=True)
