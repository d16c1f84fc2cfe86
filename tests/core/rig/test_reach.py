"""A motion is found that brings the head of a posed rig into a pose, whoever of neck and head made that pose."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.rig import Base, Joint, Rig, modes
from mannerism.core.rig.reach import at_share, reached
from mannerism.core.rig.retarget import retarget


def turns(rng, size):
    return rot.from_rotvec(rng.normal(size=3) * size)


def whole(rig, channels):
    """Rotation matrix of the head against its rest, by the rotations of neck and head: written out once more."""
    made = np.eye(3)
    for joint in (*rig.neck, rig.head):
        rest = rot.to_matrix(joint.rest)
        made = made @ rest @ rot.to_matrix(channels[joint.name]) @ rest.T
    return made


def shown(rig, bases, rotation, share):
    """Rotations of the joints with a motion on top of their bases."""
    motion = HeadMotion(np.zeros(1), rotation[None], np.zeros((1, 3)))
    layer = {
        c.joint: c.values
        for c in retarget(motion, rig, bases, neck_share=share).channels
        if c.attribute != "location"
    }
    made = {}
    for joint in (*rig.neck, rig.head):
        added = layer.get(joint.name)
        base = bases[joint.name].channels
        if added is None:
            made[joint.name] = modes.to_quaternion(joint.mode, base)[0]
        elif joint.mode == "QUATERNION":
            made[joint.name] = rot.multiply(base, added)[0]
        else:
            made[joint.name] = modes.to_quaternion(joint.mode, base + added)[0]
    return made


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "AXIS_ANGLE"])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_head_gets_there(mode, share, seed):
    rng = np.random.default_rng(seed)
    neck, head = (Joint(name, mode, rest=turns(rng, 1.0)) for name in ("neck", "head"))
    rig = Rig(head, (neck,), turns(rng, 1.0))
    size = 3 if mode == "XYZ" else 4
    bases, pose = {}, {}
    for joint in (neck, head):
        own = (
            modes.difference(mode, turns(rng, 0.4)[None], np.zeros((1, size)))
            if mode != "QUATERNION"
            else turns(rng, 0.4)[None]
        )
        bases[joint.name] = Base(own, np.tile(rot.IDENTITY, (1, 1)))
        pose[joint.name] = rot.multiply(modes.to_quaternion(mode, own), turns(rng, 0.2))
    found = reached(rot.IDENTITY[None], rig, bases, pose, share)[0]
    made = shown(rig, bases, found, share)
    wanted = whole(rig, {name: each[0] for name, each in pose.items()})
    np.testing.assert_allclose(whole(rig, made), wanted, atol=1e-6)


def test_a_locked_head_comes_as_near_as_it_can():
    head = Joint("head", "XYZ", locked_rotation=(False, True, True))
    rig = Rig(head, (), rot.IDENTITY)
    base = {"head": Base(np.zeros((1, 3)), np.tile(rot.IDENTITY, (1, 1)))}
    wanted = {"head": rot.from_rotvec(np.array([[0.2, 0.1, 0.0]]))}
    found = reached(rot.IDENTITY[None], rig, base, wanted, 0.0)[0]
    assert np.isfinite(found).all()
    assert rot.to_rotvec(found)[0] == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "AXIS_ANGLE"])
def test_several_poses_with_another_share_of_the_neck(mode):
    rng = np.random.default_rng(5)
    neck, head = (Joint(name, mode, rest=turns(rng, 1.0)) for name in ("neck", "head"))
    rig = Rig(head, (neck,), turns(rng, 1.0))
    count, size = 7, 3 if mode == "XYZ" else 4
    own = np.array([turns(rng, 0.5) for _ in range(2 * count)])
    channels = own if mode == "QUATERNION" else modes.difference(mode, own, np.zeros((2 * count, size)))
    level = np.tile(rot.IDENTITY, (count, 1))
    bases = {"neck": Base(channels[:count], level), "head": Base(channels[count:], level)}
    rotation = np.array([turns(rng, 0.3) for _ in range(count)])
    found = at_share(rotation, rig, bases, 0.2, 0.9)
    assert np.abs(found - rotation).max() > 0.01
    for i in range(count):
        one = {name: Base(base.channels[i : i + 1], base.above[i : i + 1]) for name, base in bases.items()}
        before, after = (
            whole(rig, shown(rig, one, turn[i], share)) for turn, share in ((rotation, 0.2), (found, 0.9))
        )
        np.testing.assert_allclose(after, before, atol=1e-6)
