"""What Blender does not evaluate: hidden characters are read as if they were shown, or it is said why they cannot be."""

from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.bridge.bake import bake
from mannerism.bridge.character_file import export_character
from mannerism.bridge.layer_motion import layer_motion
from mannerism.bridge.rig_check import check_rig
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.errors import RigError
from mannerism.core.motion import HeadMotion
from mannerism.tests.support.moving_jaw import skinned_human
from mannerism.tools.synthetic.characters import degrees, nodding, pose_at
from mannerism.tools.synthetic.clips import glb_clip
from mannerism.tools.synthetic.humans import human, skin_on

FRAMES = range(1, 60, 9)
MOTION = nodding(2.0, 4)
TURN = np.array([1.0, -1.0, 0.0, 0.0]) / np.sqrt(2.0)  # from Z up to Y up: −90° about X

pytestmark = pytest.mark.usefixtures("extension")


def scene() -> Any:
    return bpy.context.scene


@pytest.fixture
def hero():
    obj = skinned_human()
    head = obj.pose.bones["head"]
    head.rotation_mode = "XYZ"
    for frame, value in ((1, 0.0), (30, 0.5), (60, -0.3)):
        head.rotation_euler[1] = value
        head.keyframe_insert("rotation_euler", frame=frame)
    scene().frame_end = 60
    return obj


def everything():
    return list(scene().objects)


def hide(how):
    """All of a character: by its switches, by their animation, or with its collection."""
    for each in everything():
        if how == "switch":
            each.hide_viewport = True
        if how == "animated":
            for frame, value in ((1, True), (40, False)):
                each.hide_viewport = value
                each.keyframe_insert("hide_viewport", frame=frame)
    if how == "collection":
        place = bpy.data.collections.new("hidden")
        scene().collection.children.link(place)
        for each in everything():
            place.objects.link(each)
            scene().collection.objects.unlink(each)
        place.hide_viewport = True
    scene().frame_set(1)


def show():
    for each in everything():
        if each.animation_data and each.animation_data.action:
            bags = [b for y in each.animation_data.action.layers for s in y.strips for b in s.channelbags]
            for bag in bags:
                for curve in [each for each in bag.fcurves if each.data_path == "hide_viewport"]:
                    bag.fcurves.remove(curve)
        each.hide_viewport = False


def turns(obj):
    return {frame: pose_at(obj, "head", frame)[0] for frame in FRAMES}


@pytest.mark.parametrize("how", ["switch", "animated", "collection"])
def test_a_layer_on_a_hidden_rig_is_read_and_measured(hero, how):
    hide(how)
    layer = add_take(hero, MOTION, line="hello", seed=1, start_frame=1)
    assert layer.notes == ()
    found = layer_motion(hero, layer.name)
    wanted = MOTION.at(found.time_s)
    assert max(degrees(a, b) for a, b in zip(found.rotation, wanted.rotation, strict=True)) < 0.1
    assert check_rig(hero).is_right


@pytest.mark.parametrize("how", ["switch", "animated"])
def test_bake_of_a_hidden_rig(hero, how):
    add_take(hero, MOTION, line="hello", seed=1, start_frame=1)
    wanted = turns(hero)
    hide(how)
    baked = bake(hero)
    assert baked.degrees < 0.12
    hidden = [each.hide_viewport for each in everything()]
    assert all(hidden)
    show()
    found = turns(hero)
    assert max(degrees(found[frame], wanted[frame]) for frame in FRAMES) < 0.12


@pytest.mark.parametrize("how", ["switch", "animated"])
def test_a_hidden_character_as_a_file(hero, how, tmp_path):
    add_take(hero, MOTION, line="hello", seed=1, start_frame=1)
    wanted = [pose_at(hero, "head", frame)[0] for frame in range(1, 61)]
    hide(how)
    export_character(hero, tmp_path / "hero.glb", "gltf", first=1, last=60)
    found, _ = glb_clip(tmp_path / "hero.glb", "head", np.arange(60) / scene().render.fps)
    world = rot.multiply(TURN, np.array(wanted))
    apart = rot.multiply(rot.inverse(world), found)
    assert np.degrees(rot.angle_between(apart, apart[:1])).max() < 0.1


@pytest.mark.parametrize("how", ["collection", "edit", "rest"])
def test_what_cannot_be_read_is_said(hero, how, tmp_path):
    add_take(hero, MOTION, line="hello", seed=1, start_frame=1)
    if how == "edit":
        bpy.ops.object.mode_set(mode="EDIT")
    if how == "rest":
        hero.data.pose_position = "REST"
    if how == "collection":
        hide(how)
    why = {"collection": "not in the view layer", "edit": "Edit Mode", "rest": "Rest Position"}[how]
    with pytest.raises(RigError, match=why):
        bake(hero)
    with pytest.raises(RigError, match=why):
        export_character(hero, tmp_path / "hero.glb", "gltf", first=1, last=60)
    assert not hero.animation_data.nla_tracks[-1].mute


@pytest.mark.parametrize("how", ["Edit Mode", "Rest Position"])
def test_a_layer_on_a_rig_that_shows_no_pose_is_no_fault_of_its_constraints(hero, how):
    if how == "Edit Mode":
        bpy.ops.object.mode_set(mode="EDIT")
    else:
        hero.data.pose_position = "REST"
    (note,) = add_take(hero, MOTION, line="hello", seed=1, start_frame=1).notes
    assert how in note
    with pytest.raises(RigError, match=how):
        check_rig(hero)


def test_a_bone_without_local_location_shifts_along_its_parents_axes():
    obj = human()
    bpy.ops.object.mode_set(mode="EDIT")
    obj.data.edit_bones["chest"].roll = 0.8
    obj.data.edit_bones["neck"].use_local_location = False
    bpy.ops.object.mode_set(mode="OBJECT")
    skin_on(obj, head=1.66, chest=1.3)
    np.testing.assert_allclose(check_rig(obj).shift_mm, (30.0, 20.0, 40.0), atol=0.1)
    scene().frame_set(1)
    rest = pose_at(obj, "head", 1)[1]
    still = np.tile(rot.IDENTITY, (25, 1))
    shift = np.tile([0.03, 0.0, 0.0], (25, 1))
    nla.add_layer(obj, HeadMotion(np.arange(25) / 24, still, shift), name="shift", start_frame=1)
    moved = pose_at(obj, "head", 10)[1] - rest
    assert abs(moved[0]) > 0.02
    assert max(abs(moved[1]), abs(moved[2])) < 1e-5
