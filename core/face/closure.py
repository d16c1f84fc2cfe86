"""Lip closure for p, b and m, which a network trained on mean errors never quite predicts."""

import numpy as np

from ..types import Array
from .mouth import opening_m

_HELD = 1  # steps to each side: lips touch for three at least, which no 25 frames a second miss


def close_lips(shape: Array, closed: Array, closed_from: float) -> Array:
    """Close the lips in mouth shapes (N, K) where closure is likeliest.

    A regression predicts the conditional mean; lips that nearly touch look wrong. So the gap shrinks by the
    probability of closed lips, and goes to nothing about each peak of it that is high enough. What is beside
    the gap stays as it is.

    closed : (N,) probability that the lips are closed
    closed_from : how high a peak has to be
    """
    padded = np.pad(closed, 1, constant_values=-1.0)
    peaks = (closed >= padded[:-2]) & (closed > padded[2:]) & (closed >= closed_from)
    touching = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, _HELD), 2 * _HELD + 1).any(axis=1)
    open_share = np.where(touching, 0.0, 1.0 - closed)
    found = shape.copy()
    found[:, 0] *= np.where(opening_m(shape) > 0.0, open_share, 1.0)
    return found
