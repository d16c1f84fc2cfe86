"""Finishing a take: scale, ramps from and to rest, limits of a neck. Numpy only, so that a slider can call it."""

import math

import numpy as np

from ..easing import smootherstep
from ..motion import HeadMotion, motion_of
from ..types import Array

RAMP_S = 0.6
"""Time to leave rest at the start and to come back at the end, both inside the sound."""

_FREE_RAD, _FURTHEST_RAD = math.radians(45.0), math.radians(80.0)


def finished(time_s: Array, channels: Array, intensity: float) -> HeadMotion:
    """A take as a motion: scaled, led from rest and back to it, kept within what a neck can do.

    channels : (T, 6) rotation vectors in radians and translation in metres
    intensity : 0 gives exactly rest
    """
    return motion_of(time_s, finished_vectors(time_s, channels, intensity))


def finished_vectors(time_s: Array, channels: Array, intensity: float) -> Array:
    """The same as rotation vectors and translation (T, 6)."""
    gain = intensity * _ramps(time_s)[:, None]
    # Adding 0 turns a negative zero into zero, so that rest has one form.
    rotation = within_reach(channels[:, :3] * gain) + 0.0
    return np.concatenate([rotation, channels[:, 3:] * gain + 0.0], axis=1)


def _ramps(time_s: Array) -> Array:
    """0 at the first and last sample, 1 between, with no jump in velocity or acceleration."""
    length = min(RAMP_S, float(time_s[-1]) / 2.0)
    if length == 0.0:
        return np.zeros(len(time_s))
    return smootherstep(np.minimum(time_s, time_s[-1] - time_s) / length)


def within_reach(vectors: Array) -> Array:
    """Rotation vectors (T, 3) as they are up to 45°, bent towards 80° beyond."""
    angle = np.linalg.norm(vectors, axis=1, keepdims=True)
    room = _FURTHEST_RAD - _FREE_RAD
    bent = _FREE_RAD + room * np.tanh(np.maximum(angle - _FREE_RAD, 0.0) / room)
    return vectors * np.where(angle > _FREE_RAD, bent / np.maximum(angle, _FREE_RAD), 1.0)
