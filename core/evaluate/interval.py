"""Confidence intervals of metrics by bootstrap over persons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..types import Array, IntArray

RESAMPLES = 1000
COVERAGE = 0.95

_LEAST_PERSONS = 3  # of a correlation


@dataclass(frozen=True)
class Interval:
    """A value and the bounds of its 95 % interval; NaN bounds where fewer than two persons are behind it.

    persons : who is behind it, in order
    draws : the value in each resample of those persons, the same resamples for every figure
    """

    value: float
    low: float
    high: float
    persons: tuple[str, ...] = field(default=(), repr=False, compare=False)
    draws: Array = field(default_factory=lambda: np.empty(0), repr=False, compare=False)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))
"""Of what could not be measured."""


def over_persons(persons: Sequence[str], statistic: Callable[[IntArray], float]) -> Interval:
    """Percentile bootstrap over persons (Efron 1979): takes of one person are drawn together, never apart.

    persons : (N,) who each row is of
    statistic : of the rows with the given indices, which may hold a row several times
    """
    names, owners = np.unique(persons, return_inverse=True)
    rows = [np.flatnonzero(owners == i) for i in range(len(names))]
    found = [statistic(np.concatenate([rows[i] for i in draw])) for draw in _draws(len(names))]
    return _interval(statistic(np.arange(len(owners))), np.array(found), tuple(names.tolist()))


def mean_over_persons(persons: Sequence[str], values: Array) -> Interval:
    """The mean of (N,) values; rows that are NaN are left out."""
    return ratio_over_persons(persons, values, np.where(np.isfinite(values), 1.0, np.nan))


def ratio_over_persons(persons: Sequence[str], above: Array, below: Array) -> Interval:
    """The mean of `above` (N,) over the mean of `below` (N,), drawn together; rows with NaN are left out.

    A ratio of means, not a mean of ratios: one person with little below must not decide.
    """
    known = np.isfinite(above) & np.isfinite(below)
    if not known.any():
        return UNKNOWN
    names, owners = np.unique(np.asarray(persons)[known], return_inverse=True)
    top, bottom = (np.bincount(owners, values[known], len(names)) for values in (above, below))
    draws = _draws(len(names))
    least = 1e-12  # below is a distance or a count: 0 only where all is still
    found = top[draws].sum(axis=1) / np.maximum(bottom[draws].sum(axis=1), least)
    return _interval(float(top.sum() / max(float(bottom.sum()), least)), found, tuple(names.tolist()))


def correlation_over_persons(persons: Sequence[str], a: Array, b: Array) -> Interval:
    """Pearson's correlation of (N,) and (N,) over persons, each of whom weighs the same; rows with NaN are left out.

    Unknown where one of the two is the same for all, or fewer than three persons are left.
    """
    known = np.isfinite(a) & np.isfinite(b)
    names, owners = np.unique(np.asarray(persons)[known], return_inverse=True)
    if len(names) < _LEAST_PERSONS:
        return UNKNOWN
    a, b = a[known] - a[known].mean(), b[known] - b[known].mean()
    share = 1.0 / np.bincount(owners)
    sums = np.stack(
        [np.bincount(owners, values) * share for values in (a, b, a * a, b * b, a * b)]
    )  # (5 x persons)
    draws = np.concatenate([np.arange(len(names))[None], _draws(len(names))])
    mean_a, mean_b, square_a, square_b, product = sums[:, draws].mean(axis=2)  # each (1 + RESAMPLES,)
    variance = np.maximum((square_a - mean_a**2) * (square_b - mean_b**2), 0.0)
    found = np.full(len(draws), np.nan)
    varies = variance > 1e-18
    found[varies] = (product - mean_a * mean_b)[varies] / np.sqrt(variance[varies])
    if not np.isfinite(found[0]):
        return UNKNOWN
    return _interval(float(found[0]), found[1:], tuple(names.tolist()))


def combined(one: Interval, other: Interval, how: Callable[[Array, Array], Array]) -> Interval:
    """What two figures of the same persons give together, as their difference.

    A paired bootstrap: each resample holds the same persons for both, so that what is hard or easy about
    persons cancels. Unknown where the two are of different persons, or of one.

    how : of two arrays of equal shape, element by element
    """
    if one.persons != other.persons or len(one.persons) < 2:
        return UNKNOWN
    value = how(np.array([one.value]), np.array([other.value]))[0]
    return _interval(float(value), how(one.draws, other.draws), one.persons)


def transformed(found: Interval, how: Callable[[Array], Array]) -> Interval:
    """A function of a figure, `how` element by element of an array."""
    return _interval(float(how(np.array([found.value]))[0]), how(found.draws), found.persons)


def _draws(count: int) -> IntArray:
    """Which persons each resample holds, (RESAMPLES, count), the same at every call; none of one person."""
    resamples = RESAMPLES if count > 1 else 0
    return np.random.default_rng(0).integers(count, size=(resamples, count))


def _interval(value: float, found: Array, persons: tuple[str, ...]) -> Interval:
    low, high = float("nan"), float("nan")
    if np.isfinite(found).any():
        low, high = np.nanquantile(found, [(1.0 - COVERAGE) / 2.0, (1.0 + COVERAGE) / 2.0])
    return Interval(value, float(low), float(high), persons, found)
