"""Cuts: where the picture jumps, and how much the tracker trembles."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..media.video import Video
from ..motion import HeadPoseTrack, Progress, no_progress
from ..track import FaceMeasurements
from ..types import Array, BoolArray, Float32Array

NEW_PICTURE, NEW_TAKE = 10.0, 4.0
"""Mean changes of grey, of 255, that another picture makes, and the same picture a while later. People who
move in front of a camera make under 6, but not in a single frame."""

JUMP = np.array([4.0, 4.0, 4.0, 0.02, 0.02, 0.06])
"""Shifts of the head that mean a cut where the picture jumps by less: pitch, yaw and roll in degrees,
across in metres, ln distance."""

PACE = np.array([100.0, 100.0, 100.0, 0.6, 0.6, 0.5])
"""What a head does by itself, per second: frames that are further apart may differ by more."""

_NEAR_S = 0.4
_STANDS_OUT, _JUST_STANDS_OUT = 2.5, 2.0
_TREMBLE = 6.0
_SIDE = 5  # frames whose median is the head's place before and after
_STEP = 8  # every eighth pixel
_FEWEST = 4
_THIRD = np.sqrt(20.0)  # third differences of white noise of deviation 1


def picture_changes(path: Path, progress: Progress = no_progress) -> Float32Array:
    """Mean change of grey from the frame before, of 255, of each frame of a video, (N,). Raises VideoError."""
    changes: list[float] = []
    before = None
    video = Video(path)
    duration_s = video.facts.duration_s
    for frame in video:
        grey = frame.rgb[::_STEP, ::_STEP].mean(axis=2)
        changes.append(0.0 if before is None else float(np.abs(grey - before).mean()))
        before = grey
        progress(min(frame.time_s / duration_s, 1.0) if duration_s else 0.0, "looking for cuts")
    return np.array(changes, np.float32)


def find_cuts(face: FaceMeasurements, change: Float32Array) -> Array:
    """Times (C,) of the first frames after a cut.

    A cut changes the whole picture in one frame, far more than the frames around it do. A jump cut, which
    keeps the background, changes it less, but the head jumps with it, and for good. A head that jumps
    alone is the tracker's slip, or a quick turn.

    change : (N,) of the face's frames, from `picture_changes`
    """
    around = _around(face.time_s, change)
    jumping = _jumps(face)
    cut = (change > NEW_PICTURE) & (change > _STANDS_OUT * around)
    cut |= jumping & (change > NEW_TAKE) & (change > _JUST_STANDS_OUT * around)
    return face.time_s[cut]


def _around(time_s: Array, change: Float32Array) -> Array:
    """The largest change within 0.4 s of each frame, but for the frame itself, (N,)."""
    first = np.searchsorted(time_s, time_s - _NEAR_S)
    last = np.searchsorted(time_s, time_s + _NEAR_S, side="right")
    return np.array(
        [
            max(change[a:now].max(initial=0.0), change[now + 1 : b].max(initial=0.0))
            for now, (a, b) in enumerate(zip(first, last, strict=True))
        ]
    )


def _jumps(face: FaceMeasurements) -> BoolArray:
    """Frames, (N,), at which the head's pose, place or distance shifts at once and stays so."""
    found = np.flatnonzero(face.found)
    values = _pose(face)
    jumping = np.zeros(len(face.found), np.bool_)
    if len(found) < 2 * _SIDE:
        return jumping
    limits = np.maximum(JUMP, _TREMBLE * tremble(values)) + PACE * np.median(np.diff(face.time_s))
    for now in range(1, len(found)):
        before, after = values[max(0, now - _SIDE) : now], values[now : now + _SIDE]
        shift = np.median(after, axis=0) - np.median(before, axis=0)
        at_once = values[now] - values[now - 1]
        jumping[found[now]] = ((np.abs(shift) > limits) & (np.abs(at_once) > limits)).any()
    return jumping


def _pose(face: FaceMeasurements) -> Array:
    """Pose, place and distance of the frames with a face, in the units of JUMP, (F, 6)."""
    position_m = face.position_m[face.found]
    return np.column_stack(
        [_angles_deg(face), position_m[:, :2], np.log(np.maximum(-position_m[:, 2], 1e-3))]
    )


def noise_deg(face: FaceMeasurements) -> tuple[float, float, float]:
    """The tracker's noise in one frame of pitch, yaw and roll: standard deviation, degrees, unsmoothed.

    White noise as estimated from third differences, which below 4 Hz and at 25 frames a second leave little of
    the head's own motion; the median makes single slips count for nothing. At 10 frames a second quick
    motion counts as noise, so that the figure is an upper bound.
    """
    pitch, yaw, roll = tremble(_angles_deg(face)).round(4).tolist()
    return pitch, yaw, roll


def track_noise_deg(track: HeadPoseTrack) -> tuple[float, float, float]:
    """The same of a track, as it comes: most are smoothed. Zeros where it has no four valid frames."""
    if track.valid.sum() < _FEWEST:
        return 0.0, 0.0, 0.0
    pitch, yaw, roll = tremble(np.degrees(rot.to_rotvec(track.rotation[track.valid]))).round(4).tolist()
    return pitch, yaw, roll


def tremble(values: Array) -> Array:
    """Robust deviation of white noise in each column of (T, C), T > 3."""
    third = np.diff(values, 3, axis=0)
    return 1.4826 * np.median(np.abs(third), axis=0) / _THIRD


def _angles_deg(face: FaceMeasurements) -> Array:
    rotation = face.rotation[face.found]
    neutral = rot.geodesic_median(rotation)
    return np.degrees(rot.to_rotvec(rot.multiply(rot.inverse(neutral), rotation)))
