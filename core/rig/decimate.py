"""Few keys for a dense curve: cubic pieces between kept frames that stay within an error of all others.

The pieces are Hermite polynomials with the slopes of the dense curve, which an F-curve draws exactly where its
handles lie at a third of each piece. Frames are added where the error is largest until it is small everywhere,
as Douglas and Peucker (1973) do for lines.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..types import Array
from . import modes

Measure = Callable[[Array, Array], Array]
"""Error of values (T, k) against others, shape (T,)."""


@dataclass(frozen=True)
class Keys:
    """Keys of one property.

    frames : (N,) increasing
    values : (N, k)
    slopes : (N, k) change of the values a frame
    """

    frames: Array
    values: Array
    slopes: Array

    def at(self, frames: Array) -> Array:
        """Values (T, k) at `frames` (T,), held beyond the ends."""
        if len(self.frames) == 1:
            return np.repeat(self.values, len(frames), axis=0)
        right = np.clip(np.searchsorted(self.frames, frames, side="right"), 1, len(self.frames) - 1)
        left = right - 1
        step = (self.frames[right] - self.frames[left])[:, None]
        u = np.clip((frames - self.frames[left])[:, None] / step, 0.0, 1.0)
        return np.asarray(
            (1 + 2 * u) * (1 - u) ** 2 * self.values[left]
            + u**2 * (3 - 2 * u) * self.values[right]
            + step * u * (1 - u) ** 2 * self.slopes[left]
            - step * u**2 * (1 - u) * self.slopes[right]
        )


def decimate(frames: Array, values: Array, measure: Measure, tolerance: float) -> Keys:
    """The keys that hold a dense curve (T, k) within a tolerance at every frame (T,) of it."""
    slopes = np.gradient(values, frames, axis=0) if len(frames) > 1 else np.zeros_like(values)
    if measure(np.repeat(values[:1], len(frames), axis=0), values).max() <= tolerance:
        return Keys(frames[:1], values[:1], np.zeros_like(values[:1]))
    kept = np.array([0, len(frames) - 1])
    while True:
        keys = Keys(frames[kept], values[kept], slopes[kept])
        error = measure(keys.at(frames), values)
        error[kept] = 0.0
        piece = np.searchsorted(kept, np.arange(len(frames)), side="right")
        added = [
            int(np.flatnonzero(piece == each)[np.argmax(error[piece == each])])
            for each in np.unique(piece[error > tolerance])
        ]
        if not added:
            return keys
        kept = np.unique([*kept.tolist(), *added])


def turned_by(mode: str) -> Measure:
    """Angle in degrees between two sets of rotation channels, in a rotation mode of Blender."""

    def measure(one: Array, other: Array) -> Array:
        a, b = modes.to_quaternion(mode, one), modes.to_quaternion(mode, other)
        return np.degrees(rot.angle_between(a, b))

    return measure


def moved_by(scale: float = 1.0) -> Measure:
    """Distance between two sets of values, times a scale."""
    return lambda one, other: np.linalg.norm(one - other, axis=1) * scale
