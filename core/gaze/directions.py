"""Directions of gaze as angles, and what a head's pose makes of them.

Angles are pairs (to the subject's left, up) in radians. Vectors lie in the head frame of `rotation.py` at rest. A
place is what eyes look at, in homogeneous coordinates: (x, y, z, 1) is a point in metres, (x, y, z, 0) a
direction to what is far away.
"""

import numpy as np
from numpy.typing import ArrayLike

from .. import rotation as rot
from ..motion import NECK_PIVOT_M, HeadMotion
from ..types import Array

EYES_M = (0.0, 0.026, 0.022)
"""Middle of the eyes' centres of rotation: between the lids of the canonical face, and 1.3 cm behind them."""

FAR_AHEAD = (0.0, 0.0, 1.0, 0.0)
_AHEAD: Array = np.array([0.0, 0.0, 1.0])
_PIVOT_M: Array = np.array(NECK_PIVOT_M)


def angles_of(direction: ArrayLike) -> Array:
    """Angles (..., 2) of directions (..., 3) of any length."""
    x, y, z = np.moveaxis(np.asarray(direction, np.float64), -1, 0)
    return np.stack([rot.arctan2(x, z), rot.arctan2(y, np.hypot(x, z))], axis=-1)


def direction_of(angles: ArrayLike) -> Array:
    """Unit directions (..., 3) of angles (..., 2)."""
    left, up = np.moveaxis(np.asarray(angles, np.float64), -1, 0)
    return np.stack([np.sin(left) * np.cos(up), np.sin(up), np.cos(left) * np.cos(up)], axis=-1)


def towards(head: HeadMotion, places: Array) -> Array:
    """Directions (T, 3), at rest's frame, from the moving eyes to places (T, 4) or (4,)."""
    eyes = _PIVOT_M + head.translation_m + rot.rotate(head.rotation, np.array(EYES_M) - _PIVOT_M)
    return np.asarray(places[..., :3] - places[..., 3:] * eyes)


def in_head(head: HeadMotion, directions: Array) -> Array:
    """Angles (T, 2) in the moving head of directions (T, 3) in the frame of the head at rest."""
    return angles_of(rot.rotate(rot.inverse(head.rotation), directions))


def pointing(head: HeadMotion) -> Array:
    """Unit directions (T, 3) in which a head points."""
    return rot.rotate(head.rotation, _AHEAD)
