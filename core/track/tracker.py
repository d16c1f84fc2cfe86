"""Video to `HeadPoseTrack`: the head's motion about the clip's neutral pose."""

from pathlib import Path
from typing import Any

import numpy as np

from .. import rotation as rot
from ..motion import NECK_PIVOT_M, HeadPoseTrack, Progress, no_progress
from ..types import Array, BoolArray
from .measure import DEFAULT_FOCAL_HEIGHTS, NOT_MOVING, FaceMeasurements, measure_face
from .smooth import hops, smooth

_SPEECH_WINDOW_S = 1.0
_LIP_MOTION_M = 0.001  # standard deviation of the mouth's opening; a closed mouth shows half of it as noise
_ENOUGH_SPEECH_S = 3.0
_NOTABLE_RIVAL = 0.1
# A single frame so far from two neighbours that agree is the detector's slip, not the head's motion.
_HOP_RAD = np.radians(5.0)
_HOP_M = 0.05
# Standard deviations of means over a moment: landmarks of a noisy photo have less, those of a person who sits still more.
_STILL_WINDOW_S = 0.4
_STILL_RAD, _STILL_MOUTH_M = np.radians(0.6), 0.0005


def track_video(
    path: Path,
    *,
    model: Path | None = None,
    focal_heights: float = DEFAULT_FOCAL_HEIGHTS,
    progress: Progress = no_progress,
) -> HeadPoseTrack:
    """Track the head of the one person, or the largest face, of a video.

    model : a face_landmarker.task; else MANNERISM_FACE_MODEL, else the shipped one
    focal_heights : focal length over picture height

    Raises
    ------
    VideoError : not a video, a single picture, no face, a face in too few frames
    MissingPartError : no face model
    """
    return head_track(measure_face(path, model=model, focal_heights=focal_heights, progress=progress))


def head_track(face: FaceMeasurements) -> HeadPoseTrack:
    """Smooth raw measurements and express them relative to the neutral pose.

    Translation is that of `NECK_PIVOT_M` along the neutral head's axes: what is left of the head's way
    after a rotation about that point.
    """
    pivot_m = face.position_m + rot.rotate(face.rotation, NECK_PIVOT_M)
    speaking = speaking_frames(face)
    neutral_rotation = rot.geodesic_median(face.rotation[speaking])
    neutral_pivot_m = np.median(pivot_m[speaking], axis=0)
    to_neutral = rot.inverse(neutral_rotation)
    turn = rot.to_rotvec(rot.multiply(to_neutral, face.rotation))
    shift_m = rot.rotate(to_neutral, pivot_m - neutral_pivot_m)
    valid = face.found.copy()
    found_s = face.time_s[face.found]
    valid[face.found] = ~(
        hops(found_s, turn[face.found], _HOP_RAD) | hops(found_s, shift_m[face.found], _HOP_M)
    )
    smoothed = smooth(face.time_s, np.concatenate([turn, shift_m], axis=1), valid)
    return HeadPoseTrack(
        time_s=face.time_s,
        rotation=rot.continuous(rot.from_rotvec(smoothed[:, :3])),
        translation_m=smoothed[:, 3:],
        valid=valid,
        meta={"valid_share": float(valid.mean()), **_meta(face, neutral_rotation, neutral_pivot_m)},
    )


def speaking_frames(face: FaceMeasurements) -> BoolArray:
    """Frames with a face whose lips move, shape (N,); all with a face where that is less than 3 s."""
    speaking = np.zeros_like(face.found)
    speaking[face.found] = lips_move(face.time_s[face.found], face.mouth_m[face.found], face.frame_rate)
    return speaking


def lips_move(time_s: Array, mouth_m: Array, frame_rate: float) -> BoolArray:
    """When the mouth's opening changes as in speech, shape (N,); always where that is for less than 3 s."""
    moving = _local_deviation(time_s, mouth_m, _SPEECH_WINDOW_S) > _LIP_MOTION_M
    return moving if moving.sum() / frame_rate >= _ENOUGH_SPEECH_S else np.ones_like(moving)


def _local_deviation(time_s: Array, values: Array, window_s: float) -> Array:
    """Standard deviation of `values`, shape (N,), within half a window of each time."""
    first = np.searchsorted(time_s, time_s - window_s / 2)
    last = np.searchsorted(time_s, time_s + window_s / 2, side="right")
    centred = values - values.mean()
    sums = np.concatenate([np.zeros((1, 2)), np.cumsum(np.stack([centred, centred**2], 1), axis=0)])
    mean, square = ((sums[last] - sums[first]) / (last - first)[:, None]).T
    return np.sqrt(np.maximum(square - mean**2, 0.0))


def _hardly_moves(face: FaceMeasurements) -> bool:
    """Whether head and lips move by no more than the landmarks of a photo."""
    rotation = face.rotation[face.found]
    turn = rot.to_rotvec(rot.multiply(rot.inverse(rot.geodesic_median(rotation)), rotation))
    values = np.column_stack([turn, face.mouth_m[face.found]])
    time_s = face.time_s[face.found]
    first = np.searchsorted(time_s, time_s - _STILL_WINDOW_S / 2)
    last = np.searchsorted(time_s, time_s + _STILL_WINDOW_S / 2, side="right")
    sums = np.concatenate([np.zeros((1, 4)), np.cumsum(values, axis=0)])
    spread = ((sums[last] - sums[first]) / (last - first)[:, None]).std(axis=0)
    return bool(np.linalg.norm(spread[:3]) < _STILL_RAD and spread[3] < _STILL_MOUTH_M)


def _meta(face: FaceMeasurements, neutral_rotation: Array, neutral_pivot_m: Array) -> dict[str, Any]:
    warnings = list(face.notes)
    if NOT_MOVING not in warnings and _hardly_moves(face):
        warnings.append(
            "The face does not move, or hardly so, as in a photo; a style needs a person who talks."
        )
    if face.rival > _NOTABLE_RIVAL:
        warnings.append(
            "Another face is seen, or the same one after a cut; the one that is largest for longest was tracked."
        )
    return {
        "source_sha256": face.source_sha256,
        "model_sha256": face.model_sha256,
        "frame_rate": face.frame_rate,
        "width": face.width,
        "height": face.height,
        "focal_heights": face.focal_heights,
        "neck_pivot_m": list(NECK_PIVOT_M),
        "neutral": {
            "frame": "camera: +x right in the picture, +y up, +z towards the camera",
            "rotation_wxyz": neutral_rotation.tolist(),
            "pivot_m": neutral_pivot_m.tolist(),
        },
        "warnings": warnings,
    }
