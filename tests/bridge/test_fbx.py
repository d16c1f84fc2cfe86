"""FBX, read back by ufbx, and the open file as it was."""

import tempfile
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import bpy
import numpy as np
import pytest
import ufbx

from mannerism.bridge.fbx import export_fbx
from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError, OutputError
from mannerism.core.export.fbx import FbxWriter, write_fbx
from mannerism.core.motion import HeadMotion
from mannerism.core.timing import FrameRate
from mannerism.core.types import Array

CHAIN = ("Armature", "Root", "Neck", "Head")
_kept: list[Any] = []


def kept(element):
    """As ufbx 0.0.5 frees its elements once too often; hold them, and it never does."""
    _kept.append(element)
    return element


@dataclass
class Take:
    """What ufbx reads in a file: joints against their parents, in the file's units."""

    name: str
    turn: dict[str, Array]
    place: dict[str, Array]
    key_s: Array
    begin_s: float
    fps: float
    unit_m: float

    @property
    def head(self):
        """Rotation of the head in the world."""
        world = rot.IDENTITY
        for name in CHAIN:
            world = rot.multiply(world, self.turn[name])
        return world

    @property
    def root_m(self):
        """Place of the root in the world, metres."""
        return self.unit_m * (self.place["Armature"] + rot.rotate(self.turn["Armature"], self.place["Root"]))


def read(path, time_s) -> Take:
    scene = kept(ufbx.load_file(str(path)))
    stack = kept(scene.anim_stacks[0])
    anim = kept(stack.anim)
    turn, place = {}, {}
    for name in CHAIN:
        node = kept(ufbx.find_node(scene, name))
        poses = [ufbx.evaluate_transform(anim, node, float(time)) for time in time_s]
        assert all((p.scale.x, p.scale.y, p.scale.z) == pytest.approx((1, 1, 1), abs=1e-6) for p in poses)
        turn[name] = np.array([(p.rotation.w, p.rotation.x, p.rotation.y, p.rotation.z) for p in poses])
        place[name] = np.array([(p.translation.x, p.translation.y, p.translation.z) for p in poses])
        if name != "Armature":
            assert kept(node.parent).name == CHAIN[CHAIN.index(name) - 1]
    return Take(
        name=stack.name,
        turn=turn,
        place=place,
        key_s=np.array([key.time for key in kept(scene.anim_curves[0]).keyframes]),
        begin_s=anim.time_begin,
        fps=scene.settings.frames_per_second,
        unit_m=scene.settings.unit_meters,
    )


@pytest.mark.slow
def test_the_child_leaves_nothing(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with FbxWriter() as writer:
        writer.write(tmp_path / "a.fbx", talking(0.5), FrameRate(Fraction(30)))
        assert any(scratch.iterdir())
    assert not any(scratch.iterdir())


def talking(seconds: float = 2.0) -> HeadMotion:
    """Quick turns of up to 40° and moves of up to 6 cm."""
    time_s = np.arange(0, seconds + 1e-9, 0.04)
    rotation = rot.from_euler(0.3 * np.sin(9 * time_s), 0.7 * np.sin(6 * time_s), 0.2 * np.cos(7 * time_s))
    place = 0.06 * np.stack([np.sin(5 * time_s), np.cos(3 * time_s), np.sin(4 * time_s)], axis=1)
    return HeadMotion(time_s, rot.continuous(rotation), place)


def assert_same(take: Take, motion: HeadMotion):
    assert np.degrees(rot.angle_between(take.head, motion.rotation)).max() < 0.01
    assert np.abs(take.root_m - motion.translation_m).max() < 1e-4


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60)])
def test_every_frame_is_the_motion_at_the_right_rate_from_the_start(tmp_path, fps):
    path, rate = tmp_path / "ü日本 one.fbx", FrameRate(fps, start_frame=101)
    export_fbx(path, talking(), rate)
    motion = talking().at(rate.grid(2.0))
    take = read(path, motion.time_s)
    assert_same(take, motion)
    assert take.name == "ü日本 one"
    assert take.begin_s == 0.0
    assert take.fps == pytest.approx(float(fps), abs=1e-3)
    assert take.key_s == pytest.approx(motion.time_s, abs=1e-6)


def test_file_is_ready_for_an_engine(tmp_path):
    """Centimetres, Y up, nothing scaled or turned but the joints, and bound at rest."""
    turned = HeadMotion(np.array([0.0, 1.0]), rot.from_euler([0.5, 0.0], 0.5, 0.0), np.full((2, 3), 0.1))
    export_fbx(tmp_path / "a.fbx", turned, FrameRate(Fraction(30)))
    take = read(tmp_path / "a.fbx", [0.0])
    assert take.unit_m == pytest.approx(0.01)
    assert np.degrees(rot.angle_between(take.turn["Armature"][0], rot.IDENTITY)) < 0.01
    scene = kept(ufbx.load_file(str(tmp_path / "a.fbx")))
    assert [kept(node).name for node in scene.nodes][1:] == ["Armature", "Skin", "Root", "Neck", "Head"]
    assert kept(scene.poses[0]).is_bind_pose
    for index, (name, height) in enumerate([("Root", 0.0), ("Neck", 10.0), ("Head", 19.0)]):
        cluster = kept(scene.skin_clusters[index])
        bound = cluster.bind_to_world
        axes = np.column_stack([(c.x, c.y, c.z) for c in (bound.c0, bound.c1, bound.c2)])
        assert kept(cluster.bone_node).name == name
        assert np.degrees(rot.angle_between(rot.from_matrix(axes), rot.IDENTITY)) < 0.01
        assert (bound.c3.x, bound.c3.y, bound.c3.z) == pytest.approx((0.0, height, 0.0), abs=0.01)


def census() -> dict[str, list[str]]:
    kind = bpy.types.bpy_prop_collection
    collections = [name for name in dir(bpy.data) if isinstance(getattr(bpy.data, name), kind)]
    assert "objects" in collections
    return {name: sorted(block.name for block in getattr(bpy.data, name)) for name in collections}


def test_the_open_file_is_left_as_it_was(tmp_path):
    context: Any = bpy.context
    scene = context.scene
    bpy.ops.mesh.primitive_cube_add()
    cube = context.object
    bpy.ops.object.armature_add()
    mine = context.object
    cube.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    scene.frame_set(17, subframe=0.25)
    before, selected = census(), set(context.selected_objects)
    export_fbx(tmp_path / "a.fbx", talking(), FrameRate(Fraction(30)))
    assert census() == before
    assert context.scene == scene
    assert context.object == mine
    assert context.mode == "EDIT_ARMATURE"
    assert set(context.selected_objects) == selected == {mine, cube}
    assert (scene.frame_current, scene.frame_subframe) == (17, 0.25)
    assert (scene.render.fps, scene.unit_settings.scale_length) == (24, 1.0)


def test_a_refusal_leaves_the_open_file_as_it_was_too(tmp_path):
    (tmp_path / "file").write_text("in the way")
    before = census()
    with pytest.raises(OutputError, match="folder that exists"):
        export_fbx(tmp_path / "file" / "a.fbx", talking(), FrameRate(Fraction(24)))
    bpy.ops.preferences.addon_disable(module="io_scene_fbx")
    with pytest.raises(MissingPartError, match="Enable"):
        export_fbx(tmp_path / "a.fbx", talking(), FrameRate(Fraction(24)))
    assert census() == before
    assert not (tmp_path / "a.fbx").exists()


@pytest.mark.slow
def test_the_child_process_writes_the_same_motion(tmp_path):
    path, rate = tmp_path / "ü日本 one.fbx", FrameRate(Fraction(30000, 1001))
    write_fbx(path, talking(), rate)
    motion = talking().at(rate.grid(2.0))
    assert_same(read(path, motion.time_s), motion)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
