"""Timecodes to seconds, where the rate is not given: HH:MM:SS:FF.fff with frames, or with a part of a second."""

import re

import numpy as np

from ..types import Array

_DATE = re.compile(r"^\d{4}-\d\d-\d\d[T ]|(?:Z|[+-]\d\d:?\d\d)$")  # ISO 8601, and its zone
_CODE = re.compile(r"(\d{1,9}):(\d{1,9}):(\d{1,9})(?:([:;.])(\d{1,9}(?:\.\d{0,20})?))?")
_PLAIN = frozenset("0123456789:.")
_USUAL_HZ = np.array([10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 72, 75, 90, 100, 120, 144, 240])
_DROPPED = {30.0: 2, 60.0: 4, 120.0: 8}  # frame numbers a minute, but for each tenth (SMPTE ST 12-1)
_DAY_S = 86_400.0
_LOST = 1.06  # a rate above the largest frame number by more than this is another rate


def seconds(codes: list[str]) -> Array:
    """Seconds of timecodes, shape (N,), NaN where one is none; past midnight they go on.

    The rate is that of the frame numbers: one more than the largest, and where rows skip numbers the lowest
    usual rate that has them. After a “;” the code drops frame numbers, as at 29.97 frames a second. A date before the
    code and a zone behind it are passed over.
    """
    parts, drop, milliseconds = _quick_parts(codes) or _parts(codes)
    hours, minutes, whole, frames = parts.T
    if not np.isfinite(frames).any():
        return frames
    rate_hz = 1000.0 if milliseconds else frame_rate(3600 * hours + 60 * minutes + whole, frames)
    time_s = 3600 * hours + 60 * minutes + whole + frames / rate_hz
    if drop and rate_hz in _DROPPED:
        passed = 60 * hours + minutes
        dropped = _DROPPED[rate_hz] * (passed - passed // 10)
        time_s = 1.001 * (time_s - dropped / rate_hz)
    away = time_s - np.sort(time_s[np.isfinite(time_s)])[np.isfinite(time_s).sum() // 2]
    return time_s - _DAY_S * np.sign(away) * (np.abs(away) > _DAY_S / 2) * (np.abs(away) < _DAY_S)


def _quick_parts(codes: list[str]) -> tuple[Array, bool, bool] | None:
    """As `_parts` where all codes are HH:MM:SS:FF.fff, in a tenth of the time; else None."""
    if not set("".join(codes)) <= _PLAIN:
        return None
    try:
        parts = np.loadtxt(codes, delimiter=":", comments=None, ndmin=2)
    except ValueError:
        return None
    milliseconds = any(code[-4:-3] == ":" and code[-3:].isdecimal() for code in codes)
    return (parts, False, milliseconds) if parts.shape == (len(codes), 4) else None


def _parts(codes: list[str]) -> tuple[Array, bool, bool]:
    """Hours, minutes, seconds and frames, (N, 4), NaN where there is no code; whether frames are dropped, and are milliseconds."""
    parts = np.full((len(codes), 4), np.nan)
    drop = milliseconds = False
    for at, code in enumerate(codes):
        match = _CODE.fullmatch(_DATE.sub("", code.replace(",", ".")))
        if match is None:
            continue
        *clock, mark, last = match.groups(default="0")
        parts[at] = [*map(float, clock), float(last)]
        drop |= mark == ";"
        milliseconds |= mark == "." or (len(last) == 3 and last.isdecimal())
        if mark == ".":
            parts[at, 3] = 1000 * float(f"0.{last.replace('.', '')}")
    return parts, drop, milliseconds


def frame_rate(second: Array, frames: Array) -> float:
    """Frames a second of timecodes, from their whole seconds and frame numbers, shape (N,), NaN where unknown."""
    known = np.isfinite(frames)
    which, inverse = np.unique(second[known], return_inverse=True)
    largest = np.zeros(len(which))
    np.maximum.at(largest, inverse.ravel(), np.floor(frames[known]))
    # The second largest, so that one damaged code does not count.
    count = float(np.sort(largest)[-2 if len(largest) > 2 else -1]) + 1
    steps = np.diff(np.floor(frames[known]))[np.diff(second[known]) == 0]
    steps = steps[steps > 0]
    usual = _USUAL_HZ[count <= _USUAL_HZ]
    if not len(usual):
        return count
    every_number = len(steps) > 0 and np.median(steps) <= 1
    return count if every_number and usual[0] > _LOST * count else float(usual[0])
