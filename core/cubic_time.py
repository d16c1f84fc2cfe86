"""A change of time that begins at rest and joins the clock as it runs."""

import numpy as np

from .types import Array


def eased(time_s: Array, first_s: float, last_s: float) -> Array:
    """Times to read instead of times (T,), in seconds: 0 up to `first_s`, then faster, at `last_s` the time itself.

    It increases, and so does its speed up to 1, as long as -2 `last_s` <= `first_s` <= 0 < `last_s`: a cubic of Hermite with
    the slopes 0 and 1 (Fritsch and Carlson, Monotone piecewise cubic interpolation, 1980).
    """
    length = last_s - first_s
    u = np.clip((time_s - first_s) / length, 0.0, 1.0)
    return np.asarray(last_s * u**2 * (3.0 - 2.0 * u) + length * u**2 * (u - 1.0))
