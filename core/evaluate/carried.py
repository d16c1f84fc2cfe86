"""Carried: metric of traits: as much of each as in real motion, and each person's own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..style.resampling import GridTrack
from ..types import Array
from .evaluation_case import EvaluationCase
from .interval import Interval, correlation_over_persons, mean_over_persons
from .long_takes import LongTake, long_takes
from .traits import TRAITS, traits


@dataclass(frozen=True)
class Carried:
    """One trait in the motions of one system.

    value : mean over takes, in the trait's unit
    level : by how much it exceeds that of the targets; 0 is best
    single : correlation over persons between the reference's trait and one take's
    double : the same with the mean of two takes; unknown where nobody has two
    whole : the same with the mean of all of a person's takes
    """

    value: Interval
    level: Interval
    single: Interval
    double: Interval
    whole: Interval


def carried(takes: Sequence[EvaluationCase]) -> Mapping[str, Carried]:
    """All traits of the takes of one system, in which lines of one person are joined to long takes."""
    found = long_takes(takes)
    persons = [take.person for take in found]
    made = np.array([traits(take.motions) for take in found])  # (N x traits)
    real = _once([take.targets for take in found])
    reference = _once([(take.reference,) for take in found])
    two, all_of = _means(found, made, 2), _means(found, made, None)
    results = {}
    for i, name in enumerate(TRAITS):
        single, double, whole = (
            correlation_over_persons([persons[row] for row in rows], reference[rows, i], values[:, i])
            for rows, values in ((list(range(len(found))), made), two, all_of)
        )
        results[name] = Carried(
            mean_over_persons(persons, made[:, i]),
            mean_over_persons(persons, made[:, i] - real[:, i]),
            single,
            double,
            whole,
        )
    return results


def _once(tracks: Sequence[tuple[GridTrack, ...]]) -> Array:
    """Traits (N, traits) of tracks, measured once where seeds share them."""
    known = {tuple(map(id, own)): own for own in tracks}
    measured = {key: traits(own) for key, own in known.items()}
    return np.array([measured[tuple(map(id, own))] for own in tracks])


def _means(takes: Sequence[LongTake], made: Array, count: int | None) -> tuple[list[int], Array]:
    """A row of `takes` and mean traits for each group of `count` takes in one manner, or of all of them."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, take in enumerate(takes):
        rows[take.manner].append(row)
    groups = [
        own[i:j] for own in rows.values() for i, j in pairwise(range(0, len(own) + 1, count or len(own)))
    ]
    return [group[0] for group in groups], np.array([made[group].mean(axis=0) for group in groups]).reshape(
        -1, made.shape[1]
    )
