"""The head motion that brings the head of a posed rig into a pose, however the neck shares in it."""

from collections.abc import Mapping

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..types import Array
from . import modes
from .retarget import Base, Rig, retarget

_ROUNDS = 20
_NEAR = 1e-9
_STEP = 1e-4


def reached(
    guess: Array, rig: Rig, bases: Mapping[str, Base], pose: Mapping[str, Array], neck_share: float
) -> Array:
    """The rotation (4,) of a motion whose `retarget` turns the head as the joints of a pose do together.

    On a rig at rest the guess, as `recover` reads it of the pose, does so itself; on a posed one turns of neck and head
    do not commute, and it matters who makes them. By Newton's method with differences for derivatives; what comes nearest
    is returned where locks keep the head from the pose.

    guess : (4,)
    bases : the animator's pose of each joint at that time, (1, k), by name
    pose : (1, 4) rotation of each joint's own channels, as unit quaternions, by name
    neck_share : as in `retarget`
    """
    wanted = _whole(rig, pose)[0]
    four = {
        name: Base(base.channels.repeat(4, axis=0), base.above.repeat(4, axis=0))
        for name, base in bases.items()
    }
    vector = rot.to_rotvec(guess)
    best, least = vector, np.inf
    for _ in range(_ROUNDS):
        tried = vector + np.vstack([np.zeros(3), _STEP * np.eye(3)])
        motion = HeadMotion(np.arange(4.0), rot.from_rotvec(tried), np.zeros((4, 3)))
        whole = _whole(rig, _turned(motion, rig, four, neck_share))
        left = rot.to_rotvec(rot.multiply(rot.inverse(whole), wanted))
        if (away := float(np.abs(left[0]).max())) < least:
            best, least = vector, away
        if away < _NEAR:
            break
        slope = (left[1:] - left[0]).T / _STEP
        vector = vector - np.linalg.lstsq(slope, left[0], rcond=1e-6)[0]
    return rot.from_rotvec(best)


def _turned(motion: HeadMotion, rig: Rig, bases: Mapping[str, Base], neck_share: float) -> dict[str, Array]:
    """Rotations of the joints' own channels, by name, with the motion on top of the animator's pose."""
    curves = retarget(motion, rig, bases, neck_share=neck_share)
    layers = {c.joint: c for c in curves.channels if c.attribute != "location"}
    found = {}
    for joint in (*rig.neck, rig.head):
        base, channel = bases[joint.name], layers.get(joint.name)
        layer = np.tile(modes.DEFAULTS[modes.attribute(joint.mode)], (len(motion.time_s), 1))
        if channel is not None:
            layer[:, channel.index] = channel.values
        if joint.mode == "QUATERNION":
            below = rot.multiply(base.channels, rot.inverse(base.above))
            found[joint.name] = rot.multiply(below, rot.multiply(layer, base.above))
        else:
            found[joint.name] = modes.to_quaternion(joint.mode, base.channels + layer)
    return found


def _whole(rig: Rig, pose: Mapping[str, Array]) -> Array:
    """Rotation (T, 4) of the head against its rest, along the axes of the rig."""
    whole: Array = rot.IDENTITY
    for joint in (*rig.neck, rig.head):
        own = rot.multiply(joint.rest, rot.multiply(pose[joint.name], rot.inverse(joint.rest)))
        whole = rot.multiply(whole, own if joint is rig.head else rot.power(own, joint.follow))
    return whole
