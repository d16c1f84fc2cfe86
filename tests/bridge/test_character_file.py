"""Characters for engines: the clip in the file is what the viewport shows, and the open file stays as it was."""

from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge.character_copy import parts_of
from mannerism.bridge.character_file import CHARACTERS, export_character
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.tests.support.moving_jaw import add_moving_jaw
from mannerism.tools.synthetic.characters import bust, dump, key_pose, nodding, plain_object, posed
from mannerism.tools.synthetic.clips import fbx_clip, glb_clip, glb_weights

TURN = np.array([1.0, -1.0, 0.0, 0.0]) / np.sqrt(2.0)  # from Z up to Y up: −90° about X
READERS = {".fbx": fbx_clip, ".glb": glb_clip}


def scene() -> Any:
    return bpy.context.scene


def skinned(obj, bone="head"):
    """A cube on the head and one on a child of it, with a shape key that moves."""
    mesh = bpy.data.meshes.new("Skin")
    mesh.from_pydata(
        [(x, y, z) for x in (0, 0.1) for y in (0, 0.1) for z in (1.5, 1.7)], [], [(0, 1, 3, 2), (4, 5, 7, 6)]
    )
    skin: Any = bpy.data.objects.new("Skin", mesh)
    scene().collection.objects.link(skin)
    skin.vertex_groups.new(name=bone).add(list(range(8)), 1.0, "REPLACE")
    skin.modifiers.new("Armature", "ARMATURE").object = obj
    skin.parent = obj
    add_moving_jaw(skin)
    return skin


def shown(obj, bone, frames):
    """World rotations and positions in the viewport, Y up."""
    turns, places = [], []
    for frame in frames:
        scene().frame_set(frame)
        seen = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
        matrix = np.array(seen.matrix_world @ seen.pose.bones[bone].matrix if bone else seen.matrix_world)
        turns.append(
            rot.multiply(TURN, rot.from_matrix(matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)))
        )
        places.append(rot.rotate(TURN, matrix[:3, 3]))
    return np.array(turns), np.array(places)


def moved(clip):
    """Rotation since the first frame and its way, in world axes: the same whatever axes a bone has in a file."""
    turns, places = clip
    return rot.multiply(turns, rot.inverse(turns[:1])), places - places[:1]


def check(path, node, obj, bone, frames):
    time_s = (np.array(frames) - frames[0]) / 24.0
    if path.suffix == ".fbx":  # its clip keeps the scene's frames
        time_s = np.array(frames) / 24.0
    turned, way = moved(READERS[path.suffix](path, node, time_s))
    wanted, wanted_way = moved(shown(obj, bone, frames))
    assert np.degrees(rot.angle_between(turned, wanted)).max() < 0.1
    np.testing.assert_allclose(way, wanted_way, atol=5e-4)
    assert np.degrees(rot.angle_between(wanted, wanted[:1])).max() > 5


def walking():
    """A rig with its own action, a constraint, a moving object and a shown take; the head is unkeyed in part."""
    obj, _ = posed("armature", "XYZ", "active")
    head = obj.pose.bones["head"]
    lean = head.constraints.new("COPY_ROTATION")
    lean.target, lean.subtarget, lean.mix_mode, lean.influence = obj, "torso", "ADD", 0.5
    lean.owner_space = lean.target_space = "LOCAL"
    for frame, x in ((1, 0.0), (40, 1.0)):
        obj.location.x = x
        obj.rotation_euler.z = x
        obj.keyframe_insert("location", frame=frame)
        obj.keyframe_insert("rotation_euler", frame=frame)
    skinned(obj)
    scene().frame_start, scene().frame_end = 1, 40
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=4)
    return obj


@pytest.mark.parametrize("preset", CHARACTERS)
def test_the_clip_is_what_the_viewport_shows(extension, tmp_path, preset):
    obj = walking()
    scene().frame_set(7)
    found = {key: repr(value) for key, value in dump(obj).items()}
    ids = {
        kind: sorted(each.name for each in getattr(bpy.data, kind))
        for kind in ("objects", "meshes", "armatures", "actions", "scenes")
    }
    path = tmp_path / f"hello ü{CHARACTERS[preset].suffix}"
    export_character(obj, path, preset, first=1, last=40)
    assert {key: repr(value) for key, value in dump(obj).items()} == found
    assert {kind: sorted(each.name for each in getattr(bpy.data, kind)) for kind in ids} == ids
    check(path, "head", obj, "head", list(range(1, 41, 3)))
    check(path, "neck", obj, "neck", list(range(1, 41, 3)))


@pytest.mark.parametrize("preset", CHARACTERS)
def test_an_object_without_bones(extension, tmp_path, preset):
    obj = plain_object()
    obj.data.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    scene().frame_start, scene().frame_end = 1, 35
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    path = tmp_path / f"cube{CHARACTERS[preset].suffix}"
    export_character(obj, path, preset, first=1, last=35)
    check(path, "Head", obj, "", list(range(1, 36, 2)))


def test_what_belongs_to_a_character(extension):
    obj = bust()
    skin = skinned(obj)
    eye = plain_object()
    eye.parent = skin
    other = plain_object()
    assert parts_of(obj) == [skin, eye] or set(parts_of(obj)) == {skin, eye}
    assert other not in parts_of(obj)


@pytest.mark.parametrize("preset", CHARACTERS)
def test_the_operators(extension, tmp_path, preset):
    obj = walking()
    bpy.context.view_layer.objects.active = obj
    path = tmp_path / f"take{CHARACTERS[preset].suffix}"
    operator = getattr(bpy.ops.mannerism, f"export_character_{preset}")  # type: ignore[attr-defined]
    assert operator(filepath=str(path)) == {"FINISHED"}
    check(path, "head", obj, "head", [1, 10, 20, 30])


def test_bones_in_quaternions_keep_their_hemisphere(extension, tmp_path):
    obj = bust()
    for frame, angle in ((1, 0.0), (20, 3.0), (40, 6.2)):
        key_pose(obj.pose.bones["torso"], frame, rot.from_rotvec(np.array([0.0, angle, 0.0])))
    skinned(obj)
    add_take(obj, nodding(1.25), line="hello", seed=1, start_frame=1)
    export_character(obj, tmp_path / "turn.glb", "gltf", first=1, last=40)
    check(tmp_path / "turn.glb", "head", obj, "head", list(range(1, 41, 3)))


def test_shape_keys_move_in_the_file(extension, tmp_path):
    """The mouth of the mesh goes from shut to 0.8."""
    obj = walking()
    export_character(obj, tmp_path / "face.glb", "gltf", first=1, last=40)
    weights = glb_weights(tmp_path / "face.glb")
    assert weights.min() == pytest.approx(0.0, abs=1e-3)
    assert weights.max() == pytest.approx(0.8, abs=1e-3)
