"""Lips that touch for p, b and m: what a network that hedges its bets never quite says."""

import numpy as np
from numpy.typing import NDArray

from .mouth import opening_m

Array = NDArray[np.float64]

_BEGINS = 0.4  # of the probability from which on lips are closed
_HELD = 1  # steps to each side: lips stay together for three at least, which no 25 pictures a second miss


def close_lips(shape: Array, closed: Array, closed_from: float) -> Array:
    """Shapes (N, K) whose opening goes to nothing where lips are likely closed.

    A regression tells the mean of what is likely; lips that nearly touch look wrong. What is beside the
    opening stays as it is.

    closed : (N,) probability that the lips are closed
    closed_from : from where on they are, entirely
    """
    begins = _BEGINS * closed_from
    share = np.clip((closed - begins) / (closed_from - begins), 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    held = np.lib.stride_tricks.sliding_window_view(np.pad(share, _HELD), 2 * _HELD + 1).max(axis=1)
    found = shape.copy()
    found[:, 0] *= np.where(opening_m(shape) > 0.0, 1.0 - held, 1.0)
    return found
