"""A track as CSV that serves as a reference: rows that cannot be used are left out, and that is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..motion import HeadPoseTrack
from ..motion_csv import read_values, refusal, track_of
from .clock import steady_clock

_LEAST_USED = 0.5  # of all rows
_SLOWEST_S = 1.0  # between two rows
_LARGEST_DEG = 720.0  # of a head; a track may wind about once
_LARGEST_M = 100.0
_DAY_S = 86_400.0


def read_track_csv(path: Path) -> HeadPoseTrack:
    """Track of a CSV file with the columns of `motion_csv`, from the longest stretch that has a steady clock.

    Times that begin later than a day, as seconds since 1970, count from the first row.

    Raises
    ------
    TableError : a column is missing, or most rows cannot be used
    """
    values = read_values(path)
    numbers = np.isfinite(values[:, 1:]).all(axis=1)
    sane = (np.abs(values[:, 1:4]) < _LARGEST_DEG).all(axis=1) & (np.abs(values[:, 4:7]) < _LARGEST_M).all(
        axis=1
    )
    time_s = np.where(numbers & sane, values[:, 0], np.nan)
    step_s = np.median(np.diff(time_s[np.isfinite(time_s)])) if np.isfinite(time_s).sum() > 1 else 0.0
    if step_s > _SLOWEST_S:
        raise refusal(path, f"has a row every {step_s:g} in its column time_s, which holds seconds")
    clock = steady_clock(time_s)
    used = clock.rows
    if used.sum() < max(2, _LEAST_USED * np.isfinite(time_s).sum()):
        raise refusal(path, "has no steady clock: the times of most rows do not increase")
    notes = list(clock.notes)
    bad = int(np.sum(~(numbers & sane)))
    if bad:
        notes[:] = [
            f"{bad} row{'s hold' if bad > 1 else ' holds'} no usable numbers and {'are' if bad > 1 else 'is'} left out."
        ]
    kept = values[used]
    if kept[0, 0] > _DAY_S:
        kept[:, 0] -= kept[0, 0]
        notes.append("Its times count from the first row.")
    track = track_of(path, kept)
    warnings = [*track.meta.get("warnings", ()), *notes]
    return replace(track, meta={**track.meta, "warnings": warnings}) if notes else track
