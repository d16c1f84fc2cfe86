"""The head motion that brings the head of a posed rig into a pose, however the neck shares in it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..types import Array
from . import modes
from .retarget import Base, Rig, retarget

_ROUNDS = 30
_NEAR = 1e-9


def reached(
    guess: HeadMotion, rig: Rig, bases: Mapping[str, Base], pose: Mapping[str, Array], neck_share: float
) -> HeadMotion:
    """A motion whose `retarget` turns the head as the joints of a pose do together.

    On a rig at rest the guess, as `recover` reads it of the pose, does so itself; on a posed one turns of neck and head
    do not commute, and who makes them matters. Fixed-point iteration, which converges as fast as the neck takes little.

    guess : T poses
    bases : the animator's pose of each joint, by name, at the times
    pose : (T, 4) rotation of each joint's own channels, as unit quaternions, by name
    neck_share : as in `retarget`
    """
    wanted = _whole(rig, pose)
    found = guess
    for _ in range(_ROUNDS):
        left = rot.multiply(rot.inverse(_whole(rig, _turned(found, rig, bases, neck_share))), wanted)
        if np.abs(rot.to_rotvec(left)).max() < _NEAR:
            break
        own = rot.multiply(rot.inverse(rig.axes), rot.multiply(left, rig.axes))
        found = replace(found, rotation=rot.continuous(rot.multiply(found.rotation, own)))
    return found


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
