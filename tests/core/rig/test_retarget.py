"""Motions put on rigs compose to themselves, whatever the bones' axes, modes and locks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.rig import Base, Joint, Rig, modes
from mannerism.core.rig.retarget import retarget

EULER_ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
MODES = ("QUATERNION", "AXIS_ANGLE", *EULER_ORDERS)


def nodding(count=60, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(count) / 30
    waves = [np.sin(2 * np.pi * (rng.uniform(0.2, 1.2, 6) * t[:, None] + rng.random(6)))]
    angles, shift = 0.35 * waves[0][:, :3], 0.02 * waves[0][:, 3:]
    return HeadMotion(t, rot.continuous(rot.from_euler(*angles.T)), shift)


def random_rotation(rng, count=None):
    return rot.normalize(rng.normal(size=4 if count is None else (count, 4)))


def at_rest(mode, count):
    return Base(np.tile(modes.DEFAULTS[modes.attribute(mode)], (count, 1)), np.tile(rot.IDENTITY, (count, 1)))


def evaluated(joint, base, curves):
    """The joint's own rotation as Blender's NLA combines it; and its rotation without the layer."""
    before = modes.to_quaternion(joint.mode, base.channels)
    found = [c for c in curves.channels if c.joint == joint.name and c.attribute.startswith("rotation")]
    if not found:
        return before, before
    (channel,) = found
    if joint.mode == "QUATERNION":
        lower = rot.multiply(before, rot.inverse(base.above))
        return rot.multiply(lower, rot.multiply(channel.values, base.above)), before
    total = base.channels.copy()
    total[:, channel.index] += (
        channel.values - np.array(modes.DEFAULTS[channel.attribute])[list(channel.index)]
    )
    return modes.to_quaternion(joint.mode, total), before


@pytest.mark.slow
@given(
    mode=st.sampled_from(MODES),
    necks=st.integers(0, 3),
    follow=st.sampled_from([0.0, 0.4, 1.0]),
    share=st.floats(0, 1),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_the_head_moves_as_told_relative_to_the_chest(mode, necks, follow, share, seed):
    motion, rng = nodding(seed=seed), np.random.default_rng(seed)
    *neck, head = (Joint(f"b{i}", mode, random_rotation(rng), follow) for i in range(necks + 1))
    rig = Rig(head, tuple(neck), random_rotation(rng))
    bases = {joint.name: at_rest(mode, 60) for joint in (*neck, head)}
    curves = retarget(motion, rig, bases, neck_share=share)

    def turned(joint):
        """Rotation about the armature's axes."""
        own = evaluated(joint, bases[joint.name], curves)[0]
        return rot.multiply(joint.rest, rot.multiply(own, rot.inverse(joint.rest)))

    world = np.tile(rot.IDENTITY, (60, 1))
    for joint in neck:
        world = rot.multiply(world, rot.power(turned(joint), follow))
    world = rot.multiply(world, turned(head))
    expected = rot.multiply(rig.axes, rot.multiply(motion.rotation, rot.inverse(rig.axes)))
    assert rot.angle_between(world, expected).max() < 1e-6


@given(mode=st.sampled_from(MODES), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_on_a_posed_bone_the_result_is_base_times_delta(mode, seed):
    rng = np.random.default_rng(seed)
    motion, joint = nodding(seed=seed), Joint("head", mode, random_rotation(rng))
    channels = rng.uniform(-2, 2, (1, len(modes.DEFAULTS[modes.attribute(mode)])))
    channels = channels + np.linspace(0, 0.5, 60)[:, None]
    above = random_rotation(rng, 60) if mode == "QUATERNION" else np.tile(rot.IDENTITY, (60, 1))
    bases = {"head": Base(channels, above)}
    result, before = evaluated(joint, bases["head"], retarget(motion, Rig(joint, (), rot.IDENTITY), bases))
    delta = rot.multiply(rot.inverse(joint.rest), rot.multiply(motion.rotation, joint.rest))
    assert rot.angle_between(result, rot.multiply(before, delta)).max() < 1e-6


@pytest.mark.parametrize("order", EULER_ORDERS)
def test_added_angles_do_not_jump(order):
    """The base turns twice, beyond where arc tangents wrap."""
    turning = np.zeros((200, 3))
    turning[:, "XYZ".index(order[0])] = np.linspace(0, 4 * np.pi, 200)
    goal = rot.multiply(modes.to_quaternion(order, turning), rot.from_rotvec([[0.1, 0.05, 0.02]]))
    added = modes.difference(order, goal, turning)
    assert rot.angle_between(modes.to_quaternion(order, turning + added), goal).max() < 1e-6
    assert np.abs(added).max() < 0.2


def test_added_axis_and_angle_do_not_flip_at_rest():
    base = np.tile(modes.DEFAULTS["rotation_axis_angle"], (200, 1))
    goal = rot.from_rotvec(np.linspace(-0.3, 0.3, 200)[:, None] * [[0.6, 0.0, 0.8]])
    total = base + modes.difference("AXIS_ANGLE", goal, base)
    assert rot.angle_between(modes.to_quaternion("AXIS_ANGLE", total), goal).max() < 1e-6
    assert np.abs(np.diff(total, axis=0)).max() < 0.01


@pytest.mark.parametrize("mode", MODES)
def test_locked_axes_are_left_alone_and_named(mode):
    joint = Joint("head", mode, locked_rotation=(False, True, False), locked_location=(True, False, False))
    base = at_rest(mode, 60)
    curves = retarget(nodding(), Rig(joint, (), rot.IDENTITY), {"head": base})
    own = evaluated(joint, base, curves)[0]
    order = "XYZ" if mode in modes.ATTRIBUTES else mode
    angles = modes.difference(order, own, np.zeros((60, 3)))
    assert np.abs(angles[:, 1]).max() < 1e-9
    assert np.abs(angles[:, [0, 2]]).max() > 0.1
    assert [channel.attribute for channel in curves.channels] == [modes.attribute(mode)]
    assert "locked" in curves.notes[0]
    assert "does not shift" in curves.notes[1]


def test_a_locked_neck_leaves_all_to_the_head():
    neck = Joint("neck", "QUATERNION", locked_rotation=(True, True, True), connected=True)
    rig = Rig(Joint("head", "QUATERNION"), (neck,), rot.IDENTITY)
    bases = {name: at_rest("QUATERNION", 60) for name in ("neck", "head")}
    rotation, location = retarget(nodding(), rig, bases).channels
    assert (rotation.joint, location.joint) == ("head", "head")
    assert rot.angle_between(rotation.values, nodding().rotation).max() < 1e-9
    np.testing.assert_allclose(location.values, nodding().translation_m, atol=1e-12)


def test_a_head_on_a_turned_neck_still_shifts_along_the_chests_axes():
    """The neck is connected and cannot move, so the head does, expected in axes that the neck has turned."""
    rng, motion = np.random.default_rng(4), nodding()
    neck = Joint("neck", "QUATERNION", random_rotation(rng), connected=True)
    head = Joint("head", "QUATERNION", random_rotation(rng))
    rig = Rig(head, (neck,), random_rotation(rng), units_per_m=3.0)
    bases = {name: at_rest("QUATERNION", 60) for name in ("neck", "head")}
    curves = retarget(motion, rig, bases, neck_share=0.5)
    channels = {(channel.joint, channel.attribute): channel.values for channel in curves.channels}
    assert ("neck", "location") not in channels
    turned = rot.multiply(
        neck.rest, rot.multiply(channels["neck", "rotation_quaternion"], rot.inverse(neck.rest))
    )
    shift = rot.rotate(turned, rot.rotate(head.rest, channels["head", "location"]))
    np.testing.assert_allclose(shift, 3.0 * rot.rotate(rig.axes, motion.translation_m), atol=1e-9)
    assert curves.notes == ("Bone “head” takes the shift, since what is below it is connected or locked",)
