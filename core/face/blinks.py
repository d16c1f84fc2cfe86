"""Blink generator: a seeded point process conditioned on pauses in speech.

Who talks blinks where a pause begins, more than anywhere else (Nakano and Kitazawa 2010), each at an own rate.
"""

import numpy as np

from ..motion import GRID_HZ
from ..noise import Channel, uniforms
from ..types import Array, BoolArray
from .manner import FaceManner

_PAUSE_S = 0.5  # after a pause's first moment
_LIKELIER = 4.0  # within that
_TYPICAL = 1.4  # mean of the above over speech: fifteen pauses a minute
_REFRACTORY_S = 0.35  # from the end of a blink to the next
_CLOSING, _OPENING = 0.7, 1.3  # of the time that lids are less than half open


def blink_times(talking: BoolArray, manner: FaceManner, seed: int) -> Array:
    """Times of maximum lid closure, seconds, increasing.

    Later speech never moves an earlier blink.

    talking : (N,) at GRID_HZ
    """
    rate = manner.blinks_per_minute / 60.0
    refractory_s = manner.blink_s + _REFRACTORY_S
    # The time after a blink in which none can come is made up for, at an even rate.
    hazard = rate / max(1.0 - rate * refractory_s, 0.1) / _TYPICAL
    stops = np.flatnonzero(talking[:-1] & ~talking[1:]) + 1
    risen = np.zeros(len(talking) + 1)
    np.add.at(risen, stops, 1.0)
    np.add.at(risen, np.minimum(stops + round(_PAUSE_S * GRID_HZ), len(talking)), -1.0)
    pausing = np.cumsum(risen[:-1]) > 0
    chance = 1.0 - np.exp(-hazard * np.where(pausing, _LIKELIER, 1.0) / GRID_HZ)
    drawn = np.flatnonzero(uniforms(seed, Channel.BLINKS, 0, len(talking)) < chance) / GRID_HZ
    times: list[float] = []
    for time_s in drawn.tolist():
        if not times or time_s - times[-1] >= refractory_s:
            times.append(time_s)
    return np.array(times)


def with_shifts(times: Array, shifts: Array, blink_s: float) -> Array:
    """Times of blinks (B,) with those that shifts of gaze bring, at times (S,), both increasing.

    Each takes the place of the next one that is drawn, so that a person's rate stays; two never run into each other.
    """
    refractory_s = blink_s + _REFRACTORY_S
    found: list[float] = []
    owed = 0
    for time_s, evoked in sorted(
        [*((t, False) for t in times.tolist()), *((t, True) for t in shifts.tolist())]
    ):
        if found and time_s - found[-1] < refractory_s:
            continue
        if owed and not evoked:
            owed -= 1
            continue
        owed += evoked
        found.append(time_s)
    return np.array(found)


def blinks(time_s: Array, times: Array, blink_s: float) -> Array:
    """Lid closure, 0 to 1, at `time_s` (T,), for blinks at times (B,) of one length."""
    shut = np.zeros(len(time_s))
    closing, opening = _CLOSING * blink_s, _OPENING * blink_s
    for peak in times.tolist():
        first, stop = np.searchsorted(time_s, [peak - closing, peak + opening])
        away = time_s[first:stop] - peak
        phase = np.where(away < 0.0, away / closing, away / opening)
        shut[first:stop] = np.maximum(shut[first:stop], 0.5 + 0.5 * np.cos(np.pi * phase))
    return shut
