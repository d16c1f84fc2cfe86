"""Obey: whether a directed take does what its direction says, and still moves as one without a direction.

Pins: missed by how much, and speed and acceleration around them against the 99th percentiles of the person's own
recording. Gestures: found by a detector that is given the motion alone, in time and in size. Both, and the seams of
parts: how well a classifier distinguishes windows around them from the same places of undirected takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..style.resampling import rate
from ..style.voice_coupling import log_speed
from ..types import Array, IntArray
from .c2st import area
from .interval import UNKNOWN, Interval, mean_over_persons, over_persons

NEAR_S = 0.5
"""Around a pin, where the motion must stay within what the person does."""

PERCENTILE = 99.0
FOUND_S = 0.2
"""From the time that a gesture was asked for."""

DEPTH_SHARE = 0.25
_WINDOW_S = 4.0
_LEAST_SHARE = 0.4  # of what was asked, from which on a gesture is one
_SWING_S = 0.8  # the longest way down, or up again
_RIDGE = 0.3  # of the mean variance of the features


@dataclass(frozen=True, eq=False)
class Asked:
    """One thing that was asked of one take.

    time_s : when
    made, free : (T, 3) degrees at GRID_HZ: the take, and an undirected one of another seed
    own : (N, 3) the person's own recording
    missed_deg : by how much a pin was missed
    depth_deg : of the swing, or of the pose that is held, that was asked for, with its sign; 0 for a pin or a seam
    axis : of that swing or pose
    held_s : how long that pose is held; 0 for a swing
    """

    person: str
    time_s: float
    made: Array
    free: Array
    own: Array
    missed_deg: float = 0.0
    depth_deg: float = 0.0
    axis: int = 0
    held_s: float = 0.0


@dataclass(frozen=True)
class Obeyed:
    """Figures over all that was asked of one system, each with its interval over persons.

    missed_deg : 95th percentile
    within : share of what was asked around which speed and acceleration stay within the person's own percentile
    found : share of gestures that are found in time
    deep : share of gestures that are as deep as asked, within DEPTH_SHARE
    c2st : 0.5 where windows around cannot be distinguished from undirected ones, 1 where they always can
    """

    missed_deg: Interval
    within: Interval
    found: Interval
    deep: Interval
    c2st: Interval


@dataclass(frozen=True)
class Swing:
    """A swing away and back: when it is furthest, and by how much, the smaller of its two sides."""

    time_s: float
    depth: float


def obeyed(asked: Sequence[Asked], rivals: Sequence[Array] | None = None) -> Obeyed:
    """Figures of one system.

    rivals : for each entry, a window (100, 3) that it is compared with, in place of its undirected take: say
        gestures that came by themselves
    """
    if not asked:
        return Obeyed(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    persons = [one.person for one in asked]
    missed = np.array([one.missed_deg for one in asked])
    within = np.array([float(within_own(one)) for one in asked])
    shares = np.array([_share(one) for one in asked])
    found = (shares > 0.0).astype(np.float64)
    deep = (np.abs(shares - 1.0) <= DEPTH_SHARE).astype(np.float64)
    is_gesture = asked[0].depth_deg != 0.0
    return Obeyed(
        over_persons(persons, lambda rows: float(np.percentile(missed[rows], 95))),
        mean_over_persons(persons, within),
        mean_over_persons(persons, found) if is_gesture else UNKNOWN,
        mean_over_persons(persons, deep) if is_gesture else UNKNOWN,
        separation(
            persons,
            np.stack([features(window_at(one.made, one.time_s)) for one in asked]),
            np.stack(
                [features(window) for window in rivals]
                if rivals is not None
                else [features(window_at(one.free, one.time_s)) for one in asked]
            ),
        ),
    )


def within_own(one: Asked) -> bool:
    """Whether speed and acceleration around what was asked stay within the percentile of the person's recording."""
    place = np.arange(len(one.made)) / GRID_HZ
    near = np.abs(place - one.time_s) <= NEAR_S
    made, own = _speeds(one.made), _speeds(one.own)
    return all(
        float(a[near].max()) <= float(np.percentile(b, PERCENTILE)) for a, b in zip(made, own, strict=True)
    )


def swings(values: Array, least: float) -> list[Swing]:
    """Local maxima of (T,) at GRID_HZ that stand out by `least` on both sides within _SWING_S: their prominence."""
    reach = round(_SWING_S * GRID_HZ)
    tops = np.flatnonzero((values[1:-1] >= values[:-2]) & (values[1:-1] > values[2:])) + 1
    found = []
    for top in tops.tolist():
        before, after = values[max(0, top - reach) : top], values[top + 1 : top + 1 + reach]
        higher = np.flatnonzero(before > values[top])
        before = before[higher[-1] + 1 :] if len(higher) else before
        higher = np.flatnonzero(after > values[top])
        after = after[: higher[0]] if len(higher) else after
        if len(before) and len(after):
            depth = float(values[top] - max(before.min(), after.min()))
            if depth >= least:
                found.append(Swing(top / GRID_HZ, depth))
    return found


def window_at(motion: Array, time_s: float) -> Array:
    """Four seconds (100, 3) around a time, held beyond the ends, about their mean."""
    half = round(0.5 * _WINDOW_S * GRID_HZ)
    middle = round(time_s * GRID_HZ)
    rows = np.clip(np.arange(middle - half, middle + half), 0, len(motion) - 1)
    return motion[rows] - motion[rows].mean(axis=0)


def features(window: Array) -> Array:
    """What a linear classifier is given of a window (100, 3): sizes, bands, rests, bursts, couplings, and its middle."""
    speed = rate(window)
    logarithm = log_speed(speed)
    size = np.log(window.std(axis=0) + 0.05)
    power = np.log(np.square(np.abs(np.fft.rfft(window * np.hanning(len(window))[:, None], axis=0))) + 1e-3)
    bands = [power[low:high].mean(axis=0) for low, high in ((1, 2), (2, 4), (4, 8), (8, 17), (17, 34))]
    pairs = np.corrcoef(speed.T + 1e-9 * np.arange(3)[:, None])[np.triu_indices(3, 1)]
    bend = np.log(np.linalg.norm(rate(speed), axis=1) + 1.0)
    middle = slice(len(window) // 2 - 15, len(window) // 2 + 15)
    profile = smooth(logarithm, 0.08)[middle][::3]
    rest = float((logarithm < logarithm.mean() - 0.7).mean())
    return np.concatenate(
        [
            *(size, *bands, np.nan_to_num(pairs), profile, smooth(bend, 0.08)[middle][::3]),
            [logarithm.mean(), logarithm.std(), rest, bend.mean(), bend.max()],
        ]
    )


def separation(persons: Sequence[str], made: Array, free: Array) -> Interval:
    """AUC, at least 0.5, of a linear discriminant (Fisher 1936, with a ridge) trained without the person.

    Below 0.5 it has learned nothing: held-out persons then lie on the wrong side by what the others lack.

    made, free : (N, F) features, one row of each for each of the persons (N,)
    """
    everyone = sorted(set(persons))
    if len(everyone) < 2:
        return UNKNOWN
    of = np.array([everyone.index(person) for person in persons])
    both = np.concatenate([made, free])
    both = (both - both.mean(axis=0)) / (both.std(axis=0) + 1e-9)
    made, free = np.split(both, 2)
    scores = np.empty((2, len(of)))
    for held in range(len(everyone)):
        known = of != held
        inside = np.concatenate([group[known] - group[known].mean(axis=0) for group in (made, free)])
        spread = inside.T @ inside / len(inside) + _RIDGE * np.eye(inside.shape[1])
        direction = np.linalg.solve(spread, made[known].mean(axis=0) - free[known].mean(axis=0))
        scores[:, ~known] = np.stack([group[~known] @ direction for group in (made, free)])

    def areas(rows: IntArray) -> float:
        return max(area(scores[0, rows], scores[1, rows]), 0.5)

    return over_persons(list(persons), areas)


def _share(one: Asked) -> float:
    """Which share of the depth that was asked for a detector finds at its time; 0 where it finds no such gesture."""
    if one.depth_deg == 0.0:
        return 0.0
    depth, angle = abs(one.depth_deg), np.sign(one.depth_deg) * one.made[:, one.axis]
    if one.held_s > 0.0:
        away = np.abs(np.arange(len(angle)) / GRID_HZ - one.time_s)
        share = float(angle[away <= 0.5 * one.held_s].mean()) / depth
        return share if share >= _LEAST_SHARE else 0.0
    depths = [
        swing.depth
        for swing in swings(angle, _LEAST_SHARE * depth)
        if abs(swing.time_s - one.time_s) <= FOUND_S
    ]
    return min((found / depth for found in depths), key=lambda share: abs(share - 1.0), default=0.0)


def _speeds(angles: Array) -> tuple[Array, Array]:
    """Sizes of velocity and acceleration (T,)."""
    speed = rate(angles)
    return np.linalg.norm(speed, axis=1), np.linalg.norm(rate(speed), axis=1)
