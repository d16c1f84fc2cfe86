"""Calibration of the mouth network on held-out persons: gain of the shapes, threshold of closed lips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mannerism.core.face.closure import close_lips
from mannerism.core.types import Array, BoolArray
from mannerism.training.face.examples import Example
from mannerism.training.face.network import TrainedMouth

MADE_UP, SEEN = 0.98, 0.5
"""The share of closures that have to be predicted: in made-up words, and in people, where the tracker is in doubt."""

_CLOSED_FROM = (0.2, 0.8)


@dataclass(frozen=True)
class Calibration:
    """Calibration in the metadata of the weights.

    scale : (K,) what the network's numbers are multiplied by, beside the person's gain
    closed_from : probability from which on lips are closed
    agreement : mean over clips of the correlation of the opening as predicted and as tracked
    """

    scale: list[float]
    closed_from: float
    agreement: float


def predicted_by(network: TrainedMouth, example: Example) -> tuple[Array, Array]:
    """Shapes (M, K) of the network, and probabilities of closed lips (M,)."""
    with torch.no_grad():
        shape, logits, _ = network.eval()(torch.from_numpy(example.log_mel[: 2 * len(example.shape)])[None])
    return shape[0].numpy().astype(np.float64), torch.sigmoid(logits[0]).numpy().astype(np.float64)


def agreement(network: TrainedMouth, shown: Sequence[Example]) -> float:
    """Mean over clips of the correlation of predicted and measured opening."""
    found = []
    for example in shown:
        predicted, _ = predicted_by(network, example)
        found.append(np.corrcoef(predicted[example.tracked, 0], example.shape[example.tracked, 0])[0, 1])
    return float(np.mean(found))


def calibrate(
    network: TrainedMouth, scale: Array, shown: Sequence[Example], lines: Sequence[Example]
) -> Calibration:
    """Set the threshold of closing so that MADE_UP and SEEN are met, then the scale of openings to that of people.

    scale : (K,) by which shapes were divided for the training
    shown, lines : real talks and made-up lines that were not learned from
    """
    closed_from = float(
        np.clip(min(_peak(network, lines, MADE_UP), _peak(network, shown, SEEN)), *_CLOSED_FROM)
    )
    predicted, tracked = [], []
    for example in shown:
        shape, closed = predicted_by(network, example)
        predicted.append(close_lips(shape * scale, closed, closed_from)[example.tracked].std(axis=0))
        tracked.append(example.shape[example.tracked].std(axis=0))
    grown = np.median(np.array(tracked)[:, 0] / np.array(predicted)[:, 0])
    return Calibration(
        scale=(scale * grown).tolist(),
        closed_from=closed_from,
        agreement=agreement(network, shown),
    )


def closures(closed: BoolArray, known: BoolArray) -> list[tuple[int, int]]:
    """First and last sample + 1 of each labelled stretch of closed lips."""
    marked = np.concatenate([[False], closed & known, [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(marked)).reshape(-1, 2)
    return [(int(first), int(stop)) for first, stop in edges]


def _peak(network: TrainedMouth, examples: Sequence[Example], share: float) -> float:
    """What this share of the closures reach with their highest probability."""
    peaks: list[float] = []
    for example in examples:
        _, closed = predicted_by(network, example)
        peaks += [
            float(closed[max(first - 1, 0) : stop + 1].max())
            for first, stop in closures(example.closed, example.known)
        ]
    return float(np.quantile(peaks, 1.0 - share))
