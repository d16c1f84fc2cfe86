"""Tracks and motions as CSV: time_s, pitch_deg, yaw_deg, roll_deg, x_m, y_m, z_m, valid."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from . import rotation as rot
from .errors import TableError
from .files import replacing, write_json
from .motion import HeadMotion, HeadPoseTrack
from .own_file import UnusableFileError, read_own_json
from .types import Array

COLUMNS = ("time_s", "pitch_deg", "yaw_deg", "roll_deg", "x_m", "y_m", "z_m", "valid")
_FORMATS = ("%.6f", "%.5f", "%.5f", "%.5f", "%.7f", "%.7f", "%.7f", "%d")
_LARGEST_META = 1 << 24
_LIMIT = 1e12  # seconds, degrees or metres; sines of much more are no numbers


def write_track(path: Path, track: HeadPoseTrack) -> None:
    """Write a track as CSV, and its `meta` as NAME.meta.json beside it."""
    with replacing(path) as table:  # takes its name only when what describes it is there
        _write(table, track.time_s, track.rotation, track.translation_m, track.valid)
        write_json(path.with_suffix(".meta.json"), track.meta)


def write_motion(path: Path, motion: HeadMotion) -> None:
    """Write a motion as CSV, one row a sample, each valid."""
    with replacing(path) as table:
        _write(table, motion.time_s, motion.rotation, motion.translation_m, np.ones(len(motion.time_s)))


def _write(path: Path, time_s: Array, rotation: Array, translation_m: Array, valid: Any) -> None:
    rows = np.column_stack([time_s, np.degrees(rot.to_euler(rotation)), translation_m, valid])
    np.savetxt(
        path, rows, fmt=_FORMATS, delimiter=",", header=",".join(COLUMNS), comments="", encoding="utf-8"
    )


def read_track(path: Path) -> HeadPoseTrack:
    """Read a track, or any CSV with these columns in any order; `valid` may be missing.

    Raises
    ------
    TableError : a column is missing, a cell is not a finite number, times do not increase
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = set(COLUMNS[:-1]) - set(reader.fieldnames or ())
            if missing:
                raise _refusal(path, f"lacks {', '.join(sorted(missing))}")
            values = np.array([[float(row.get(name, 1)) for name in COLUMNS] for row in reader])
    except (OSError, UnicodeDecodeError, ValueError, TypeError, csv.Error) as error:
        raise _refusal(path, f"cannot be read: {error}") from error
    sane = (np.abs(values) < _LIMIT).all()  # false for NaN too
    if len(values) < 2 or not sane or not (np.diff(values[:, 0]) > 0).all():
        raise _refusal(path, "needs two or more rows of finite numbers with increasing times")
    pitch, yaw, roll = np.radians(values[:, 1:4]).T
    return HeadPoseTrack(
        time_s=values[:, 0],
        rotation=rot.continuous(rot.from_euler(pitch, yaw, roll)),
        translation_m=values[:, 4:7],
        valid=values[:, 7] > 0.5,
        meta=_read_meta(path.with_suffix(".meta.json")),
    )


def read_motion(path: Path) -> HeadMotion:
    """Read a motion written by `write_motion`, or any CSV with these columns."""
    track = read_track(path)
    return HeadMotion(track.time_s, track.rotation, track.translation_m)


def _read_meta(path: Path) -> dict[str, Any]:
    """What describes a track; empty where there is nothing, or nothing that can be read."""
    try:
        meta = read_own_json(path, _LARGEST_META)
    except UnusableFileError as error:
        raise TableError(f"What describes the track cannot be used: {error}", "Remove that file") from error
    except (OSError, ValueError):
        return {}
    return meta if isinstance(meta, dict) else {}


def _refusal(path: Path, what: str) -> TableError:
    return TableError(f"“{path.name}” {what}", f"Give a CSV file with the columns {', '.join(COLUMNS)}")
