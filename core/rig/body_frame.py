"""Which way a body is up, left and front, in the local frame of the joint that carries its neck.

Local frames say nothing of it: in many captures and games they lie along the bones, and the zero pose is
no pose at all. So it is read from how the body stands while it moves, near the head only: legs and arms
may point anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..types import Array
from .sides import pairs

# Joints whose left and right twin lie across the body, the surest first.
_ACROSS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"clav|shoulder|collar|scapula|schulter|鎖骨|肩",
        r"eye|目|瞳|brow|ear",
        r"arm|腕",
    )
)
_BELOW = re.compile(r"leg|thigh|knee|shin|calf|foot|toe|ankle|hip|足|脚|膝", re.IGNORECASE)
_SNAP_DEG = 15.0  # nearer than this to its bone's own axes, a body is taken to stand along them
_HEAD_SNAP_DEG = 40.0  # a head may hang for the whole of a recording


@dataclass(frozen=True)
class BodyFrame:
    """Axes of a body in the local frames of two joints, each a quaternion (4,) from (left, up, front).

    chest : in the frame of the joint that carries the neck
    head : in the head joint's own frame, while the head looks straight ahead
    has_sides : whether joints of a left and a right side were found; without, the front is a guess
    """

    chest: Array
    head: Array
    has_sides: bool


def body_frame(
    chest: Array,
    positions: Mapping[str, Array],
    relative: Array,
    head: str,
    default_left: Array,
) -> BodyFrame:
    """Body axes from a recording.

    chest : (T, 4) rotation of the joint that carries the neck, in the world
    positions : of joints near the head, (T, 3) each, in the frame of that joint
    relative : (T, 4) rotation of the head joint in the frame of that joint
    head : name of the head joint in `positions`
    default_left : (3,) where the left is if no joint says, in the frame of that joint
    """
    up = _vertical(chest, positions[head])
    across = left_of(positions)
    left = default_left if across is None else across
    left = left - (left @ up) * up
    if np.linalg.norm(left) < 1e-6:
        left = np.eye(3)[int(np.argmin(np.abs(up)))]
        left = left - (left @ up) * up
    axes = snapped(_frame(left, up), _SNAP_DEG)
    middle = rot.to_matrix(rot.geodesic_median(relative))
    own = snapped(middle.T @ axes, _HEAD_SNAP_DEG)
    return BodyFrame(rot.from_matrix(axes), rot.from_matrix(own), across is not None)


def left_of(positions: Mapping[str, Array]) -> Array | None:
    """Direction (3,) from the right to the left twins of the surest kind of joint; None without twins.

    positions : (T, 3) or (3,) each, in one frame
    """
    twins = [pair for pair in pairs(positions) if not _BELOW.search(pair[0])]
    kinds = [[pair for pair in twins if kind.search(pair[0])] for kind in _ACROSS]
    for found in (*kinds, twins):
        apart = [
            np.reshape(positions[left] - positions[right], (-1, 3)).mean(axis=0) for left, right in found
        ]
        total = np.sum([_unit(vector) for vector in apart], axis=0) if apart else np.zeros(3)
        if np.linalg.norm(total) > 1e-6:
            return _unit(total)
    return None


def snapped(axes: Array, most_deg: float) -> Array:
    """The frame of signed coordinate axes that lies nearest to a rotation matrix, if it is near enough."""
    nearest = np.zeros((3, 3))
    left = np.abs(axes)
    for _ in range(3):
        row, column = np.unravel_index(np.argmax(left), (3, 3))
        nearest[row, column] = np.sign(axes[row, column])
        left = left.copy()
        left[row], left[:, column] = -1.0, -1.0
    if np.linalg.det(nearest) < 0.0:
        return axes
    away = np.degrees(rot.angle_between(rot.from_matrix(nearest), rot.from_matrix(axes)))
    return nearest if away < most_deg else axes


def _vertical(chest: Array, head: Array) -> Array:
    """Where up is, (3,) in the chest's frame: the world's vertical, as the chest carries it on average.

    Up in the world is the coordinate axis that the way from the chest to the head lies nearest to.
    """
    lever = (
        head if np.linalg.norm(head, axis=-1).max() > 0.0 else np.broadcast_to([0.0, 1.0, 0.0], head.shape)
    )
    way = rot.rotate(chest, lever).mean(axis=0)
    largest = int(np.argmax(np.abs(way)))
    vertical = np.zeros(3)
    vertical[largest] = np.sign(way[largest])
    return _unit(rot.rotate(rot.inverse(chest), np.broadcast_to(vertical, head.shape)).mean(axis=0))


def _frame(left: Array, up: Array) -> Array:
    left = _unit(left)
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _unit(vector: Array) -> Array:
    length = np.linalg.norm(vector)
    return np.asarray(vector / length if length > 0 else vector)


def chain(parents: Mapping[str, str | None], joint: str, above: str | None) -> list[str]:
    """Joints below `above` on the way to a joint, the lowest first; to the root where it is None."""
    found: list[str] = []
    name: str | None = joint
    while name is not None and name != above:
        found.insert(0, name)
        name = parents[name]
    return found
