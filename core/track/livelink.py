"""CSV files of the Live Link Face app (ARKit) to `HeadPoseTrack`."""

import re
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import StyleError
from ..motion import HeadPoseTrack
from ..table import Table
from ..types import Array
from .clock import LONGEST_GAP_S, steady_clock
from .neutral import about_neutral

COLUMNS = ("HeadYaw", "HeadPitch", "HeadRoll")
SHAPES = ("EyeBlinkLeft", "JawOpen", "MouthClose", "BrowInnerUp")
"""Some of the 52 shapes, by which a recording is known that has no head rotation."""

_TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;.](\d+(?:\.\d+)?)")
_RATES_HZ = (10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 72, 90, 100, 120, 240)
_NEAR_A_RATE = 0.6  # frames a second
_DAY_S = 86_400.0
_MOST_RAD = 1.6  # no camera follows a face that turns farther: more are degrees
_LARGEST = 1e4  # degrees; beyond is no angle
_SWITCH_ON = "Switch on “Stream Head Rotation” in the settings of Live Link Face, and record again"


def is_live_link(table: Table) -> bool:
    """Whether a table is a recording of faces as the app writes it, with or without the head."""
    return COLUMNS[0] in table.columns or (
        "Timecode" in table.columns and any(name in table.columns for name in SHAPES)
    )


def read_live_link(path: Path, table: Table) -> HeadPoseTrack:
    """Track of the head in a CSV file recorded by Live Link Face.

    Epic documents neither unit nor signs, so both are read off what the files and the programs that use them
    agree on:

    - Unit: in recordings published with github.com/alexdjulin/LiveLinkFace-CSV-Retarget-For-Motionbuilder
      the eyes' angle columns reach 0.6 where the blend shape of the same gaze reaches 1; the eyes' range is
      35°, so these are radians, and the head's columns stand beside them. Programs that borrow the columns
      write degrees: angles that no camera could follow as radians are taken as degrees, with a note.
    - Signs: github.com/Qaanaaq/Face_Landmark_Link writes these files from a known head matrix (face model
      axes as ours) with yaw = +angle about Y, pitch = −angle about X, roll = +angle about Z, which its
      users check in Blender against the video. So +HeadYaw turns to the subject's left, +HeadPitch looks
      up, +HeadRoll tips the crown to the right shoulder: ours but for pitch. With the phone held sideways
      the app inverts yaw and pitch (github.com/nmfisher/blender_livelinkface).
    - Order: unknown; read as yaw, pitch, roll, in which Unreal composes rotations of these names.
    - Timecode: HH:MM:SS:FF.fff with frames and their fraction; the rate is read off how far the frames count.

    Rows without numbers (the face was lost) are left out.

    Raises
    ------
    StyleError : fewer than two usable rows, or recorded without head rotation
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise StyleError(f"“{path.name}” has no head rotation: it lacks {', '.join(missing)}", _SWITCH_ON)
    if "Timecode" not in table.columns:
        raise _refusal(path, "lacks the column Timecode")
    seconds, frames = np.array([_timecode(cell) for cell in table.columns["Timecode"]]).reshape(-1, 2).T
    angles = np.column_stack([table.numbers(name) for name in COLUMNS])
    usable = np.isfinite(seconds) & (np.abs(angles) < _LARGEST).all(axis=1)
    if usable.sum() < 2:
        raise _refusal(path, "holds no frames with a timecode and head angles")
    if not angles[usable].any():
        raise StyleError(
            f"“{path.name}” was recorded without head rotation (its columns hold only zeros)", _SWITCH_ON
        )
    seconds, frames, angles = seconds[usable], frames[usable], angles[usable]
    time_s = _past_midnight(seconds + frames / _rate_hz(seconds, frames))
    clock = steady_clock(time_s)
    if clock.rows.sum() < 2:
        raise _refusal(path, "has no two rows whose timecodes follow one another")
    time_s, angles, notes = time_s[clock.rows], angles[clock.rows], list(clock.notes)
    if np.percentile(np.abs(angles), 98) > _MOST_RAD:
        notes.append(f"Its head angles reach {np.abs(angles).max():.0f}, so they are taken as degrees.")
        angles = np.radians(angles)
    yaw, pitch, roll = angles.T
    rotation = rot.from_euler(-pitch, yaw, roll)
    return about_neutral(time_s - time_s[0], rotation, source=path, notes=notes)


def _timecode(cell: str) -> tuple[float, float]:
    """Whole seconds and frames; NaN where the cell is no timecode."""
    match = _TIMECODE.fullmatch(cell)
    if match is None:
        return np.nan, np.nan
    hours, minutes, seconds, frames = (float(part[:12]) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds, frames


def _rate_hz(seconds: Array, frames: Array) -> float:
    """Timecode frames a second: how far they count before each new second, in the middle of all seconds."""
    step = np.diff(frames)
    turns = np.flatnonzero(np.diff(seconds) == 1.0)
    inside = step[(np.diff(seconds) == 0.0) & (step > 0)]
    if len(turns) and len(inside):
        counted = float(np.median(frames[turns] + np.median(inside) - frames[turns + 1]))
    else:
        counted = float(np.floor(frames.max())) + 1.0
    near = min(_RATES_HZ, key=lambda rate: abs(rate - counted))
    if abs(near - counted) <= _NEAR_A_RATE:
        return float(near)
    return (
        max(round(counted), 1) if len(turns) else float(next((r for r in _RATES_HZ if r >= counted), counted))
    )


def _past_midnight(time_s: Array) -> Array:
    """Times of a clock that starts anew at midnight, without that jump."""
    step = np.diff(time_s) + _DAY_S
    turned = (step > 0.0) & (step <= LONGEST_GAP_S)
    return time_s + _DAY_S * np.concatenate([[0.0], np.cumsum(turned)])


def _refusal(path: Path, what: str) -> StyleError:
    return StyleError(f"“{path.name}” {what}", "Give a CSV file as Live Link Face records it")
