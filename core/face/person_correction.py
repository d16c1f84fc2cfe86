"""Personal correction of the mouth network: a small linear model fitted to a reference.

A ridge regression from the phonetic features about a moment to how far the mouth's coefficients are from what the network
predicts: how much farther the lips are apart, how much wider they are, how much more they protrude.
"""

import numpy as np

from ..network.layers import Floats
from ..types import Array
from .network import STEP_HZ

_STEPS = (-6, 0, 6)

_RIDGE_S = 60.0  # strength of the prior of no correction, seconds of reference


def about(phonetic: Floats) -> Array:
    """Feature windows about each step, (N, S), of phonetic features (N, E); the last column is 1."""
    steps = len(phonetic)
    at = np.clip(np.arange(steps)[:, None] + _STEPS, 0, steps - 1)
    return np.column_stack([phonetic[at].reshape(steps, -1).astype(np.float64), np.ones(steps)])


def fit_correction(around: Array, missing: Array) -> Array:
    """Fit the weights, (S, K), of `correction`; its mean over the reference is 0.

    around : (N, S) of `about`, at STEP_HZ
    missing : (N, K) mouth coefficients less the predicted ones, in units of the person's gain
    """
    middle = around[:, :-1].mean(axis=0)
    inputs = around[:, :-1] - middle
    ridge = _RIDGE_S * STEP_HZ * np.eye(inputs.shape[1])
    weights = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ (missing - missing.mean(axis=0)))
    return np.vstack([weights, -middle @ weights])


def correction(phonetic: Floats, correction_weights: Array) -> Array:
    """Correction of the mouth coefficients, (N, K), in units of the gain, at STEP_HZ."""
    return np.asarray(about(phonetic) @ correction_weights)
