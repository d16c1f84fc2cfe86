"""Principal components of mouth shapes of many persons: the lip gap first, then the main others.

Only movement as quick as speech counts, and of that only what does not go with the head's turning: a little
of it is left in the points where the pose is not measured well. Each clip counts alike, whatever its length
and its movement's size.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mannerism.core.arrays_file import write_arrays
from mannerism.core.face import mouth
from mannerism.core.types import Array
from mannerism.training.face.corpus import Talk

NUMBERS = 8
_SLOW_S = 1.0


def fit(talks: Iterable[Talk], numbers: int = NUMBERS) -> tuple[Array, Array]:
    """The basis (K, P, 3) and what share (K,) of the displacement is explained by it and those before it."""
    size = 3 * len(mouth.MOUTH_POINTS)
    square, along = np.zeros((size, size)), np.zeros(size)
    for talk in talks:
        points = _quick_alone(talk)[talk.used]
        flat = points.reshape(len(points), size)
        gap = mouth.gap_of(points)
        weight = 1.0 / np.square(gap).sum()
        square += weight * flat.T @ flat
        along += weight * gap @ flat
    gap = mouth.gap_weights().ravel()
    first = along / (along @ gap)
    away = np.eye(size) - np.outer(first, gap)  # takes from a displacement what the first explains
    residual = away @ square @ away.T
    variance, modes = np.linalg.eigh(residual)
    others = modes[:, ::-1][:, : numbers - 1].T
    predicted = np.concatenate([[0.0], np.cumsum(variance[::-1][: numbers - 1])])
    total = np.trace(square)
    shares = 1.0 - (np.trace(residual) - predicted) / total
    others /= np.abs(others).max(axis=1, keepdims=True)
    basis = np.concatenate([first[None], others]).reshape(numbers, -1, 3)
    return basis, shares


def write(path: Path, basis: Array) -> None:
    """Write the basis as `core.face.mouth` reads it."""
    write_arrays(path, {"basis": basis.astype(np.float32)})


def _quick_alone(talk: Talk) -> Array:
    """Quick movement of the points (N, P, 3), less its linear regression on the head's own."""
    count = len(talk.time_s)
    half = max(1, round(_SLOW_S / 2.0 / float(np.median(np.diff(talk.time_s)))))
    points = _quick(talk.points.reshape(count, -1).astype(np.float64), half)
    turn = _quick(talk.turn, half)
    predicted, *_ = np.linalg.lstsq(turn[talk.used], points[talk.used], rcond=None)
    return np.asarray((points - turn @ predicted).reshape(talk.points.shape))


def _quick(values: Array, half: int) -> Array:
    """Values (N, C) about their own mean over `half` samples to each side."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    index = np.arange(len(values))
    first, stop = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    return np.asarray(values - (sums[stop] - sums[first]) / (stop - first)[:, None])
