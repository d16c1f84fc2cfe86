"""Tracks and motions as CSV: time_s, pitch_deg, yaw_deg, roll_deg, x_m, y_m, z_m, valid."""

from pathlib import Path
from typing import Any

import numpy as np

from . import rotation as rot
from .errors import TableError
from .files import replacing, write_json
from .motion import HeadMotion, HeadPoseTrack
from .own_file import UnusableFileError, read_own_json
from .table import read_table
from .types import Array

COLUMNS = ("time_s", "pitch_deg", "yaw_deg", "roll_deg", "x_m", "y_m", "z_m", "valid")
_FORMATS = ("%.6f", "%.5f", "%.5f", "%.5f", "%.7f", "%.7f", "%.7f", "%d")
_SHOWN = 12  # columns of a table that are named in a refusal
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
    """Read a track, or any table with these columns in any order; `valid` may be missing.

    Raises
    ------
    TableError : a column is missing, a cell is not a finite number, times do not increase
    """
    values = read_values(path)
    if len(values) < 2 or not np.isfinite(values).all() or not (np.diff(values[:, 0]) > 0).all():
        raise refusal(path, "needs two or more rows of finite numbers with increasing times")
    return track_of(path, values)


def read_values(path: Path) -> Array:
    """The columns of a track or motion as recorded, (N, 8); NaN where a cell is no number that can be meant.

    Raises
    ------
    TableError : the file cannot be read, or a column is missing
    """
    table = read_table(path)
    missing = [name for name in COLUMNS[:-1] if name not in table.columns]
    if missing:
        shown = ", ".join(name for name in list(table.columns)[:_SHOWN] if name)
        raise refusal(path, f"lacks {', '.join(missing)}; its columns are {shown[:200]}")
    columns = [table.numbers(name) for name in COLUMNS[:-1]]
    valid = table.numbers(COLUMNS[-1]) if COLUMNS[-1] in table.columns else np.ones(len(columns[0]))
    values = np.column_stack([*columns, valid])
    values[~(np.abs(values) < _LIMIT)] = np.nan
    return values


def track_of(path: Path, values: Array) -> HeadPoseTrack:
    """The track of values (N, 8) of finite numbers, with what is written of it beside `path`."""
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


def refusal(path: Path, what: str) -> TableError:
    """Refusal of a table by name."""
    return TableError(f"“{path.name}” {what}", f"Give a CSV file with the columns {', '.join(COLUMNS)}")
