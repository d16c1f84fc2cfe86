"""The course of a saccade in time, in closed form: the same at any frame rate."""

import numpy as np

from ..types import Array

SHORTEST_GAP_S = 0.16
"""From one saccade's start to the next one's; longer than any saccade lasts."""

_START_S, _PER_DEGREE_S = 0.025, 0.0024


def duration_s(angle: Array) -> Array:
    """How long saccades of so many radians last (Lee, Badler and Badler 2002: 25 ms and 2.4 ms a degree)."""
    return np.asarray(_START_S + _PER_DEGREE_S * np.degrees(np.abs(angle)))


def course(share: Array) -> Array:
    """The part of the way, 0 to 1, that is behind after a share of the duration.

    A cubic, whose peak velocity of 1.5 times the mean meets the measured main sequence: 203, 369 and 464 °/s
    at 5, 15 and 30°, against 213, 352 and 455 (PMC6143243).
    """
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u))
