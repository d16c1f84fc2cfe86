"""Head motion that the joints of a rig show: the inverse of retargeting."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..types import Array
from . import modes
from .retarget import Joint, Rig


@dataclass(frozen=True)
class JointMotion:
    """What a layer adds to one joint over time.

    base : (T, 4) rotation of the joint's own channels without the layer, as a unit quaternion
    turned : (T, 4) the same with the layer
    moved : (T, 3) what the layer adds to the location channel
    """

    base: Array
    turned: Array
    moved: Array


def recover(time_s: Array, rig: Rig, joints: Mapping[str, JointMotion]) -> HeadMotion:
    """The head motion that turns and shifts the joints so, by name.

    `retarget` of the result gives the same joints, as far as these turn and shift as a head motion would have them.
    """
    turned = np.tile(rot.IDENTITY, (len(time_s), 1))  # by the joints so far, as the head takes it over
    shift = np.zeros((len(time_s), 3))
    for joint in (*rig.neck, rig.head):
        each = joints[joint.name]
        shift += _shift(joint, each, turned)
        delta = rot.multiply(rot.inverse(each.base), each.turned)
        done = rot.multiply(joint.rest, rot.multiply(delta, rot.inverse(joint.rest)))
        turned = rot.multiply(turned, done if joint is rig.head else rot.power(done, joint.follow))
    back = rot.inverse(rig.axes)
    rotation = rot.multiply(back, rot.multiply(turned, rig.axes))
    return HeadMotion(time_s, rot.continuous(rotation), rot.rotate(back, shift / rig.units_per_m))


def _shift(joint: Joint, motion: JointMotion, turned: Array) -> Array:
    """Displacement of a joint along the rig's axes, given the rotations `turned` of its parents."""
    axes = joint.rest if joint.location_axes is None else joint.location_axes
    shift = rot.rotate(axes, motion.moved)
    return rot.rotate(turned if joint.name else rot.inverse(motion.base), shift)


def combined(mode: str, base: Array, layer: Array, above: Array) -> Array:
    """Rotation (T, 4) of a joint whose channels (T, k) are combined as Blender's NLA does it.

    base : the channels below the layer, or in all where Blender adds them
    above : (T, 4) rotation that is multiplied on after the layer, in mode QUATERNION
    """
    if mode != "QUATERNION":
        return modes.to_quaternion(mode, base + layer)
    turned = rot.multiply(modes.to_quaternion(mode, base), modes.to_quaternion(mode, layer))
    return rot.multiply(turned, above)
