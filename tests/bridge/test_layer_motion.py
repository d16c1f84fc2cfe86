"""The motion of a layer is read back as it is now, and is what was put on where nobody has edited it."""

from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge.layer_motion import layer_motion
from mannerism.bridge.layer_tracks import LAYER, curves_of, marked
from mannerism.bridge.takes import add_take, stored_motion
from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_motion
from mannerism.tools.synthetic.characters import MOTION, RIGS, degrees, nodding, posed, set_mode


def operators() -> Any:
    return getattr(bpy.ops, "mannerism")  # noqa: B009  unknown to the stubs


def take(obj, motion=MOTION, start=1, seed=1):
    return add_take(obj, motion, line="hello", seed=seed, start_frame=start)


def far(one, other):
    return max(degrees(a, b) for a, b in zip(one.rotation, other.rotation, strict=True))


def edit(obj, factor, group=""):
    """All rotation keys of the newest layer, or those of one bone, times a factor."""
    _, action = marked(obj, LAYER)[-1]
    for (path, index), curve in curves_of(action, action.slots[0]).items():
        if "rotation" in path and group in path:
            rest = 1.0 if "quaternion" in path and index == 0 else 0.0
            for key in curve.keyframe_points:
                key.co[1] = rest + (key.co[1] - rest) * factor
            curve.update()


@pytest.mark.parametrize("mode", ["QUATERNION", "AXIS_ANGLE", "XYZ", "YZX"])
@pytest.mark.parametrize("kind", RIGS)
def test_an_unedited_layer_is_what_was_generated(extension, kind, mode):
    obj = RIGS[kind][0]()
    for owner in obj.pose.bones if obj.pose else (obj,):
        set_mode(owner, mode)
    layer = take(obj)
    now = layer_motion(obj, layer.name)
    was = stored_motion(layer).at(now.time_s)
    assert far(now, was) < 0.01
    np.testing.assert_allclose(now.translation_m, was.translation_m, atol=1e-5)


@pytest.mark.parametrize("mode", ["QUATERNION", "AXIS_ANGLE", "XYZ"])
@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("stack", ["active", "pose", "tracks", "tracks under active", "tracks combined"])
def test_whatever_the_animator_has_below_is_not_in_it(extension, kind, mode, stack):
    obj, _ = posed(kind, mode, stack)
    layer = take(obj)
    now = layer_motion(obj, layer.name)
    was = stored_motion(layer).at(now.time_s)
    assert far(now, was) < 0.05
    np.testing.assert_allclose(now.translation_m, was.translation_m, atol=1e-4)


@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ"])
def test_edited_keys_and_influence_count(extension, kind, mode):
    obj, _ = posed(kind, mode, "rest")
    layer = take(obj)
    was = layer_motion(obj, layer.name)
    strip = marked(obj, LAYER)[0][0].strips[0]
    strip.use_animated_influence = True
    strip.fcurves[0].keyframe_points[0].co[1] = 0.5
    half = layer_motion(obj, layer.name)
    full, halved = (np.degrees(np.linalg.norm(rot.to_rotvec(each.rotation), axis=1)) for each in (was, half))
    np.testing.assert_allclose(halved, full / 2, atol=0.1 if mode == "QUATERNION" else 1.0)
    np.testing.assert_allclose(half.translation_m, was.translation_m / 2, atol=2e-3)
    strip.use_animated_influence = False
    edit(obj, 0.0)
    still = layer_motion(obj, layer.name)
    assert np.abs(still.rotation[:, 1:]).max() < 1e-5
    assert layer.name == marked(obj, LAYER)[0][1].name
    assert far(stored_motion(layer).at(was.time_s), was) < 0.05  # as it was generated is kept beside


def test_one_bone_edited(extension):
    obj, _ = posed("armature", "XYZ", "rest")
    layer = take(obj)
    edit(obj, 0.0, "neck")
    headed = layer_motion(obj, layer.name)
    edit(obj, 0.0, "head")
    assert np.abs(layer_motion(obj, layer.name).rotation[:, 1:]).max() < 1e-5
    assert np.abs(headed.rotation[:, 1:]).max() > 0.05


def test_a_moved_muted_and_stretched_strip(extension):
    obj, _ = posed("armature", "XYZ", "rest")
    layer = take(obj)
    was = layer_motion(obj, layer.name)
    track = marked(obj, LAYER)[0][0]
    track.mute = True
    track.strips[0].frame_start += 20
    track.strips[0].frame_end += 20
    assert far(layer_motion(obj, layer.name), was) < 0.01
    track.strips[0].scale = 2.0
    slow = layer_motion(obj, layer.name)
    assert len(slow.time_s) == 2 * (len(was.time_s) - 1) + 1
    assert max(degrees(a, b) for a, b in zip(slow.rotation[::2], was.rotation, strict=True)) < 0.01
    assert track.mute


def test_exports_follow_the_edit_and_as_generated_is_a_choice(extension, tmp_path):
    obj, _ = posed("armature", "QUATERNION", "rest")
    bpy.context.view_layer.objects.active = obj
    layer = take(obj, nodding(1.25, 3))
    edit(obj, 0.0)
    now, was = tmp_path / "now.csv", tmp_path / "was.csv"
    assert operators().export_csv(filepath=str(now)) == {"FINISHED"}
    assert operators().export_csv(filepath=str(was), as_generated=True) == {"FINISHED"}
    assert np.abs(read_motion(now).rotation[:, 1:]).max() < 1e-5
    generated = read_motion(was)
    assert far(generated, stored_motion(layer).at(generated.time_s)) < 0.05
    assert not any(name.startswith("stand-in") for name in bpy.data.scenes.keys())  # noqa: SIM118
    assert len(bpy.data.objects) == 1


def test_a_layer_whose_motion_was_taken_off_its_action_still_exports(extension):
    obj, _ = posed("armature", "XYZ", "rest")
    layer = take(obj, HeadMotion(MOTION.time_s, MOTION.rotation, MOTION.translation_m))
    del marked(obj, LAYER)[0][1]["mannerism_motion"]
    assert far(layer_motion(obj, layer.name), MOTION.at(layer_motion(obj, layer.name).time_s)) < 0.01


@pytest.mark.parametrize("how", ["solo", "NLA off", "solo of the take"])
@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ"])
def test_a_layer_that_does_not_show_is_read_as_it_would(extension, how, mode):
    """Another track is soloed, or the NLA is off: what else then does not count is no part of the layer."""
    obj, _ = posed("armature", mode, "tracks")
    data = obj.animation_data
    if how == "solo":
        lower = next(track for track in data.nla_tracks)
        other = data.nla_tracks.new()
        strip = other.strips.new("other", 1, lower.strips[0].action)
        strip.action_slot, strip.blend_type = lower.strips[0].action_slot, "COMBINE"
        other.is_solo = True
    if how == "NLA off":
        for track in data.nla_tracks:
            track.mute = True
        data.use_nla = False
    layer = take(obj)
    if how == "solo of the take":
        data.nla_tracks[-1].is_solo = True
    assert far(layer_motion(obj, layer.name), MOTION.at(layer_motion(obj, layer.name).time_s)) < 0.1
