"""Calibration of the mouth network on held-out persons: gain of the shapes, threshold of closed lips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mannerism.core.face.closure import narrowed, touching
from mannerism.core.face.mouth_from_speech import loudness_on_grid, near_speech, sampled, voice_activity
from mannerism.core.face.network import STEP_HZ
from mannerism.core.face.own_mouth import gap_quantiles
from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array, BoolArray
from mannerism.training.face.examples import Example
from mannerism.training.face.network import TrainedMouth

MADE_UP, SEEN = 0.99, 0.5
"""The share of closures that have to be predicted: in made-up words, and in people, where the tracker is in doubt."""

_CLOSED_FROM = (0.2, 0.8)
_NEAR = 0.5


@dataclass(frozen=True)
class Calibration:
    """Calibration in the metadata of the weights.

    scale : (K,) what the network's numbers are multiplied by, beside the person's gain
    closed_from : probability from which on lips are closed
    predicted_gaps, seen_gaps : (len(LEVELS),) quantiles of openings near speech, means over clips, units of the gain
    agreement : mean over clips of the correlation of the opening as predicted and as tracked
    """

    scale: list[float]
    closed_from: float
    predicted_gaps: list[float]
    seen_gaps: list[float]
    agreement: float


def predicted_by(network: TrainedMouth, example: Example) -> tuple[Array, Array]:
    """Shapes (M, K) of the network, and probabilities of closed lips (M,)."""
    count = len(example.shape)
    log_mel = torch.from_numpy(example.log_mel[: 2 * count])
    phonetic = torch.from_numpy(example.phonetic[:count].astype(np.float32))
    with torch.no_grad():
        shape, logits, _ = network.eval()(log_mel[None], phonetic[None])
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
    grown, quantiles = [], []
    for example in shown:
        shape, closed = predicted_by(network, example)
        counted = example.tracked & (_near(example) > _NEAR)
        opening = narrowed(shape[:, 0] * scale[0], closed)[counted]
        grown.append(example.shape[counted, 0].std() / opening.std())
        touches = touching(closed, closed_from)[counted]
        quantiles.append(gap_quantiles(opening, example.shape[counted, 0], touches))
    size = float(np.median(grown))
    predicted, seen = np.mean(quantiles, axis=0)
    return Calibration(
        scale=(scale * size).tolist(),
        closed_from=closed_from,
        predicted_gaps=(size * predicted).tolist(),
        seen_gaps=seen.tolist(),
        agreement=agreement(network, shown),
    )


def _near(example: Example) -> Array:
    """Nearness of speech at each step of an example, as `core.face.mouth_from_speech` has it."""
    near = near_speech(voice_activity(loudness_on_grid(example.log_mel)))
    return sampled(near[:, None], GRID_HZ, np.arange(len(example.shape)) / STEP_HZ)[:, 0]


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
