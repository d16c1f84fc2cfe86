"""Personal correction of the mouth network: a small linear model fitted to a reference.

A ridge regression from log-mel features about a moment to how much wider the mouth is than the network predicts.
"""

import numpy as np

from ..network.layers import Floats
from ..types import Array
from .log_mel import BANDS
from .network import PER_STEP, STEP_HZ

_STEPS = (-6, -3, 0, 3, 6)
SIZE = len(_STEPS) * BANDS + 1

_RIDGE_S = 60.0  # strength of the prior of no correction, seconds of reference


def about(features: Floats) -> Array:
    """Feature windows about each step, (N, SIZE), of log-mel features (T, BANDS); the last column is 1."""
    steps = -(-len(features) // PER_STEP)
    whole = np.pad(features, ((0, steps * PER_STEP - len(features)), (0, 0)), mode="edge")
    means = whole.reshape(steps, PER_STEP, BANDS).mean(axis=1, dtype=np.float64)
    at = np.clip(np.arange(steps)[:, None] + _STEPS, 0, steps - 1)
    return np.column_stack([means[at].reshape(steps, -1), np.ones(steps)])


def fit_correction(around: Array, missing: Array) -> Array:
    """Fit the weights, (SIZE,), of `correction`; its mean over the reference is 0.

    around : (N, SIZE) of `about`, at STEP_HZ
    missing : (N,) how much farther than predicted the lips are apart, in units of the person's gain
    """
    middle = around[:, :-1].mean(axis=0)
    inputs = around[:, :-1] - middle
    ridge = _RIDGE_S * STEP_HZ * np.eye(SIZE - 1)
    weights = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ (missing - missing.mean()))
    return np.append(weights, -middle @ weights)


def correction(features: Floats, correction_weights: Array) -> Array:
    """Correction of the lip opening, (N,), in units of the gain, at STEP_HZ."""
    return np.asarray(about(features) @ correction_weights)
