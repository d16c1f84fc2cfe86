"""Bulk writing of keys against `keyframe_insert`, in one run: 10,000 frames of seven curves of one bone.

python benchmarks/curves.py
"""

import os
import tempfile
import time
from typing import Any

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp())

import bpy
import numpy as np

from mannerism.bridge.curves import Curve, new_action, write_curves
from mannerism.bridge.rig import channel_path
from mannerism.core.types import Array

FRAMES = np.arange(1, 10_001)
CHANNELS = {"rotation_quaternion": 4, "location": 3}


def armature() -> Any:
    """An object with one bone named `head`."""
    context: Any = bpy.context
    data = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", data)
    context.scene.collection.objects.link(obj)
    context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    data.edit_bones.new("head").tail = (0.0, 0.0, 0.2)
    bpy.ops.object.mode_set(mode="OBJECT")
    return obj


def bulk(obj: Any, values: dict[str, Array]) -> None:
    """As `bridge` writes a layer."""
    action = new_action("bulk", obj)
    curves = [
        Curve(channel_path("head", name), index, column, "head")
        for name, rows in values.items()
        for index, column in enumerate(rows.T)
    ]
    write_curves(action, curves, FRAMES)


def one_by_one(obj: Any, values: dict[str, Array]) -> None:
    """As scripts often do."""
    bone = obj.pose.bones["head"]
    for i, frame in enumerate(FRAMES.tolist()):
        for name, rows in values.items():
            setattr(bone, name, rows[i])
            bone.keyframe_insert(name, frame=frame, group="head")


def main() -> None:
    """Print both times and their ratio."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    obj = armature()
    rng = np.random.default_rng(0)
    values = {name: rng.normal(size=(len(FRAMES), count)) for name, count in CHANNELS.items()}
    seconds = []
    for write in (bulk, one_by_one):
        started = time.perf_counter()
        write(obj, values)
        seconds.append(time.perf_counter() - started)
    keys = len(FRAMES) * sum(CHANNELS.values())
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"Blender {bpy.app.version_string}, {keys} keys, {load}")
    print(f"bulk             {seconds[0] * 1e3:9.1f} ms")
    print(f"keyframe_insert  {seconds[1] * 1e3:9.1f} ms   {seconds[1] / seconds[0]:.0f} times as long")


if __name__ == "__main__":
    main()
