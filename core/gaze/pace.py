"""How lively eyes are: people differ in it, and so do stretches of one take."""

import numpy as np

from ..motion import GRID_HZ
from ..noise import Channel, normals
from ..types import Array

_KNOT = 20 * GRID_HZ  # grid samples


def pace(seed: int, channel: Channel, first: int, count: int) -> Array:
    """Standard normal values (count,) that change over some 20 s, and are a function of seed and moment alone.

    seed : whole number below 2^64
    first : grid index of the first one
    """
    index = first + np.arange(count)
    knot, begin = index // _KNOT, first // _KNOT
    drawn = normals(seed, channel, begin, (first + count) // _KNOT - begin + 2)
    share = index % _KNOT / _KNOT
    between = (1.0 - share) * drawn[knot - begin] + share * drawn[knot - begin + 1]
    return np.asarray(between / np.sqrt((1.0 - share) ** 2 + share**2))
