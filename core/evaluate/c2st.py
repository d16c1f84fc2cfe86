"""Classifier two-sample test (C2ST) between generated and real motion."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..motion import GRID_HZ
from ..style.resampling import GridTrack
from ..types import Array, BoolArray, IntArray
from .evaluation_case import EvaluationCase, first_takes
from .interval import UNKNOWN, Interval, over_persons

WINDOW_S, STEP_S = 4, 2
FOLDS = 5

_LEAST_VALID = 0.95


class Classifier(Protocol):
    """A binary classifier of windows, fitted separately for each fold."""

    def fit_predict(self, windows: Array, made: BoolArray, unseen: Array) -> Array:
        """Train on some persons, predict for others.

        windows : (N, 100, 3) rotation vectors in degrees at 25 Hz, each window about its own mean
        made : (N,) False for real motion, True for what is judged; often many more of one than of the other
        unseen : (M, 100, 3) windows of persons that `windows` has nothing of
        returns : (M,) larger where a window looks more made; on one scale for all folds, as a probability is
        """
        ...


def c2st(takes: Sequence[EvaluationCase], classifier: Classifier) -> Interval:
    """max(AUC, 1 − AUC) of classification with persons apart: 0.5 indistinguishable, 1 always distinguished.

    A classifier two-sample test (Lopez-Paz & Oquab 2017). Real motion is that of the references, which
    no ceiling and no cheat is made of, so that none is a copy of what the classifier was trained on as real.
    Windows of one person are in one fold; the interval is over persons without learning anew.
    """
    sources = [(take.person, take.reference, False) for take in first_takes(takes)]
    sources += [(take.person, take.motion, True) for take in takes]
    cuts = [windows_of(track) for _, track, _ in sources]
    counts = [len(cut) for cut in cuts]
    persons = np.repeat([person for person, _, _ in sources], counts)
    made = np.repeat([is_made for _, _, is_made in sources], counts)
    everyone = sorted(set(persons))
    if len(everyone) < 2 or made.all() or not made.any():
        return UNKNOWN
    windows = np.concatenate(cuts)
    order = np.random.default_rng(0).permutation(len(everyone)) % FOLDS
    fold = np.array([dict(zip(everyone, order, strict=True))[person] for person in persons])
    scores = np.empty(len(windows))
    for part in sorted(set(fold)):
        held = fold == part
        scores[held] = classifier.fit_predict(windows[~held], made[~held], windows[held])

    def separation(rows: IntArray) -> float:
        found = area(scores[rows[made[rows]]], scores[rows[~made[rows]]])
        return max(found, 1.0 - found)

    return over_persons(list(persons), separation)


def windows_of(track: GridTrack) -> Array:
    """Windows of 4 s each 2 s, (N, 100, 3) degrees about their means, those with gaps left out."""
    length, step = WINDOW_S * GRID_HZ, STEP_S * GRID_HZ
    starts = range(0, len(track.valid) - length + 1, step)
    whole = [i for i in starts if track.valid[i : i + length].mean() >= _LEAST_VALID]
    cuts = [track.angles_deg[i : i + length] for i in whole]
    return np.array([cut - cut.mean(axis=0) for cut in cuts]).reshape(-1, length, 3)


def area(high: Array, low: Array) -> float:
    """Area under the curve: how often one of `high` (N,) exceeds one of `low` (M,), ties half; NaN if empty."""
    if not len(high) or not len(low):
        return float("nan")
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2.0 * len(low)))
