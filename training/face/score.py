"""Evaluation of the face from speech on held-out persons: training/face/score.py CLIPS DATASET --work DIR.

Of each clip of the test part, the first 70 % is the reference, which gives how far the person's mouth goes,
and the last 30 % is the test. Beside what is shipped stand a constant mouth, a rule of loudness, a ridge
regression from the person's own reference alone, and what is shipped given somebody else's voice. How far picture and
sound of a clip are apart is estimated in the reference, for one of the columns. Every
line of the table pools all persons: persons are not distinguished.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mannerism.core.face.channels import table as channel_rows
from mannerism.core.face.log_mel import SPOKEN, loudness
from mannerism.core.face.manner import own, seen_mouth
from mannerism.core.face.mouth import opening_m, protrusion_m, width_m
from mannerism.core.face.mouth_from_speech import mouth_of
from mannerism.core.face.mouth_input import MouthInput
from mannerism.core.face.network import PER_STEP, mouth_network
from mannerism.core.face.own_mouth import OwnMouth
from mannerism.core.network.layers import Floats
from mannerism.core.types import Array, BoolArray
from mannerism.training.face.corpus import TRACKED_HZ, Talk, measured, talks
from mannerism.training.face.examples import CLOSED, OPEN
from mannerism.training.face.score_command import Corpus, score_command

REFERENCE = 0.7
LEAST_S = 2.0  # of the test part
_LEAD_S, _SMOOTHED = 0.06, 5  # of the rule: lips before sound, steps
_RIDGE_STEPS = (-6, -3, 0, 3, 6)
_RIDGE = 0.05
_NEAR = 2  # steps
_FARTHEST = 10  # steps that picture and sound may be apart
HEADINGS = (
    *("r", "r, in step", "r, whole clip", "amplitude", "median opening", "closed, less the person's"),
    *("closures met", "closed where open", "r of width", "r of protrusion", "r of pucker", "r of funnel"),
)
PUCKER, FUNNEL = "mouthPucker", "mouthFunnel"


@dataclass(frozen=True, eq=False)
class Trial:
    """A clip to judge by.

    features : of the sound; shape : (M, K) as tracked, metres; tracked : (M,) where it is
    turn : (M, 3) rotation vectors of the head
    reference, test : (M,) parts of `tracked`
    """

    person: str
    features: MouthInput
    shape: Array
    tracked: BoolArray
    turn: Array
    reference: BoolArray
    test: BoolArray

    @property
    def opening(self) -> Array:
        """(M,) metres."""
        return opening_m(self.shape)

    @property
    def log_mel(self) -> Floats:
        """(T, BANDS)."""
        return self.features.log_mel

    @property
    def deviation(self) -> float:
        """Standard deviation of the opening in the reference."""
        return float(self.opening[self.reference].std())

    @cached_property
    def protrusion(self) -> Array:
        """(M,) metres, without what goes with the head's turn: a tracker's depth is flat."""
        protruded = protrusion_m(self.shape)
        inputs = np.column_stack([self.turn, np.ones(len(protruded))])
        leaking, *_ = np.linalg.lstsq(inputs[self.tracked], protruded[self.tracked], rcond=None)
        return np.asarray(protruded - inputs @ leaking)

    @cached_property
    def own(self) -> OwnMouth:
        """The person's mouth, as the product finds it in a reference with sound."""
        time_s = np.arange(len(self.opening)) / TRACKED_HZ
        return own(self.features, self.shape[self.reference], time_s[self.reference])


System = Callable[[Trial, Trial], Array]
"""The opening (M,), or the shape (M, K), metres, for a trial; the second one is of somebody else."""


def trial_of(talk: Talk) -> Trial | None:
    """A trial, or None for too short a talk."""
    shape, tracked = talk.tracked()
    index = np.flatnonzero(tracked)
    cut = index[int(REFERENCE * len(index))] if len(index) else 0
    test = tracked & (np.arange(len(tracked)) >= cut)
    if test.sum() < LEAST_S * TRACKED_HZ:
        return None
    features = MouthInput(talk.log_mel, mouth_network().project(talk.phonetic.astype(np.float32)))
    steps_s = np.arange(len(tracked)) / TRACKED_HZ
    turn = np.stack([np.interp(steps_s, talk.time_s, column) for column in talk.turn.T], axis=1)
    return Trial(talk.row.person, features, shape, tracked, turn, tracked & ~test, test)


def constant(trial: Trial, _other: Trial) -> Array:
    """The mean of the reference."""
    return np.full(len(trial.opening), trial.opening[trial.reference].mean())


def rule(trial: Trial, _other: Trial) -> Array:
    """The louder, the wider, a moment before."""
    loud = loudness(trial.log_mel, PER_STEP)[: len(trial.opening)]
    loud = np.convolve(loud, np.ones(_SMOOTHED) / _SMOOTHED, "same")
    ahead = np.roll(loud, -round(_LEAD_S * TRACKED_HZ))
    known = trial.reference
    return trial.opening[known].mean() + trial.deviation * (ahead - ahead[known].mean()) / ahead[known].std()


def ridge(trial: Trial, _other: Trial) -> Array:
    """A regression on the features around each moment, from the reference alone, as large as it."""
    steps = (
        trial.log_mel[: PER_STEP * len(trial.opening)].reshape(len(trial.opening), PER_STEP, -1).mean(axis=1)
    )
    at = np.clip(np.arange(len(steps))[:, None] + _RIDGE_STEPS, 0, len(steps) - 1)
    inputs = steps[at].reshape(len(steps), -1).astype(np.float64)
    known = trial.reference
    inputs -= inputs[known].mean(axis=0)
    square = inputs[known].T @ inputs[known]
    square += _RIDGE * np.trace(square) / len(square) * np.eye(len(square)) * len(square) / 10.0
    weights = np.linalg.solve(square, inputs[known].T @ (trial.opening[known] - trial.opening[known].mean()))
    predicted = inputs @ weights
    return trial.opening[known].mean() + trial.deviation * predicted / predicted[known].std()


def shipped(trial: Trial, _other: Trial) -> Array:
    """The shipped method."""
    return mouth_of(trial.features, trial.own)[: len(trial.opening)]


def without_habit(trial: Trial, _other: Trial) -> Array:
    """The shipped method for a person of whom the size and the distribution are measured, not the voice."""
    return mouth_of(trial.features, seen_mouth(trial.opening[trial.reference]))[: len(trial.opening)]


def wrong_voice(trial: Trial, other: Trial) -> Array:
    """The shipped method with somebody else's voice."""
    return np.take(mouth_of(other.features, trial.own), np.arange(len(trial.opening)), axis=0, mode="wrap")


SYSTEMS: Mapping[str, System] = {
    "shipped": shipped,
    "shipped, without the reference's sound": without_habit,
    "shipped, wrong voice": wrong_voice,
    "ridge, from the reference alone": ridge,
    "loudness": rule,
    "constant": constant,
}


FITTED = frozenset({"shipped", "shipped, wrong voice", "ridge, from the reference alone"})
"""What learns from the reference's own words, so that only the rest of a clip can judge it."""


def figures(trial: Trial, made: Array, name: str) -> Array:
    """The figures of HEADINGS for one clip; NaN where there is none."""
    predicted = made if made.ndim == 1 else opening_m(made)
    tracked, test, opening, closed_m = trial.tracked, trial.test, trial.opening, CLOSED * trial.deviation
    whole = np.nan if name in FITTED else _correlation(predicted[tracked], opening[tracked])
    spoken = loudness(trial.log_mel, PER_STEP)[: len(tracked)] > SPOKEN
    shut = test & spoken & (opening < closed_m)
    wide = test & (opening > OPEN * trial.deviation)
    says = predicted < closed_m
    near = np.convolve(says, np.ones(2 * _NEAR + 1), "same") > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shut.astype(int), [0]]))).reshape(-1, 2)
    met = [near[first:stop].any() for first, stop in edges if stop - first >= _NEAR]
    return np.array(
        [
            _correlation(predicted[test], opening[test]),
            _correlation(_in_step(trial, predicted)[test], opening[test]),
            whole,
            predicted[test].std() / opening[test].std(),
            np.median(predicted[test]) / max(np.median(opening[test]), 1e-4),
            says[test].mean() - (opening[test] < closed_m).mean(),
            np.mean(met) if met else np.nan,
            says[wide].mean() if wide.any() else np.nan,
            *_beside(trial, made),
        ]
    )


def _beside(trial: Trial, made: Array) -> list[float]:
    """Correlations of width, protrusion, and what rigs get as mouthPucker and mouthFunnel."""
    if made.ndim == 1:
        return [np.nan] * 4
    real, test = trial.shape, trial.test
    pairs = [
        (width_m(made), width_m(real)),
        (protrusion_m(made), trial.protrusion),
        *(
            (made @ np.array(channel_rows()[name]), real @ np.array(channel_rows()[name]))
            for name in (PUCKER, FUNNEL)
        ),
    ]
    return [_correlation(one[test], other[test]) for one, other in pairs]


def _in_step(trial: Trial, predicted: Array) -> Array:
    """A predicted opening, moved by what makes it agree best with the tracked one in the reference."""
    known = trial.reference
    moved = [np.roll(predicted, steps) for steps in range(-_FARTHEST, _FARTHEST + 1)]
    return max(moved, key=lambda each: _correlation(each[known], trial.opening[known]))


def _correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-9 and b.std() > 1e-9 else 0.0


def rows(trials: Sequence[Trial]) -> dict[str, Array]:
    """Of each system the figures of each person, (persons, figures): means over the person's clips."""
    found = {}
    for name, system in SYSTEMS.items():
        of_person: dict[str, list[Array]] = defaultdict(list)
        for number, trial in enumerate(trials):
            other = next(each for each in (*trials[number:], *trials) if each.person != trial.person)
            of_person[trial.person].append(figures(trial, system(trial, other), name))
        found[name] = np.array([_mean(np.array(each)) for each in of_person.values()])
    return found


def _mean(values: Array) -> Array:
    counted = np.isfinite(values)
    total = np.where(counted, values, 0.0).sum(axis=0)
    return np.where(counted.any(axis=0), total / np.maximum(counted.sum(axis=0), 1), np.nan)


def table(found: Mapping[str, Array]) -> str:
    """Medians over persons, and quartiles."""
    lines = ["| | " + " | ".join(HEADINGS) + " |", "|---" * (len(HEADINGS) + 1) + "|"]
    for name, values in found.items():
        cells = []
        for column in values.T:
            known = column[np.isfinite(column)]
            low, middle, high = np.percentile(known, [25, 50, 75]) if len(known) else [np.nan] * 3
            cells.append(f"{middle:.2f} ({low:.2f} to {high:.2f})" if len(known) else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _corpus(given: argparse.Namespace) -> Corpus:
    (judges,), paths = measured(given, given.part)
    tracked = talks(judges, paths, given.work)
    trials = [trial for trial in map(trial_of, tracked) if trial is not None]
    return Corpus(len({trial.person for trial in trials}), len(trials), lambda: table(rows(trials)))


def main() -> int:
    return score_command(__doc__, "face-score", _corpus)


if __name__ == "__main__":
    sys.exit(main())
