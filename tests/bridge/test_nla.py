"""What layers of head motion show, on rigs and objects of all kinds."""

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.bridge.rig import read_rig
from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.rig import RigMap
from mannerism.tools.synthetic.characters import (
    FRAMES,
    MODES,
    MOTION,
    RIGS,
    degrees,
    dump,
    expected_motion,
    pose_at,
    posed,
    set_mode,
)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", RIGS)
def test_the_head_moves_as_told(kind, mode):
    build, head, left, up = RIGS[kind]
    obj = build()
    for owner in obj.pose.bones if obj.pose else (obj,):
        set_mode(owner, mode)
    rest = {frame: pose_at(obj, head, frame) for frame in FRAMES}
    before = dump(obj)
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
    assert layer.notes == ()
    moved = 0.0
    for frame in FRAMES:
        turn, _ = expected_motion(frame, np.array(left, float), np.array(up, float))
        rotation = pose_at(obj, head, frame)[0]
        assert degrees(rotation, rot.multiply(turn, rest[frame][0])) < 0.05
        moved = max(moved, degrees(rotation, rest[frame][0]))
    assert moved > 5
    assert degrees(pose_at(obj, head, 45)[0], rest[1][0]) < 1e-3  # the layer has ended
    bpy.context.scene.frame_set(1)
    nla.remove_layer(obj, layer)
    assert dump(obj) == before


@pytest.mark.slow
def test_a_generated_rigify_rig_and_its_meta_rig(rigify):
    generated, meta = rigify
    for obj, head in ((generated, "DEF-spine.006"), (meta, "spine.006")):
        rest = pose_at(obj, head, 7)
        layer = nla.add_layer(obj, MOTION, name="take", start_frame=1)
        for frame in FRAMES:
            turn, _ = expected_motion(frame, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
            rotation, _ = pose_at(obj, head, frame)
            assert degrees(rotation, rot.multiply(turn, rest[0])) < 0.05
        nla.remove_layer(obj, layer)


@pytest.mark.slow
@pytest.mark.parametrize("follow", [0.0, 0.4, 1.0])
def test_rigify_head_follow_is_taken_into_account(rigify, follow):
    obj, _ = rigify
    obj.pose.bones["torso"]["head_follow"] = follow
    obj.update_tag()
    rest = pose_at(obj, "head", 7)[0]
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    for frame in FRAMES:
        turn, _ = expected_motion(frame, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
        assert degrees(pose_at(obj, "head", frame)[0], rot.multiply(turn, rest)) < 0.05


def test_displacement_is_told_in_heads():
    """24 cm of head to a head of 24 cm; about as much to a Mixamo rig of centimetres in an object of 0.01."""
    for kind in ("bust", "mixamo"):
        build, head, left, up = RIGS[kind]
        obj = build()
        still = HeadMotion(
            MOTION.time_s, np.tile(rot.IDENTITY, (len(MOTION.time_s), 1)), MOTION.translation_m
        )
        rest = {frame: pose_at(obj, head, frame)[1] for frame in FRAMES}
        nla.add_layer(obj, still, name="take", start_frame=1, translation_scale=2.0)
        for frame in FRAMES:
            shift = expected_motion(frame, np.array(left, float), np.array(up, float))[1]
            moved = pose_at(obj, head, frame)[1] - rest[frame]
            np.testing.assert_allclose(moved, 2.0 * shift, rtol=0.2 if kind == "mixamo" else 1e-7, atol=2e-5)


@pytest.mark.parametrize("mode", ["QUATERNION", "AXIS_ANGLE", "XYZ", "YXZ"])
@pytest.mark.parametrize("kind", ["armature", "object"])
@pytest.mark.parametrize("stack", ["active", "pose", "tracks", "tracks under active", "tracks combined"])
def test_the_result_is_the_animators_pose_times_the_motion(kind, mode, stack):
    obj, head = posed(kind, mode, stack)
    rig_map = RigMap("head") if head else None
    owner = obj.pose.bones[head] if head else obj

    def evaluated(frame):
        rotation, _ = pose_at(obj, head, frame)
        return rotation, np.array(owner.location)

    before = {frame: evaluated(frame) for frame in (*FRAMES, 45)}
    bpy.context.scene.frame_set(7)
    found = dump(obj)
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1, rig_map=rig_map)
    rig = read_rig(obj, rig_map)
    to_joint = rot.multiply(rot.inverse(rig.head.rest), rig.axes)
    for frame in FRAMES:
        told_at = MOTION.at([(frame - 1) / 24])
        delta = rot.multiply(to_joint, rot.multiply(told_at.rotation[0], rot.inverse(to_joint)))
        shift = rot.rotate(to_joint, told_at.translation_m[0]) * rig.units_per_m
        rotation, location = evaluated(frame)
        base, base_location = before[frame]
        assert degrees(rotation, rot.multiply(base, delta)) < 0.05
        shift = shift if head else rot.rotate(base, shift)  # an object's location is expressed outside it
        np.testing.assert_allclose(location - base_location, shift, atol=1e-5)
    after = evaluated(45)
    assert degrees(after[0], before[45][0]) < 0.05  # the layer has ended
    np.testing.assert_allclose(after[1], before[45][1], atol=1e-6)
    nla.track_of(obj, layer).mute = True
    for frame in FRAMES:
        assert degrees(pose_at(obj, head, frame)[0], before[frame][0]) < 0.01
    bpy.context.scene.frame_set(7)
    nla.remove_layer(obj)
    bpy.context.scene.frame_set(7)
    assert dump(obj) == found
