"""Resampling of a track to the common grid, by timestamps of valid frames, with a low-pass against jitter."""

from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadPoseTrack, cubic
from ..types import Array, BoolArray

CUTOFF_HZ = 5.5
"""Heads move below it (95 % of power below 4.1 Hz); what lies above is the tracker's noise."""

_REACH_S = 0.4
_NEAR_S = 0.15  # a valid frame this near makes a sample valid: 10 fps and a lost frame


@dataclass(frozen=True)
class GridTrack:
    """A track at GRID_HZ.

    start : index of the first sample: sample i lies at (start + i) / GRID_HZ seconds
    angles_deg : (T, 3) rotation vectors relative to neutral: pitch, yaw, roll
    translation_m : (T, 3)
    valid : (T,) bool
    noise_deg : root mean square of what the low-pass took away, a measure of the tracker's noise
    """

    start: int
    angles_deg: Array
    translation_m: Array
    valid: BoolArray
    noise_deg: float


def to_grid(track: HeadPoseTrack) -> GridTrack:
    """Resample a track with at least two valid frames to the grid, low-passed at CUTOFF_HZ."""
    keep = track.valid
    time_s = track.time_s[keep]
    start = int(np.ceil(time_s[0] * GRID_HZ - 1e-6))
    stop = int(np.floor(time_s[-1] * GRID_HZ + 1e-6)) + 1
    grid_s = np.arange(start, stop) / GRID_HZ
    vectors = rot.to_rotvec(track.rotation[keep])
    raw = cubic(time_s, np.column_stack([np.degrees(vectors), track.translation_m[keep]]), grid_s)
    right = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    away_s = np.minimum(np.abs(grid_s - time_s[right - 1]), np.abs(grid_s - time_s[right]))
    valid = away_s <= _NEAR_S
    smooth = low_pass(raw)
    noise_deg = float(np.sqrt(np.mean(np.square(raw - smooth)[valid, :3]))) if valid.any() else 0.0
    return GridTrack(start, smooth[:, :3], smooth[:, 3:], valid, noise_deg)


def low_pass(values: Array) -> Array:
    """Zero-phase low-pass of (T, C) at CUTOFF_HZ: a windowed sinc that reaches 0.4 s to each side."""
    reach = round(_REACH_S * GRID_HZ)
    offset = np.arange(-reach, reach + 1)
    kernel = np.sinc(2.0 * CUTOFF_HZ / GRID_HZ * offset) * np.hamming(2 * reach + 1)
    kernel /= kernel.sum()
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    return np.stack([np.convolve(column, kernel, mode="valid") for column in padded.T], axis=1)


def rate(values: Array) -> Array:
    """Time derivative on the grid, per second, shape as given."""
    return np.gradient(values, axis=0) * GRID_HZ
