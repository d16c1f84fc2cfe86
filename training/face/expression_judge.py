"""Judge of expression: a small network on statistics of 4 s windows, fitted on some persons and asked about others.

A classifier two-sample test (Lopez-Paz and Oquab 2017), as for the head.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array, BoolArray
from mannerism.training.train_loop import train

WINDOW_S, STEP_S, FOLDS = 4, 1, 5

_PAIRS = ((0, 1), (0, 2), (0, 3), (4, 5), (6, 7), (0, 6), (0, 4), (4, 7))  # numbers that go together
_LEAST_M = 2e-5  # far below the tracker's noise: a face at rest has finite logarithms
_MEMORY = (5, 15)  # samples
_WIDTH, _STEPS, _CLIPPED = 24, 150, 4.0


def windows(values: Array) -> Array:
    """All windows (W, L, C) of (T, C)."""
    length = WINDOW_S * GRID_HZ
    view = np.lib.stride_tricks.sliding_window_view(values, length, axis=0)[:: STEP_S * GRID_HZ]
    return np.swapaxes(view, 1, 2)


def statistics(cuts: Array) -> Array:
    """Size, quickness, tails, skewness and memory of each number, couplings, and rhythm of the brows, of (W, L, 8)."""
    cuts = cuts - cuts.mean(axis=1, keepdims=True)
    size = cuts.std(axis=1) + _LEAST_M
    steps = np.diff(cuts, axis=1)
    unit = cuts / size[:, None]
    speed = np.log(np.abs(steps[..., :2]).mean(axis=2) + 0.1 * _LEAST_M)
    return np.column_stack(
        [
            np.log(size),
            np.log(np.abs(steps).mean(axis=1) + 0.1 * _LEAST_M) - np.log(size),
            np.log((unit**4).mean(axis=1) + 0.1),
            (unit**3).mean(axis=1),
            *((unit[:, lag:] * unit[:, :-lag]).mean(axis=1) for lag in _MEMORY),
            *((unit[..., one] * unit[..., other]).mean(axis=1) for one, other in _PAIRS),
            np.percentile(speed, 10, axis=1) - speed.mean(axis=1),
            speed.std(axis=1),
        ]
    )


def scores(known: Array, made: BoolArray, persons: Sequence[str]) -> Array:
    """How much each window looks made, (N,), by networks that saw none of its person.

    known : (N, F) statistics; made : (N,)
    """
    everyone = sorted(set(persons))
    order = np.random.default_rng(0).permutation(len(everyone)) % FOLDS
    of_person = dict(zip(everyone, order.tolist(), strict=True))
    fold = np.array([of_person[person] for person in persons])
    found = np.zeros(len(known))
    for part in range(FOLDS):
        held = fold == part
        middle, spread = known[~held].mean(axis=0), known[~held].std(axis=0) + 1e-3
        scaled = np.clip((known - middle) / spread, -_CLIPPED, _CLIPPED)
        inputs = torch.from_numpy(scaled.astype(np.float32))
        found[held] = _fitted(inputs[~held], made[~held])(inputs[held]).detach().numpy()[:, 0]
    return found


def _fitted(inputs: torch.Tensor, made: BoolArray) -> nn.Module:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Dropout(0.2), nn.Linear(inputs.shape[1], _WIDTH), nn.GELU(), nn.Dropout(0.3), nn.Linear(_WIDTH, 1)
    )
    truth = torch.from_numpy(made.astype(np.float32))
    train(
        network,
        lambda: functional.binary_cross_entropy_with_logits(network(inputs)[:, 0], truth),
        steps=_STEPS,
        rate=5e-3,
    )
    return network
