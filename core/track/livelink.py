"""CSV files of the Live Link Face app (ARKit) to `HeadPoseTrack`."""

import csv
import re
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import StyleError
from ..motion import HeadPoseTrack
from .neutral import about_neutral

COLUMNS = ("HeadYaw", "HeadPitch", "HeadRoll")
_TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d+)?)")
_RATES_HZ = (24, 25, 30, 48, 50, 60, 120, 240)
_DAY_S = 86_400.0


def read_live_link(path: Path) -> HeadPoseTrack:
    """Track of the head in a CSV file recorded by Live Link Face.

    Angles are radians. Epic documents neither unit nor signs, so both are read off what the files and the
    programs that use them agree on:

    - Unit: in recordings published with github.com/alexdjulin/LiveLinkFace-CSV-Retarget-For-Motionbuilder
      the eyes' angle columns reach 0.6 where the blend shape of the same gaze reaches 1; the eyes' range is
      35°, so these are radians, and the head's columns stand beside them.
    - Signs: github.com/Qaanaaq/Face_Landmark_Link writes these files from a known head matrix (face model
      axes as ours) with yaw = +angle about Y, pitch = −angle about X, roll = +angle about Z, which its
      users check in Blender against the video. So +HeadYaw turns to the subject's left, +HeadPitch looks
      up, +HeadRoll tips the crown to the right shoulder: ours but for pitch. With the phone held sideways
      the app inverts yaw and pitch (github.com/nmfisher/blender_livelinkface).
    - Order: unknown; read as yaw, pitch, roll, in which Unreal composes rotations of these names.
    - Timecode: HH:MM:SS:FF.fff with frames and their fraction; the rate is not given and is taken as the
      lowest usual one that has such a frame number.

    Rows without numbers (the face was lost) or with a time not after the one before are left out.

    Raises
    ------
    StyleError : not such a file, fewer than two usable rows, or recorded without head rotation
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [found for row in reader if (found := _numbers(row)) is not None]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refusal(path, f"cannot be read ({error})") from error
    if len(rows) < 2:
        raise _refusal(path, "holds no frames with a timecode and head angles")
    seconds, frames, *angles = np.array(rows).T
    rate_hz = next((rate for rate in _RATES_HZ if rate > frames.max()), _RATES_HZ[-1])
    time_s = seconds + frames / rate_hz
    time_s = time_s - time_s[0]
    time_s[time_s < -_DAY_S / 2] += _DAY_S  # past midnight
    later = np.concatenate([[True], time_s[1:] > np.maximum.accumulate(time_s)[:-1]])
    yaw, pitch, roll = (angle[later] for angle in angles)
    if not (yaw.any() or pitch.any() or roll.any()):
        raise StyleError(
            f"“{path.name}” was recorded without head rotation (its columns hold only zeros)",
            "Switch on “Stream Head Rotation” in the settings of Live Link Face, and record again",
        )
    return about_neutral(time_s[later], rot.from_euler(-pitch, yaw, roll), source=path)


def _numbers(row: dict[str, str]) -> tuple[float, ...] | None:
    """Seconds, frames, yaw, pitch and roll of a row; None where one is missing."""
    match = _TIMECODE.fullmatch((row.get("Timecode") or "").strip())
    if match is None:
        return None
    hours, minutes, seconds, frames = (float(part) for part in match.groups())
    try:
        angles = tuple(float(row[name]) for name in COLUMNS)
    except (KeyError, TypeError, ValueError):
        return None
    if not np.isfinite(angles).all():
        return None
    return (3600 * hours + 60 * minutes + seconds, frames, *angles)


def _refusal(path: Path, what: str) -> StyleError:
    return StyleError(f"“{path.name}” {what}", "Give a CSV file as Live Link Face records it")
