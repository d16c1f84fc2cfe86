"""Baked layers: the same picture, few keys, and the animator's action as it was."""

from typing import Any

import bpy
import numpy as np
import pytest

from mannerism.bridge.bake import bake
from mannerism.bridge.layer_tracks import LAYER, marked
from mannerism.bridge.nla import track_of
from mannerism.bridge.takes import add_take
from mannerism.core.errors import RigError
from mannerism.core.rig.decimate import decimate, moved_by
from mannerism.tools.synthetic.characters import curves_of, degrees, nodding, pose_at, posed

FRAMES = range(1, 61, 3)


def scene() -> Any:
    return bpy.context.scene


def heads(obj, bone):
    return {frame: pose_at(obj, bone, frame) for frame in FRAMES}


def far(one, other):
    turned = max(degrees(one[f][0], other[f][0]) for f in one)
    return turned, max(float(np.linalg.norm(one[f][1] - other[f][1])) for f in one) * 1000


def take(obj, seed=1):
    scene().frame_end = 60
    return add_take(obj, nodding(1.8, seed), line="hello", seed=seed, start_frame=5)


@pytest.mark.parametrize("mode", ["QUATERNION", "AXIS_ANGLE", "XYZ", "ZXY"])
@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("stack", ["rest", "pose", "active", "tracks", "tracks under active"])
@pytest.mark.parametrize("remove", [False, True])
def test_the_viewport_shows_the_same(extension, kind, mode, stack, remove):
    obj, bone = posed(kind, mode, stack)
    take(obj)
    before = heads(obj, bone)
    own = obj.animation_data.action
    kept = {action.name: curves_of(action) for action in bpy.data.actions if not action.get(LAYER)}
    baked = bake(obj, remove=remove)
    turned, moved = far(heads(obj, bone), before)
    assert turned < 0.12
    assert moved < 0.3
    assert baked.degrees < 0.12
    assert baked.millimetres < 0.3
    assert len(marked(obj, LAYER)) == (0 if remove else 1)
    for name, curves in kept.items():
        if not name.startswith("Pose under"):
            assert curves_of(bpy.data.actions[name]) == curves
    if own:
        assert own.use_fake_user
        assert obj.animation_data.action != own
    assert baked.keys < 120  # of 180, one a frame for two rotations and a location, in motion of up to 1.2 Hz
    if not remove:  # the take comes back when the animator shows it, and goes again
        for track, _ in marked(obj, LAYER):
            track.mute = False
        bpy.context.view_layer.update()
        assert far(heads(obj, bone), before)[0] > 1
        for track, _ in marked(obj, LAYER):
            track.mute = True
        assert far(heads(obj, bone), before)[0] < 0.12


def test_constraints_count(extension):
    obj, _ = posed("armature", "XYZ", "active")
    head = obj.pose.bones["head"]
    turn = head.constraints.new("COPY_ROTATION")
    turn.target, turn.subtarget, turn.mix_mode = obj, "torso", "ADD"
    turn.owner_space = turn.target_space = "LOCAL"
    take(obj)
    before = heads(obj, "head")
    baked = bake(obj)
    assert turn.mute  # it would act twice
    assert any("Copy Rotation" in note for note in baked.notes)
    assert far(heads(obj, "head"), before)[0] < 0.12


def test_a_limit_that_acts_the_same_again_stays(extension):
    obj, _ = posed("armature", "XYZ", "rest")
    limit = obj.pose.bones["head"].constraints.new("LIMIT_ROTATION")
    limit.use_limit_x, limit.min_x, limit.max_x, limit.owner_space = True, -0.05, 0.05, "LOCAL"
    take(obj)
    before = heads(obj, "head")
    bake(obj)
    assert far(heads(obj, "head"), before)[0] < 0.12


def test_a_looser_error_takes_fewer_keys(extension):
    counts = []
    for limit in (0.02, 0.1, 1.0):
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
        obj, _ = posed("armature", "QUATERNION", "rest")
        take(obj)
        counts.append(bake(obj, degrees=limit).keys)
    assert counts[0] > counts[1] > counts[2]


def test_nothing_shown_is_refused(extension):
    obj, _ = posed("armature", "XYZ", "rest")
    take(obj)
    marked(obj, LAYER)[0][0].mute = True
    with pytest.raises(RigError, match="shows no layer"):
        bake(obj)


def test_the_operator_says_what_it_did(extension):
    obj, bone = posed("armature", "XYZ", "active")
    take(obj)
    bpy.context.view_layer.objects.active = obj
    before = heads(obj, bone)
    assert getattr(bpy.ops, "mannerism").bake(angle=np.radians(0.5), remove=True) == {"FINISHED"}  # noqa: B009
    assert far(heads(obj, bone), before)[0] < 0.6
    assert not marked(obj, LAYER)


def test_a_curve_is_met_within_the_limit_at_each_frame():
    frames = np.arange(200.0)
    values = np.stack([np.sin(frames / 9), np.where(frames < 90, 0.0, 1.0)], axis=1)
    keys = decimate(frames, values, moved_by(), 0.01)
    assert np.abs(keys.at(frames) - values).max() < 0.0101
    assert len(keys.frames) < 80
    flat = decimate(frames, np.ones((200, 2)), moved_by(), 0.01)
    assert len(flat.frames) == 1
    np.testing.assert_array_equal(flat.at(frames), 1.0)


def test_with_the_nla_off_nothing_is_baked(extension):
    obj, _ = posed("armature", "XYZ", "pose")
    take(obj)
    obj.animation_data.use_nla = False
    with pytest.raises(RigError, match="NLA of “Rig” is off"):
        bake(obj)
    assert not obj.animation_data.nla_tracks[-1].mute


def test_a_soloed_take_is_not_baked_without_what_lies_below(extension):
    obj, _ = posed("armature", "XYZ", "active")
    layer = take(obj)
    track_of(obj, layer).is_solo = True
    with pytest.raises(RigError, match="soloed"):
        bake(obj)
    assert not track_of(obj, layer).mute
