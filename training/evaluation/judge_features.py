"""Input features of the judges: angular velocity of the head about its own axes, without its orientation.

Angular velocity in the head's frame does not know the neutral pose or the camera, which would give a
person away for the wrong reason. Nothing here is shared with the generator or with styles.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import butter, sosfiltfilt

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.core.types import Array, Float32Array

CUTOFF_HZ = 5.0
"""Just below where tracks and takes end: judges compare motion, not low-pass filters."""

STATISTICS = 24
_MIRROR = np.array([1.0, -1.0, -1.0], np.float32)
_LEAST = 0.05  # deg/s, below any tracker: a still head has finite logarithms
_TINY = 1e-6


def rates_of(angles_deg: ArrayLike) -> Float32Array:
    """Angular velocity (..., T − 1, 3), deg/s about the head's own axes, below CUTOFF_HZ.

    angles_deg : (..., T, 3) rotation vectors on the grid, T of two seconds or more
    """
    rotation = rot.from_rotvec(np.radians(angles_deg))
    steps = rot.to_rotvec(rot.multiply(rot.inverse(rotation[..., :-1, :]), rotation[..., 1:, :]))
    low_pass = butter(6, CUTOFF_HZ, fs=GRID_HZ, output="sos")
    return sosfiltfilt(low_pass, np.degrees(steps) * GRID_HZ, axis=-2).astype(np.float32)


def windows(rates: Float32Array, length_s: float, hop_s: float) -> Float32Array:
    """All windows, shape (W, L, 3), of (T, 3); none where the motion is shorter."""
    length, hop = round(length_s * GRID_HZ), round(hop_s * GRID_HZ)
    if len(rates) < length:
        return np.zeros((0, length, 3), np.float32)
    view = np.lib.stride_tricks.sliding_window_view(rates, length, axis=0)[::hop]
    return np.ascontiguousarray(np.swapaxes(view, 1, 2))


def mirrored(rates: Float32Array) -> Float32Array:
    """Mirrored motion: pitch unchanged, yaw and roll negated."""
    return rates * _MIRROR


def statistics(rates: Float32Array) -> Float32Array:
    """STATISTICS numbers on each window, shape (W, 24) of (W, L, 3).

    Per axis: size, peakedness, acceleration over speed, memory over 0.2 s and 0.6 s. Of the speed: how
    still the stillest tenth is, spread of its logarithm, share of rest, memory over 0.3 and 0.8 s. Of
    the axes: three couplings, and whether nods go down faster than up.
    """
    turns = rates.astype(np.float64)
    size = np.abs(turns).mean(axis=1) + _LEAST
    centred = turns - turns.mean(axis=1, keepdims=True)
    variance = np.square(centred).mean(axis=1) + _LEAST**2
    speed = np.linalg.norm(turns, axis=2) + _LEAST
    log_speed = np.log(speed)
    mean_speed = speed.mean(axis=1, keepdims=True)
    per_axis = [
        np.log(size),
        np.log((centred**4).mean(axis=1) / variance**2 + 1.0),
        np.log(np.abs(np.diff(turns, axis=1)).mean(axis=1) * GRID_HZ + _LEAST) - np.log(size),
        _memory(centred, variance, 5),
        _memory(centred, variance, 15),
    ]
    spread = log_speed - log_speed.mean(axis=1, keepdims=True)
    spread_variance = np.square(spread).mean(axis=1) + _TINY
    pairs = ((0, 1), (0, 2), (1, 2))
    of_speed = [
        np.log(np.percentile(speed, 10, axis=1)) - np.log(mean_speed[:, 0]),
        np.sqrt(spread_variance),
        (speed < 0.35 * mean_speed).mean(axis=1),
        _memory(spread[..., None], spread_variance[:, None], 8)[:, 0],
        _memory(spread[..., None], spread_variance[:, None], 20)[:, 0],
        *(
            (centred[..., a] * centred[..., b]).mean(axis=1) / np.sqrt(variance[:, a] * variance[:, b])
            for a, b in pairs
        ),
        (centred[..., 0] ** 3).mean(axis=1) / variance[:, 0] ** 1.5,
    ]
    return np.column_stack([*per_axis, *of_speed]).astype(np.float32)


def _memory(centred: Array, variance: Array, lag: int) -> Array:
    """Autocorrelation (W, C) at a lag in samples of centred (W, L, C)."""
    return np.asarray((centred[:, :-lag] * centred[:, lag:]).mean(axis=1) / variance)
