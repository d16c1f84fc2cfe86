"""Weights that rise from 0 to 1 smoothly."""

import numpy as np

from .types import Array


def smootherstep(share: Array) -> Array:
    """From 0 to 1 over shares 0 to 1, any shape, with no jump in velocity or acceleration; held outside.

    The quintic of Perlin (Improving noise, 2002).
    """
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(s**3 * (10.0 - 15.0 * s + 6.0 * s**2))
