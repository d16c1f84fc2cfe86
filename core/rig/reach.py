"""The head motion that brings the head of a posed rig into a pose, however the neck shares in it."""

from collections.abc import Mapping

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..types import Array
from . import modes
from .retarget import Base, Rig, retarget

_ROUNDS = 20
_NEAR = 1e-7
_STEP = 1e-4


def reached(
    guess: Array, rig: Rig, bases: Mapping[str, Base], pose: Mapping[str, Array], neck_share: float
) -> Array:
    """The rotations (P, 4) of motions whose `retarget` turns the head as the joints of poses do together.

    On a rig at rest the guess, as `recover` reads it of the pose, does so itself; on a posed one turns of neck and head
    do not commute, and it matters who makes them. By Newton's method with differences for derivatives; what comes nearest
    is returned where locks keep the head from the pose.

    guess : (P, 4)
    bases : the animator's pose of each joint at these times, (P, k), by name
    pose : (P, 4) rotations of each joint's own channels, as unit quaternions, by name
    neck_share : as in `retarget`
    """
    return _reached(guess, rig, bases, _whole(rig, pose), neck_share)


def at_share(
    rotation: Array, rig: Rig, bases: Mapping[str, Base], neck_share: float, other_share: float
) -> Array:
    """The rotations (P, 4) that turn the head with another share of the neck as `rotation` (P, 4) does with this one.

    bases : as in `reached`
    """
    motion = HeadMotion(np.arange(float(len(rotation))), rotation, np.zeros((len(rotation), 3)))
    wanted = _whole(rig, _turned(motion, rig, bases, neck_share))
    return _reached(rotation, rig, bases, wanted, other_share)


def _reached(guess: Array, rig: Rig, bases: Mapping[str, Base], wanted: Array, neck_share: float) -> Array:
    """The same by rotations (P, 4) of the head against its rest, along the axes of the rig."""
    count = len(guess)
    four = {
        name: Base(base.channels.repeat(4, axis=0), base.above.repeat(4, axis=0))
        for name, base in bases.items()
    }
    vector = rot.to_rotvec(guess)
    best, least = vector.copy(), np.full(count, np.inf)
    for _ in range(_ROUNDS):
        tried = (vector[:, None] + np.vstack([np.zeros(3), _STEP * np.eye(3)])).reshape(-1, 3)
        motion = HeadMotion(np.arange(4.0 * count), rot.from_rotvec(tried), np.zeros((4 * count, 3)))
        whole = _whole(rig, _turned(motion, rig, four, neck_share)).reshape(count, 4, 4)
        left = rot.to_rotvec(rot.multiply(rot.inverse(whole), wanted[:, None]))  # (P x 4 x 3)
        away = np.abs(left[:, 0]).max(axis=1)
        nearer = away < least
        best[nearer], least[nearer] = vector[nearer], away[nearer]
        if (least < _NEAR).all():
            break
        slope = (left[:, 1:] - left[:, :1]).transpose(0, 2, 1) / _STEP
        vector = vector - np.einsum("pij,pj->pi", np.linalg.pinv(slope, rcond=1e-6), left[:, 0])
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
