"""Turns of the head, which bring shifts of gaze."""

import numpy as np

from .. import rotation as rot
from ..types import Array

_COMING, _GONE = 10, 3  # grid samples: turns soon to come, and just over, bring shifts of gaze
_EVOKED, _EVOKED_SQUARED = 0.16, 0.006  # a turn of 3.5° brings 1.6 times as many looks away, of 14° 4.4 times
_PITCH = 0.5


def turns(pointing: Array) -> Array:
    """What a head turns about each sample, (T, 2) radians, of where it points on the grid, (T, 2) to the left and up."""
    index = np.arange(len(pointing))
    return rot.wrapped(
        pointing[np.minimum(index + _COMING, len(index) - 1)] - pointing[np.maximum(index - _GONE, 0)]
    )


def evoked(turned: Array) -> Array:
    """How much likelier than with a still head a look away is, (T,), by turns (T, 2)."""
    size = np.degrees(np.hypot(turned[:, 0], _PITCH * turned[:, 1]))
    return np.asarray(1.0 + _EVOKED * size + _EVOKED_SQUARED * size**2)
