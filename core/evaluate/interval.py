"""A figure with its interval: how far it would move with other persons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..motion import Array

RESAMPLES = 500
COVERAGE = 0.95


@dataclass(frozen=True)
class Interval:
    """A value and the bounds of its 95 % interval; NaN bounds where fewer than two persons are behind it."""

    value: float
    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def over_persons(
    persons: Sequence[str], statistic: Callable[[NDArray[np.intp]], float], seed: int = 0
) -> Interval:
    """Percentile bootstrap over persons (Efron 1979): takes of one person are drawn together, never apart.

    persons : (N,) who each row is of
    statistic : of the rows with the given indices, which may hold a row several times
    """
    names = np.asarray(persons)
    rows = [np.flatnonzero(names == name) for name in sorted(set(persons))]
    value = float(statistic(np.arange(len(names))))
    if len(rows) < 2:
        return Interval(value, float("nan"), float("nan"))
    random = np.random.default_rng(seed)
    drawn = random.integers(len(rows), size=(RESAMPLES, len(rows)))
    found = [statistic(np.concatenate([rows[i] for i in draw])) for draw in drawn]
    low, high = np.nanquantile(found, [(1.0 - COVERAGE) / 2.0, (1.0 + COVERAGE) / 2.0])
    return Interval(value, float(low), float(high))


def mean_over_persons(persons: Sequence[str], values: Array) -> Interval:
    """The mean of (N,) values, rows that are NaN left out."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return Interval(*[float("nan")] * 3)
    kept = values[known]
    return over_persons([persons[i] for i in known], lambda rows: float(kept[rows].mean()))
