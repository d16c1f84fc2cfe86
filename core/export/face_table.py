"""A speaking face as CSV: our own columns, or those of the app Live Link Face."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .. import rotation as rot
from ..face.live_link import COLUMNS, EYES, HEAD
from ..files import replacing
from ..motion import HeadMotion
from ..motion_csv import COLUMNS as MOTION_COLUMNS
from ..types import Array
from .presets import ANY, Form

if TYPE_CHECKING:
    from ..face.curves import FaceCurves

_TICKS = 60_000
"""Thousandths of a frame in a second: the app counts 60 frames, whatever rate it records at."""

_HEAD = {"facefx": ("Head_Pitch", "Head_Yaw", "Head_Roll")}
NO_EYES = "The columns of the eyes' angles are 0: nothing moves the eyes."


def write_face_table(
    path: Path, curves: "FaceCurves", head: HeadMotion | None, _form: Form = ANY
) -> tuple[str, ...]:
    """Write time_s and a column a channel; with a head its angles in degrees and its translation in metres.

    The head's columns are those of motion files. Curves named `livelink` become what the app records.
    """
    if curves.names == "livelink":
        return _write_live_link(path, curves, head)
    columns = dict(curves.channels)
    if head is not None:
        angles = np.degrees(rot.to_euler(head.rotation)).T
        values = [*angles, *head.translation_m.T] if curves.names not in _HEAD else [*angles]
        columns |= zip(_HEAD.get(curves.names, MOTION_COLUMNS[1:7]), values, strict=True)
    rows = np.column_stack([curves.time_s, *columns.values()]) + 0.0
    formats = ["%.6f", *(["%.5f"] * len(columns))]
    with replacing(path) as temporary:
        np.savetxt(
            temporary,
            rows,
            fmt=formats,
            delimiter=",",
            header=",".join(["time_s", *columns]),
            comments="",
            encoding="utf-8",
        )
    if head is not None and curves.names in _HEAD and head.translation_m.any():
        return ("These columns have no place for the head's shift, which is left out.",)
    return ()


def _write_live_link(path: Path, curves: "FaceCurves", head: HeadMotion | None) -> tuple[str, ...]:
    """Write the columns of the app, angles in radians; for units and signs see `track/livelink.py`."""
    count = len(curves.time_s)
    pitch, yaw, roll = np.zeros((3, count)) if head is None else rot.to_euler(head.rotation).T
    columns = {**curves.channels, **dict(zip(HEAD, (yaw, -pitch, roll), strict=True))}
    left, up = np.zeros((2, count)) if curves.eye is None else curves.eye.T
    columns |= zip(EYES, 2 * (left, up, np.zeros(count)), strict=True)  # signs as the head's
    values = np.column_stack([columns[name] for name in COLUMNS]) + 0.0
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(",".join(("Timecode", "BlendShapeCount", *COLUMNS)) + "\n")
        for code, row in zip(timecodes(curves.time_s), values, strict=True):
            file.write(f"{code},{len(COLUMNS)}," + ",".join(f"{value:.10f}" for value in row) + "\n")
    said = [NO_EYES] if curves.eye is None else []
    if head is not None and head.translation_m.any():
        said.append("Live Link Face has no columns for the head's shift, which is left out.")
    return tuple(said)


def timecodes(time_s: Array) -> list[str]:
    """Codes HH:MM:SS:FF.fff of times, within 9 µs, the frames sixtieths of a second at any rate."""
    found = []
    for ticks in np.round(np.asarray(time_s) * _TICKS).astype(np.int64).tolist():
        seconds, rest = divmod(ticks, _TICKS)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        found.append(f"{hour:02d}:{minute:02d}:{second:02d}:{rest // 1000:02d}.{rest % 1000:03d}")
    return found
