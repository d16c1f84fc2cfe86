"""One2Many: metric of diversity over seeds, and of novelty against copying the reference."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..motion import GRID_HZ
from ..style.resampling import GridTrack, rate
from ..types import Array
from .evaluation_case import EvaluationCase
from .interval import Interval, ratio_over_persons

WINDOW_S = 2
_LEAST_VALID = 0.95
_STILL_DEG_S = 0.5  # a window slower than this looks like any other
_MIRROR = np.repeat([1.0, -1.0, -1.0], WINDOW_S * GRID_HZ)  # a window's pitch, then its yaw, then its roll


@dataclass(frozen=True)
class OneToMany:
    """spread : distance between seeds over that between target and reference; NaN with one seed a pair
    novelty : distance of 2 s windows to the nearest in the reference over that of the target's; a copy is 0
    """

    spread: Interval
    novelty: Interval


def one_to_many(takes: Sequence[EvaluationCase]) -> OneToMany:
    """Spread over seeds, and the no-copy test."""
    by_pair = defaultdict(list)
    for take in takes:
        by_pair[take.pair].append(take)
    firsts = [group[0] for group in by_pair.values()]
    spread = np.array([_between_seeds(group) for group in by_pair.values()])
    natural = np.array([apart_deg(take.target, take.reference) for take in firsts])
    made = np.array([nearest(take.motion, take.reference) for take in takes])
    real = np.array([nearest(take.target, take.reference) for take in takes])
    return OneToMany(
        ratio_over_persons([take.person for take in firsts], spread, natural),
        ratio_over_persons([take.person for take in takes], made, real),
    )


def apart_deg(a: GridTrack, b: GridTrack, longest: int | None = None) -> float:
    """Mean angle between two motions, each about its own mean, sample by sample from their starts."""
    count = min(len(a.valid), len(b.valid), longest or len(a.valid))
    one, other = (track.angles_deg[:count] - track.angles_deg[:count].mean(axis=0) for track in (a, b))
    return float(np.linalg.norm(one - other, axis=1).mean())


def nearest(motion: GridTrack, reference: GridTrack) -> float:
    """Mean distance of 2 s windows of a motion to the most alike window of the reference, 0 to 1.4.

    Windows hold angular rates and have unit length, so that a copy is found at any size; the distance
    √(2 − 2r) belongs to a correlation r. The mirrored reference counts too. NaN for a head at rest.
    """
    made = _unit_windows(motion, GRID_HZ)
    known = _unit_windows(reference, 1)
    if not len(made) or not len(known):
        return float("nan")
    alike = np.maximum((made @ known.T).max(axis=1), ((made * _MIRROR) @ known.T).max(axis=1))
    return float(np.sqrt(np.maximum(2.0 - 2.0 * alike, 0.0)).mean())


def _between_seeds(takes: Sequence[EvaluationCase]) -> float:
    """Mean distance between all takes of one pair, over the duration of its natural motion."""
    longest = len(takes[0].reference.valid)
    found = [apart_deg(a.motion, b.motion, longest) for a, b in combinations(takes, 2)]
    return float(np.mean(found)) if found else float("nan")


def _unit_windows(track: GridTrack, step: int) -> Array:
    """Angular rates in windows of 2 s that have no gaps and move, of unit length each, (N, 150)."""
    length = WINDOW_S * GRID_HZ
    if len(track.valid) < length:
        return np.empty((0, 3 * length))
    cuts = sliding_window_view(rate(track.angles_deg), length, axis=0)[::step]
    whole = sliding_window_view(track.valid, length)[::step].mean(axis=1) >= _LEAST_VALID
    size = np.sqrt(np.square(cuts).sum(axis=(1, 2)))
    kept = whole & (size > _STILL_DEG_S * np.sqrt(length))
    return (cuts[kept] / size[kept, None, None]).reshape(-1, 3 * length)
