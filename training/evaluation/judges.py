"""The judges of the scorecard, trained on persons who do not judge, and how much training each run affords."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mannerism.core.evaluate import Verifier
from mannerism.core.evaluate.c2st import WINDOW_S
from mannerism.core.motion import GRID_HZ, Progress, no_progress
from mannerism.training.data.dataset import segments
from mannerism.training.evaluation.classifier import Classifier
from mannerism.training.evaluation.judge_features import windows
from mannerism.training.evaluation.verifier import pieces, train_verifier


@dataclass(frozen=True)
class Budget:
    """Steps of training, and seeds of each engine."""

    verifier: int
    baseline: int
    classifier: int
    seeds: int


FULL = Budget(verifier=1000, baseline=1200, classifier=200, seeds=8)
TOY = Budget(verifier=60, baseline=20, classifier=10, seeds=2)
"""Shows that everything runs; its figures mean nothing."""


@dataclass(frozen=True)
class Judges:
    """Of StyleID and of C2ST."""

    verifier: Verifier
    classifier: Classifier


def judges(dataset: Path, work: Path, budget: Budget, progress: Progress = no_progress) -> Judges:
    """Judges of a prepared dataset, kept in `work`, which exists: trained once, and the classifier's answers too.

    Raises
    ------
    DatasetError : there is no such dataset
    CancelledError : through `progress`
    """
    known = pieces(segments(dataset, "train"))
    valid = pieces(segments(dataset, "valid"))
    verifier = train_verifier(work / "verifier.pt", known, valid, steps=budget.verifier, progress=progress)
    answers = work / "answers"
    answers.mkdir(exist_ok=True)
    # One sample less than a window: velocities lie between poses.
    others = np.concatenate([windows(piece.rates, WINDOW_S - 1 / GRID_HZ, WINDOW_S / 2) for piece in known])
    return Judges(verifier, Classifier(others, answers, steps=budget.classifier))
