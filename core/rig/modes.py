"""Blender's rotation modes: their channel values to quaternions and back.

An Euler order names the axis that turns first, first: `XYZ` is R = Rz Ry Rx.
"""

import numpy as np

from .. import rotation as rot
from ..types import Array

ATTRIBUTES = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
"""Channel of a rotation mode; all others are Euler orders in `rotation_euler`."""

DEFAULTS = {
    "rotation_quaternion": (1.0, 0.0, 0.0, 0.0),
    "rotation_axis_angle": (0.0, 0.0, 0.0, 0.0),  # not Blender's own default, whose axis is Y
    "rotation_euler": (0.0, 0.0, 0.0),
    "location": (0.0, 0.0, 0.0),
}
"""What Blender's NLA takes a channel for that nothing animates, and what a layer then adds to."""


def attribute(mode: str) -> str:
    """Name of the channel that a rotation mode reads."""
    return ATTRIBUTES.get(mode, "rotation_euler")


def to_quaternion(mode: str, values: Array) -> Array:
    """Unit quaternions (T, 4) of channel values (T, 4), or (T, 3) for Euler orders, as Blender reads them."""
    if mode == "QUATERNION":
        return rot.normalize(np.where(values.any(axis=1, keepdims=True), values, rot.IDENTITY))
    if mode == "AXIS_ANGLE":
        return rot.from_rotvec(_unit(values[:, 1:]) * values[:, :1])
    turns = []
    for axis_name in mode:
        axis = "XYZ".index(axis_name)
        turns.append(rot.from_rotvec(values[:, axis : axis + 1] * np.eye(3)[axis]))
    return rot.multiply(turns[2], rot.multiply(turns[1], turns[0]))


def difference(mode: str, q: Array, base: Array) -> Array:
    """What to add to the channel values `base`, so that they give the unit quaternions `q` (T, 4).

    Blender's NLA adds Euler angles and axis-angle channel by channel, whatever a strip's blend
    type; so this sum, not a product, is what a layer on such a bone has to hold.

    mode : AXIS_ANGLE or an Euler order
    base : (T, k) channel values; the result has the same shape and no jumps in time
    """
    return _axis_angle(q, base) - base if mode == "AXIS_ANGLE" else _euler(mode, q, base)


def nearest(mode: str, q: Array, near: Array) -> Array:
    """Channel values (T, k) that give the unit quaternions `q` (T, 4), each row by itself as near to `near` as it can.

    mode : AXIS_ANGLE or an Euler order
    """
    if mode != "AXIS_ANGLE":
        both = _both_eulers(mode, q)
        both = near[:, None] + rot.wrapped(both - near[:, None])
        taken = np.argmin(np.abs(both - near[:, None]).sum(-1), axis=1)
        return np.asarray(both[np.arange(len(q)), taken])
    vector, wanted = rot.to_rotvec(q), _unit(near[:, 1:])
    angle = np.linalg.norm(vector, axis=1, keepdims=True)
    axis = np.where(angle > 1e-9, vector / np.maximum(angle, 1e-9), wanted)
    side = np.where((axis * wanted).sum(1, keepdims=True) < 0, -1.0, 1.0)
    return np.hstack([near[:, :1] + rot.wrapped(side * angle - near[:, :1]), side * axis])


def _axis_angle(q: Array, near: Array) -> Array:
    vector = rot.to_rotvec(q)
    length = np.linalg.norm(vector, axis=1)
    # At rest any axis does, and the last one is the smoothest; the row before the first is that of `near`.
    turning = np.concatenate([[True], length > 1e-9])
    axes = np.concatenate([_unit(near[:1, 1:]), vector / np.maximum(length, 1e-9)[:, None]])[turning]
    flips = np.where(np.einsum("ti,ti->t", axes[1:], axes[:-1]) < 0, -1.0, 1.0)
    axes *= np.concatenate([[1.0], np.cumprod(flips)])[:, None]
    axis = axes[np.cumsum(turning)[1:] - 1]
    values = np.column_stack([np.einsum("ti,ti->t", vector, axis), axis])
    values[:, :1] = _unwrapped(values[:, :1] - near[:1, :1]) + near[:1, :1]
    return values


def _unit(axis: Array) -> Array:
    """The axes that Blender takes for those of any length, shape (T, 3)."""
    length = np.linalg.norm(axis, axis=1, keepdims=True)
    return np.where(length > 0, axis / np.maximum(length, 1e-30), [0.0, 1.0, 0.0])


def _both_eulers(order: str, q: Array) -> Array:
    """The two sets of angles that each rotation has, (T, 2, 3)."""
    i, j, k = ("XYZ".index(name) for name in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = rot.to_matrix(q)
    one = np.empty((len(q), 3))
    one[:, i] = rot.arctan2(sign * m[:, k, j], m[:, k, k])
    one[:, j] = rot.arctan2(-sign * m[:, k, i], np.hypot(m[:, i, i], m[:, j, i]))
    one[:, k] = rot.arctan2(sign * m[:, j, i], m[:, i, i])
    other = one + np.pi
    other[:, j] = np.pi - one[:, j]
    return np.stack([one, other], axis=1)


def _euler(order: str, q: Array, base: Array) -> Array:
    # Each rotation has two sets of angles; take at each step the one nearer to the last taken.
    both = _both_eulers(order, q) - base[:, None]  # (T, 2, 3)
    step = np.abs(rot.wrapped(both[1:, None] - both[:-1, :, None])).sum(-1)  # (T-1, from, to)
    taken = [int(np.argmin(np.abs(rot.wrapped(both[0])).sum(-1)))]
    for following in np.argmin(step, axis=2).tolist():
        taken.append(following[taken[-1]])
    return _unwrapped(both[np.arange(len(q)), taken])


def _unwrapped(angles: Array) -> Array:
    """Whole turns added so that there are no jumps in time and the first is close to zero."""
    angles = np.unwrap(angles, axis=0)
    return angles - 2 * np.pi * np.round(angles[0] / (2 * np.pi))
