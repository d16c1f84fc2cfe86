"""A character with three lines in Blender's batch list, and what became of them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from mannerism.bridge import worker
from mannerism.core.generate.settings import first_seed
from mannerism.tests.support.worker_commands import FAKE_WORKER

bpy: Any = pytest.importorskip("bpy")
LINES = ("line 1", "line 2 ü日本", "line 3")


def batch_scene(monkeypatch, tmp_path) -> Iterator[Any]:
    """A character of two bones, a style, and the three lines in the list; the fake worker moves for two seconds."""
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    data = bpy.data.armatures.new("Ada")
    obj = bpy.data.objects.new("Ada", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    parent = None
    for height, name in enumerate(("neck", "head")):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0, 0, height), (0, 0, height + 1), parent
        parent = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    style = tmp_path / "calm.style.json"
    style.write_text("{}")
    obj.mannerism.style = str(style)
    for name in LINES:
        (tmp_path / f"{name}.wav").write_bytes(name.encode())
    add([f"{name}.wav" for name in LINES], tmp_path)
    yield bpy.context.scene
    worker.close()


def add(names, folder):
    assert bpy.ops.mannerism.add_lines(
        directory=f"{folder}{os.sep}", files=[{"name": name} for name in names]
    ) == {"FINISHED"}


def run(**options):
    # With undo, as a button calls it; from a script alone an operator pushes no step.
    return bpy.ops.mannerism.generate_many("EXEC_DEFAULT", True, **options)


def statuses(scene):
    return [(line.name, line.status) for line in scene.mannerism.lines]


def layers():
    data = bpy.context.object.animation_data
    return {
        track.name: (track.strips[0].frame_start, track.mute)
        for track in (data.nla_tracks if data else ())
        if track.name.startswith("Mannerism")
    }


def name_of(line):
    return f"Mannerism: {line} #{first_seed(line)}"
