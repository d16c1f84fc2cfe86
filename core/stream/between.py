"""Samples of steps, two a step, as soon as the steps are there: interpolation with few taps ahead.

The filter has the least squared error up to BAND of the steps' rate beside noise of 1 % of the amplitude, and passes a
constant exactly. The take of a whole file has ten taps to either side (`generate.actor.doubled`).
"""

from functools import lru_cache

import numpy as np

from ..types import Array

BEFORE = 10
"""Taps on steps before."""

BAND = 0.34
"""Of the rate of steps: 4.2 Hz."""

_NOISE = 1e-4


@lru_cache(maxsize=8)
def midpoint_kernel(ahead: int) -> Array:
    """Weights (BEFORE + ahead,) of steps, whose sum is the value half a step before the one with number BEFORE."""
    tap = np.arange(-BEFORE, ahead)
    gram = np.sinc(2.0 * BAND * (tap[:, None] - tap)) + _NOISE * np.eye(len(tap))
    wanted = np.sinc(2.0 * BAND * (tap + 0.5))
    ones = np.ones((len(tap), 1))
    system = np.block([[gram, ones], [ones.T, np.zeros((1, 1))]])
    return np.asarray(np.linalg.solve(system, np.append(wanted, 1.0))[:-1])


def two_samples(steps: Array) -> Array:
    """The sample half a step before the step with number BEFORE, and that step: (2, C) of (BEFORE + ahead, C)."""
    return np.stack([midpoint_kernel(len(steps) - BEFORE) @ steps, steps[BEFORE]])
