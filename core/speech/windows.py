"""Statistics over bounded windows, the only normalisation there is.

A value is compared with the 25 s before it and the 4 s after it, never with the whole utterance:
so speech that is appended leaves alone what lies further back, and an hour is no special case.
"""

from collections.abc import Callable

import numpy as np

from ..motion import GRID_HZ
from ..types import Array, BoolArray

PAST_S = 25
AHEAD_S = 4


def local(
    statistic: Callable[[Array], float | Array],
    values: Array,
    where: BoolArray,
    default: float,
) -> Array:
    """A statistic of the chosen samples around each sample; looks AHEAD_S + 0.5 s ahead.

    It is taken each half second and linear between.

    values : (T,) or (T, C); where : (T,) which samples count
    default : what holds where fewer than a fifth of a second of them lie in the window
    returns : the shape of `values`
    """
    half = GRID_HZ // 2
    anchors = np.arange(0, len(values) + half, half)
    found = np.full((len(anchors), *values.shape[1:]), default, np.float64)
    for i, anchor in enumerate(anchors):
        window = slice(max(0, anchor - PAST_S * GRID_HZ), anchor + AHEAD_S * GRID_HZ)
        chosen = values[window][where[window]]
        if len(chosen) >= GRID_HZ // 5:
            found[i] = statistic(chosen)
    left = np.arange(len(values)) // half
    share = (np.arange(len(values)) % half / half).reshape(-1, *[1] * (values.ndim - 1))
    return (1.0 - share) * found[left] + share * found[left + 1]


def smooth(values: Array, sigma_s: float) -> Array:
    """Zero-phase Gaussian smoothing along time, 3 sigma to each side, of (T,) or (T, C)."""
    reach = int(np.ceil(3.0 * sigma_s * GRID_HZ))
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / (sigma_s * GRID_HZ)))
    kernel /= kernel.sum()
    columns = values.reshape(len(values), -1)
    # As np.pad with mode="edge", which takes ten times as long on the short stretches of a stream.
    first, last = np.repeat(columns[:1], reach, axis=0), np.repeat(columns[-1:], reach, axis=0)
    columns = np.concatenate([first, columns, last])
    out = np.stack([np.convolve(column, kernel, mode="valid") for column in columns.T], axis=1)
    return out.reshape(values.shape)
