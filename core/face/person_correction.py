"""What one person's mouth does otherwise than people's in general: a small correction, learned from a reference.

A ridge regression from what is heard about a moment to how much wider the mouth is then than the network says.
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
    """What is heard about each step, (N, SIZE), of what is heard (T, BANDS); the last column is 1."""
    steps = -(-len(heard) // PER_STEP)
    whole = np.pad(heard, ((0, steps * PER_STEP - len(heard)), (0, 0)), mode="edge")
    means = whole.reshape(steps, PER_STEP, BANDS).mean(axis=1, dtype=np.float64)
    at = np.clip(np.arange(steps)[:, None] + _STEPS, 0, steps - 1)
    return np.column_stack([means[at].reshape(steps, -1), np.ones(steps)])


def fit_habit(around: Array, missing: Array) -> Array:
    """The habit, (SIZE,), for `correction`; its mean over the reference is nothing.

    around : (N, SIZE) of `about`, at STEP_HZ
    missing : (N,) how much farther than told the lips are apart, in units of the person's gain
    """
    middle = around[:, :-1].mean(axis=0)
    inputs = around[:, :-1] - middle
    ridge = _RIDGE_S * STEP_HZ * np.eye(SIZE - 1)
    weights = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ (missing - missing.mean()))
    return np.append(weights, -middle @ weights)


def correction(heard: Floats, habit: Array) -> Array:
    """How much farther the lips are apart than the network says, (N,), in units of the gain, at STEP_HZ."""
    return np.asarray(about(heard) @ habit)
