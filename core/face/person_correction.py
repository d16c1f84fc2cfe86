"""Correction of the mouth network for one person, learned from a reference.

A ridge regression from log-mel features around a moment to how much wider the mouth is than the network's output.
"""

import numpy as np

from ..network.layers import Floats
from ..types import Array
from .log_mel import BANDS
from .network import PER_STEP, STEP_HZ

_STEPS = (-6, -3, 0, 3, 6)
SIZE = len(_STEPS) * BANDS + 1

_RIDGE_S = 60.0  # so many seconds of a reference count as much as that there is no habit


def about(heard: Floats) -> Array:
    """Features around each step, (N, SIZE), of log-mel features (T, BANDS); the last column is 1."""
    steps = -(-len(heard) // PER_STEP)
    whole = np.pad(heard, ((0, steps * PER_STEP - len(heard)), (0, 0)), mode="edge")
    means = whole.reshape(steps, PER_STEP, BANDS).mean(axis=1, dtype=np.float64)
    at = np.clip(np.arange(steps)[:, None] + _STEPS, 0, steps - 1)
    return np.column_stack([means[at].reshape(steps, -1), np.ones(steps)])


def fit_habit(around: Array, missing: Array) -> Array:
    """Coefficients, (SIZE,), for `correction`, whose mean over the reference is zero.

    around : (N, SIZE) of `about`, at STEP_HZ
    missing : (N,) how much farther than the output of the network the lips are apart, in units of the person's gain
    """
    middle = around[:, :-1].mean(axis=0)
    inputs = around[:, :-1] - middle
    ridge = _RIDGE_S * STEP_HZ * np.eye(SIZE - 1)
    weights = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ (missing - missing.mean()))
    return np.append(weights, -middle @ weights)


def correction(heard: Floats, habit: Array) -> Array:
    """Added opening of the lips, (N,) at STEP_HZ, in units of the gain."""
    return np.asarray(about(heard) @ habit)
