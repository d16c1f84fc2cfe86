"""CSV files of the Live Link Face app (ARKit), and of programs with the same columns, to `HeadPoseTrack`."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..clock import check_steps, from_start, in_seconds, one_stretch
from ..errors import StyleError
from ..motion import HeadPoseTrack
from ..table_file import Table, read_table
from ..text_file import UnreadableError
from ..types import Array
from .neutral import about_neutral
from .timecode import seconds

COLUMNS = ("HeadYaw", "HeadPitch", "HeadRoll")
_TIMES = ("Timecode", "time_s", "time", "timestamp", "seconds")
_LARGEST = 1e5  # of an angle, radians or degrees
_STEADY_RAD_S, _STEADY_RAD = 3.0, 0.6  # mean speed and spread that no speaking head has
_SIGNS = (
    "The columns are read with the signs of Live Link Face: HeadPitch up, HeadYaw to the person’s left, HeadRoll to the"
    " right shoulder."
)
_SWITCH_ON = "Switch on “Stream Head Rotation” in the settings of Live Link Face, and record again"


def is_live_link(table: Table) -> bool:
    """Whether a table has the app's columns, with or without the head's."""
    return any(table.has(name) for name in (*COLUMNS, "BlendShapeCount")) or table.has("Timecode", "JawOpen")


def read_live_link(path: Path, table: Table | None = None) -> HeadPoseTrack:
    """Track of the head in a CSV file recorded by Live Link Face.

    Angles are radians. Epic documents neither unit nor signs, so both are read off what the files and the
    programs that use them agree on:

    - Unit: in recordings published with github.com/alexdjulin/LiveLinkFace-CSV-Retarget-For-Motionbuilder
      the eyes' angle columns reach 0.6 where the blend shape of the same gaze reaches 1; the eyes' range is
      35°, so these are radians, and the head's columns stand beside them. Where angles or their speed are those
      of no head in radians, another program wrote degrees, and the track's warnings say so.
    - Signs: github.com/Qaanaaq/Face_Landmark_Link writes these files from a known head matrix (face model
      axes as ours) with yaw = +angle about Y, pitch = −angle about X, roll = +angle about Z, which its
      users check in Blender against the video. So +HeadYaw turns to the subject's left, +HeadPitch looks
      up, +HeadRoll tips the crown to the right shoulder: ours but for pitch. With the phone held sideways
      the app inverts yaw and pitch (github.com/nmfisher/blender_livelinkface).
    - Order: unknown; read as yaw, pitch, roll, in which Unreal composes rotations of these names.
    - Timecode: HH:MM:SS:FF.fff with frames and their fraction, see `timecode.py`.

    table : what the file holds, where that was read already

    Rows without numbers (the face was lost) are left out, and so are times that do not fit, see `clock.py`.

    Raises
    ------
    StyleError : not such a file, fewer than two usable rows, huge numbers, or recorded without head rotation
    """
    try:
        return _track(path, table or read_table(path))
    except UnreadableError as error:
        raise StyleError(f"“{path.name}” {error}", "Give a CSV file as Live Link Face records it") from error


def _track(path: Path, table: Table) -> HeadPoseTrack:
    """The track of a table. Raises StyleError, UnreadableError."""
    missing = [name for name in COLUMNS if not table.has(name)]
    if missing:
        raise StyleError(f"“{path.name}” has no head rotation (it lacks {', '.join(missing)})", _SWITCH_ON)
    (time_s, unit), angles = _times(table), table.numbers(*COLUMNS)
    if np.isinf(angles).any() or (np.abs(np.nan_to_num(angles)) > _LARGEST).any():
        row = int(np.argmax(~(np.abs(np.nan_to_num(angles)) <= _LARGEST).all(axis=1)))
        raise UnreadableError(
            f"holds {np.abs(angles[row]).max():g} in row {row + 1}, which is no angle of a head"
        )
    seen = np.isfinite(angles).all(axis=1)
    still = ~angles.any(
        axis=1
    )  # exactly 0 about all axes: what programs write of a face that they do not see
    if 2 * still.sum() < seen.sum():
        seen &= ~still
    used, said = one_stretch(time_s[seen])
    used = np.flatnonzero(seen)[used]
    if len(used) < 2:
        raise UnreadableError("holds no frames with a timecode and head angles")
    if lost := int((~seen).sum()):
        said = (f"There are no head angles in {lost} of {len(seen)} rows; these were left out.", *said)
    if not angles[used].any():
        raise StyleError(
            f"“{path.name}” was recorded without head rotation (its columns hold only zeros)", _SWITCH_ON
        )
    said = (*unit, *said)
    time_s, counted = from_start(time_s[used] - (time_s[used[0]] if table.has("Timecode") else 0.0))
    check_steps(time_s)
    angles = angles[used]
    if in_degrees(time_s, angles):
        angles = np.radians(angles)
        said += (
            "The angles are too large and fast for radians, as the app writes them; they are read as degrees.",
        )
    if not table.has("Timecode"):
        said += (_SIGNS,)
    yaw, pitch, roll = angles.T
    return about_neutral(time_s, rot.from_euler(-pitch, yaw, roll), source=path, said=[*said, *counted])


def in_degrees(time_s: Array, angles: Array) -> bool:
    """Whether angles (N, 3) over time_s (N,) are those of a head only if they are degrees."""
    speed = np.abs(np.diff(angles, axis=0)) / np.diff(time_s)[:, None]
    away = np.abs(angles - np.median(angles, axis=0))
    return bool(
        np.median(speed, axis=0).max() > _STEADY_RAD_S
        or angles.std(axis=0).max() > _STEADY_RAD
        or np.quantile(away, 0.95, axis=0).max() > np.pi / 2
    )


def _times(table: Table) -> tuple[Array, tuple[str, ...]]:
    """Seconds of each row, NaN where unknown, of a timecode, else of a column of seconds; and sentences on them."""
    name = next((name for name in _TIMES if table.has(name)), None)
    if name is None:
        return np.full(len(table.lines), np.nan), ()
    codes = table.cells(name)
    if any(":" in code for code in codes):
        return seconds(codes), ()
    return in_seconds(table.numbers(name)[:, 0])
