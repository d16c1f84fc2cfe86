"""What values of a running sound are compared with: quantiles of its past alone."""

import numpy as np

from ..motion import GRID_HZ
from ..speech.windows import PAST_S
from ..types import Array

DEFAULTS = np.array([-30.0, -60.0, 150.0, 1.0, 0.2])
"""Level and floor in dB, median pitch in Hz, strong onset and flux, where nothing is known."""

KNOWN_S = 1.0
"""Seconds of voice until which the defaults count as well, less and less."""

_PARTS = ((0, 0.9, False), (0, 0.1, False), (3, 0.5, True), (1, 0.95, True), (2, 0.95, True))
"""Of each: the column of the raw values, the quantile, and whether voiced samples alone count."""


class RunningLevels:
    """Levels as in `speech.features.Levels`, of the last PAST_S seconds."""

    def __init__(self) -> None:
        self._past = np.empty((PAST_S * GRID_HZ, 5))
        self._count = 0

    def add(self, raw: Array) -> Array:
        """Levels (5,) at a sample with raw values (5,)."""
        self._past[self._count % len(self._past)] = raw
        self._count += 1
        past = self._past[: min(self._count, len(self._past))]
        voiced = past[past[:, 4] > 0]
        share = min(len(voiced) / (KNOWN_S * GRID_HZ), 1.0)
        if share == 0.0:
            return DEFAULTS.copy()
        found = np.array([quantile((voiced if of_voice else past)[:, i], q) for i, q, of_voice in _PARTS])
        return share * found + (1.0 - share) * DEFAULTS


def quantile(values: Array, share: float) -> float:
    """Quantile of (N,), N > 0, linear between samples, as numpy's own, which checks more than it sorts."""
    ordered = np.sort(values)
    low, rest = divmod(share * (len(ordered) - 1), 1.0)
    first = ordered[int(low)]
    return float(first + rest * (ordered[min(int(low) + 1, len(ordered) - 1)] - first))
