"""Lip closure for p, b and m, which a network trained on mean errors never quite predicts.

A regression predicts the conditional mean; lips that nearly touch look wrong. So the gap shrinks by the probability
of closed lips, and goes to nothing about each peak of it that is high enough.
"""

import numpy as np

from ..types import Array, BoolArray

_HELD = 1  # steps to each side: lips touch for three at least, which no 25 frames a second miss


def narrowed(opening: Array, closed: Array) -> Array:
    """Lip openings (N,) narrowed by the probability (N,) that lips are closed; lips that are pressed stay so."""
    return opening * np.where(opening > 0.0, 1.0 - closed, 1.0)


def touching(closed: Array, closed_from: float) -> BoolArray:
    """Where lips touch, (N,): about each peak of the probability (N,) of closed lips that reaches `closed_from`."""
    padded = np.pad(closed, 1, constant_values=-1.0)
    peaks = (closed >= padded[:-2]) & (closed > padded[2:]) & (closed >= closed_from)
    return np.asarray(
        np.lib.stride_tricks.sliding_window_view(np.pad(peaks, _HELD), 2 * _HELD + 1).any(axis=1)
    )
