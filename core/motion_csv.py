"""Tracks and motions as CSV: time_s, pitch_deg, yaw_deg, roll_deg, x_m, y_m, z_m, valid."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from . import rotation as rot
from .clock import check_steps, from_start, in_seconds, one_stretch
from .errors import TableError
from .files import replacing, write_json
from .motion import HeadMotion, HeadPoseTrack, bridged
from .own_file import UnusableFileError, read_own_json
from .table_file import Table, read_table
from .text_file import UnreadableError
from .types import Array, BoolArray

COLUMNS = ("time_s", "pitch_deg", "yaw_deg", "roll_deg", "x_m", "y_m", "z_m", "valid")
_LARGEST_META = 1 << 24
_SIGNS = "pitch positive down, yaw to the person’s left, roll to the right shoulder"
_FORMATS = ("%.6f", "%.5f", "%.5f", "%.5f", "%.7f", "%.7f", "%.7f", "%d")
_NEEDED, _SHIFTS = COLUMNS[:4], COLUMNS[4:7]
_LIMIT = 1e6  # degrees or metres
_AWAY_RAD = np.pi / 2  # no head is turned so far most of the time
_AWAY_M = 1.0  # nor shifted so far from its usual place
_NOT_VALID = {"0", "false", "no", "n", "f", "falsch", "nein", "faux", "non", "falso"}
_LIKELY = re.compile(r"pitch|yaw|roll|head|rot|pose|quat|euler", re.IGNORECASE)


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
    TableError : a column is missing, a cell is not a finite number, times do not increase or stand still for long
    """
    try:
        track, said = _read(_table(path), path)
    except UnreadableError as error:
        raise _refusal(path, str(error)) from error
    if said:
        raise _refusal(
            path,
            f"needs finite numbers in all rows, and increasing times without long gaps. {said[0].rstrip('.')}",
        )
    return track


def read_recorded_track(path: Path, table: Table | None = None) -> HeadPoseTrack:
    """Read a track as `read_track` does, and what can be of one that is damaged.

    Rows without numbers are bridged and not valid, and of times that do not fit the longest stretch is used;
    `meta["warnings"]` says so. Columns of translation may be missing.

    table : what the file holds, where that was read already

    Raises
    ------
    TableError : no times or angles, numbers of no head, or fewer than two usable rows
    """
    try:
        track, said = _read(table or _table(path), path, as_recorded=True)
    except UnreadableError as error:
        raise _refusal(path, str(error)) from error
    track.meta["warnings"] = [*track.meta.get("warnings", ()), *said]
    return track


def read_motion(path: Path) -> HeadMotion:
    """Read a motion written by `write_motion`, or any CSV with these columns."""
    track = read_track(path)
    return HeadMotion(track.time_s, track.rotation, track.translation_m)


def _table(path: Path) -> Table:
    try:
        return read_table(path)
    except UnreadableError as error:
        raise _refusal(
            path, "lacks its columns: it is empty" if str(error) == "is empty" else str(error)
        ) from error


def _read(table: Table, path: Path, *, as_recorded: bool = False) -> tuple[HeadPoseTrack, list[str]]:
    """The track, and sentences on what is not as it should be.

    as_recorded : whether rows are a recording's: none lie seconds apart, and the head faces forward most of the time
    """
    missing = [name for name in _NEEDED if not table.has(name)]
    if missing:
        raise _refusal(path, _lacking(table, missing))
    said: list[str] = []
    shifts = table.has(*_SHIFTS)
    if not shifts:
        said.append(f"Without the columns {', '.join(_SHIFTS)} the head does not shift.")
    values = table.numbers(*_NEEDED, *(_SHIFTS if shifts else ()))
    huge = ~(np.abs(np.nan_to_num(values[:, 1:], posinf=np.inf)) < _LIMIT)
    if huge.any():
        row, column = np.argwhere(huge)[0]
        raise _refusal(
            path, f"holds {values[row, column + 1]:g} in row {row + 1}, which is no finite number of a head"
        )
    if as_recorded:
        values[:, 0], unit = in_seconds(values[:, 0])
        said += unit
    used, about_times = one_stretch(values[:, 0])
    values = values[used]
    known = np.isfinite(values).all(axis=1)
    if known.sum() < 2:
        raise _refusal(
            path, "cannot be read: it needs two or more rows of finite numbers with increasing times"
        )
    if 2 * known.sum() < len(known):
        raise UnreadableError("is damaged: most of its rows hold no numbers")
    if as_recorded:
        check_steps(values[:, 0])
    if lost := int((~known).sum()):
        said.append(f"There are no numbers in {lost} of {len(known)} rows; these are bridged.")
    time_s, calendar = from_start(values[:, 0])
    pitch, yaw, roll = np.radians(values[known, 1:4]).T
    translation_m = values[known, 4:7] if shifts else np.zeros((len(pitch), 3))
    rotation = rot.from_euler(pitch, yaw, roll)
    if as_recorded:
        rotation, away = _about_rest(rotation)
        said += (*away, *_large_shifts(translation_m))
    rotation = rot.continuous(rotation)
    valid = _valid(table)[used] if table.has("valid") else np.ones(len(known), np.bool_)
    track = HeadPoseTrack(
        time_s=time_s,
        rotation=rot.normalize(bridged(time_s, rotation, known)),
        translation_m=bridged(time_s, translation_m, known),
        valid=valid & known,
        meta=_read_meta(path.with_suffix(".meta.json")),
    )
    return track, [*said, *about_times, *calendar]


def _valid(table: Table) -> BoolArray:
    """Which rows are marked as valid, shape (N,): by numbers, or by words; what has no mark is."""
    marks = table.numbers("valid")[:, 0]
    if np.isnan(marks).any():
        words = [cell.casefold() not in _NOT_VALID for cell in table.cells("valid")]
        return np.where(np.isnan(marks), words, marks > 0.5)
    return np.asarray(marks > 0.5)


def _about_rest(rotation: Array) -> tuple[Array, tuple[str, ...]]:
    """Rotations (N, 4) of a recording, of a head that faces away most of the time from there, and a sentence on it."""
    rest = rot.geodesic_median(rotation)
    if float(rot.angle_between(rest, rot.IDENTITY)) <= _AWAY_RAD:
        return rotation, ()
    said = "The angles are far from 0 most of the time; they are taken from where the head is then."
    return rot.multiply(rot.inverse(rest), rotation), (said,)


def _large_shifts(translation_m: Array) -> tuple[str, ...]:
    """A sentence where a head (N, 3) shifts too far from its usual place."""
    shift_m = float(np.quantile(np.abs(translation_m - np.median(translation_m, axis=0)), 0.95))
    if shift_m <= _AWAY_M:
        return ()
    return (
        f"The head shifts by {shift_m:.3g} m, which no head does: check the unit of {', '.join(_SHIFTS)}.",
    )


def _lacking(table: Table, missing: list[str]) -> str:
    """What to say of a table of another kind."""
    likely = [name for name in table.names if _LIKELY.search(name)]
    names = (
        f". Its columns {', '.join(likely[:6])} may be of a head, in a unit and signs that are not known"
        if likely
        else ""
    )
    return f"lacks {', '.join(sorted(missing))}{names}"


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
    return TableError(
        f"“{path.name}” {what}", f"Give a CSV file with the columns {', '.join(COLUMNS)}: {_SIGNS}"
    )
