"""Motion of a file for a talking head: a tracked take moves about its own neutral pose.

What a camera and a way of sitting make of a person's rest is no motion. A track's neutral is one moment or the median of
the whole recording it was tracked in; what is left of a constant offset would tilt the head throughout the video.
"""

from pathlib import Path

import numpy as np

from ... import rotation as rot
from ...motion import HeadMotion, HeadPoseTrack
from ...motion_csv import read_track
from ...types import Array

_TRACKED = "source_sha256"
"""Key of a track's `meta` that only a video's has, see `track/`."""
_LARGE_DEG, _LARGE_M = 5.0, 0.02


def read_take(path: Path) -> HeadMotion:
    """Read the motion of a CSV; a take that was tracked in a video is moved about its own neutral pose.

    Raises
    ------
    TableError : it is no table of head motion
    """
    track = read_track(path)
    if _TRACKED not in track.meta:
        return HeadMotion(track.time_s, track.rotation, track.translation_m)
    return about_own_neutral(track)


def about_own_neutral(track: HeadPoseTrack) -> HeadMotion:
    """Motion of a track without its constant offset, the median of its valid poses.

    With M the median rotation and m the median translation, R becomes M⁻¹ R and t becomes M⁻¹ (t − m): the same head
    in the axes of its own rest.
    """
    valid = track.valid if track.valid.any() else np.ones(len(track.time_s), np.bool_)
    turn = rot.geodesic_median(track.rotation[valid])
    shift_m = np.median(track.translation_m[valid], axis=0)
    back = rot.inverse(turn)
    return HeadMotion(
        track.time_s,
        rot.continuous(rot.multiply(back, track.rotation)),
        (track.translation_m - shift_m) @ rot.to_matrix(turn),
        _notes(float(np.degrees(rot.angle_between(turn, np.array([1.0, 0.0, 0.0, 0.0])))), shift_m),
    )


def _notes(turn_deg: float, shift_m: Array) -> tuple[str, ...]:
    far_m = float(np.linalg.norm(shift_m))
    if turn_deg <= _LARGE_DEG and far_m <= _LARGE_M:
        return ()
    note = (
        f"The head of the tracked take rests {turn_deg:.0f}° and {100 * far_m:.0f} cm away from the take's neutral "
        "pose; it is moved about its own rest, and the offset is left out."
    )
    return (note,)
