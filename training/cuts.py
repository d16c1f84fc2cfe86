"""Shots: where the picture jumps, and how much the tracker trembles."""

import numpy as np
from numpy.typing import NDArray

from mannerism.core import rotation as rot
from mannerism.core.motion import Array
from mannerism.core.track import FaceMeasurements

JUMP_DEG = 5.0
JUMP_M = 0.03
JUMP_SIZE = 0.08
"""A shift of the head's pose, place or (relative) distance that is a cut when it takes a single frame."""

_SIDE_S = 0.2
_FEWEST = 3
_AT_ONCE = 0.7  # of the shift; what a head does in 0.2 s it spreads over all the frames
_TREMBLE = 6.0
_THIRD = np.sqrt(20.0)  # third differences of white noise of deviation 1


def find_cuts(face: FaceMeasurements) -> Array:
    """Times (C,) of the first frames after a cut.

    A cut shifts the head between two frames and for good: the medians of the 0.2 s before and after
    differ, and the one step between makes up most of the difference. A detector's slip comes back at
    once, and a quick turn of the head spreads over several frames; both are none.
    """
    time_s = face.time_s[face.found]
    values = _told_in_jumps(face)
    if face.rotation.shape[0] == 0 or len(time_s) < 2 * _FEWEST:
        return np.empty(0)
    first = np.searchsorted(time_s, time_s - _SIDE_S - 1e-6)
    last = np.searchsorted(time_s, time_s + _SIDE_S, side="right")
    size = np.zeros(len(time_s))
    for now in range(_FEWEST, len(time_s) - _FEWEST + 1):
        before = values[min(first[now], now - _FEWEST) : now]
        after = values[now : max(last[now], now + _FEWEST)]
        shift = np.median(after, axis=0) - np.median(before, axis=0)
        far = float(np.linalg.norm(shift))
        if far > 1.0 and (values[now] - values[now - 1]) @ shift > _AT_ONCE * far**2:
            size[now] = far
    return time_s[_peaks(time_s, size)]


def _told_in_jumps(face: FaceMeasurements) -> Array:
    """Pose, place and distance of the frames with a face, in units of what is a cut, (F, 6)."""
    angles_deg = _angles_deg(face)
    limit_deg = max(JUMP_DEG, _TREMBLE * float(tremble(angles_deg).max()))
    position_m = face.position_m[face.found]
    return np.column_stack(
        [
            angles_deg / limit_deg,
            position_m[:, :2] / JUMP_M,
            np.log(np.maximum(-position_m[:, 2], 1e-3)) / JUMP_SIZE,
        ]
    )


def _peaks(time_s: Array, size: Array) -> NDArray[np.bool_]:
    """The largest of neighbours within a fifth of a second: one cut may show in two frames."""
    keep = size > 0
    for at in np.flatnonzero(keep):
        near = np.abs(time_s - time_s[at]) < _SIDE_S
        keep[at] = size[at] >= size[near].max()
    return keep


def noise_deg(face: FaceMeasurements) -> tuple[float, float, float]:
    """The tracker's noise in one frame of pitch, yaw and roll: standard deviation, degrees, unsmoothed.

    White noise as third differences tell it, which below 4 Hz and at 25 frames a second leave little of
    the head's own motion; the median makes single slips count for nothing. At 10 frames a second quick
    motion counts as noise, so that the figure is an upper bound.
    """
    pitch, yaw, roll = tremble(_angles_deg(face)).tolist()
    return pitch, yaw, roll


def tremble(values: Array) -> Array:
    """Robust deviation of white noise in each column of (T, C), T > 3."""
    third = np.diff(values, 3, axis=0)
    return 1.4826 * np.median(np.abs(third), axis=0) / _THIRD


def _angles_deg(face: FaceMeasurements) -> Array:
    rotation = face.rotation[face.found]
    neutral = rot.geodesic_median(rotation)
    return np.degrees(rot.to_rotvec(rot.multiply(rot.inverse(neutral), rotation)))
