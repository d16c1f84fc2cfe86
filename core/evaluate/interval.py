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


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))
"""Of what could not be measured."""


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
    """The mean of (N,) values; rows that are NaN are left out."""
    return ratio_over_persons(persons, values, np.ones(len(values)))


def ratio_over_persons(persons: Sequence[str], above: Array, below: Array) -> Interval:
    """The mean of `above` (N,) over the mean of `below` (N,), drawn together; rows with NaN are left out.

    A ratio of means, not a mean of ratios: one person with little below must not decide.
    """
    known = np.flatnonzero(np.isfinite(above) & np.isfinite(below))
    if not len(known):
        return UNKNOWN
    top, bottom = above[known], below[known]

    def ratio(rows: NDArray[np.intp]) -> float:
        return float(top[rows].sum() / max(float(bottom[rows].sum()), 1e-12))

    return over_persons([persons[i] for i in known], ratio)
