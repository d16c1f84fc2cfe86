"""Time stamps of a recording: stray ones are left out, and a gap in the clock cuts it."""

from dataclasses import dataclass

import numpy as np

from ..types import Array, BoolArray, IntArray

LONGEST_GAP_S = 5.0
"""A longer gap in the time stamps ends a recording: nobody can say what the head did meanwhile."""

_LATEST_S = 1e11  # three thousand years: a number behind it is no time stamp of anything
_STRAY_S = 1.0  # of rows that lie apart; more of them are another part of the recording


@dataclass(frozen=True)
class Clock:
    """Rows of a recording that follow one clock.

    rows : (N,) whether a row is used; their times increase, by LONGEST_GAP_S at most
    notes : sentences on what was left out
    """

    rows: BoolArray
    notes: tuple[str, ...]


def steady_clock(time_s: Array) -> Clock:
    """Find the longest stretch of rows whose times increase without a long gap.

    time_s : (N,) as recorded; NaN where a row has no time
    """
    found = np.isfinite(time_s) & (np.abs(np.nan_to_num(time_s)) < _LATEST_S)
    rows = _without_spikes(time_s, np.flatnonzero(found))
    runs = np.split(rows, np.flatnonzero(_breaks(time_s[rows])) + 1)
    kept = max(runs, key=len)
    if not len(kept):
        return Clock(np.zeros(len(time_s), np.bool_), ())
    first = next(at for at, run in enumerate(runs) if run is kept)
    for run in runs[first + 1 :]:
        later = run[time_s[run] > time_s[kept[-1]]]
        if len(later) and time_s[later[0]] - time_s[kept[-1]] <= LONGEST_GAP_S:
            kept = np.concatenate([kept, later])
    for run in reversed(runs[:first]):
        earlier = run[time_s[run] < time_s[kept[0]]]
        if len(earlier) and time_s[kept[0]] - time_s[earlier[-1]] <= LONGEST_GAP_S:
            kept = np.concatenate([earlier, kept])
    used = np.zeros(len(time_s), np.bool_)
    used[kept] = True
    return Clock(used, tuple(_notes(time_s, runs, used)))


def _without_spikes(time_s: Array, rows: IntArray) -> IntArray:
    """Rows but those whose time does not lie between that of their neighbours, which follow one another."""
    times = time_s[rows]
    before, own, after = times[:-2], times[1:-1], times[2:]
    spike = (before < after) & ((own < before) | (own > after)) & (after - before <= LONGEST_GAP_S)
    return rows[np.concatenate([[True], ~spike, [True]])] if len(rows) > 2 else rows


def _breaks(times: Array) -> BoolArray:
    step = np.diff(times)
    return np.asarray((step <= 0.0) | (step > LONGEST_GAP_S), np.bool_)


def _notes(time_s: Array, runs: list[IntArray], used: BoolArray) -> list[str]:
    notes = []
    apart = [run for run in runs if len(run) and not used[run].any() and np.ptp(time_s[run]) > _STRAY_S]
    stray = int(len(time_s) - used.sum() - sum(len(run) for run in apart))
    if stray:
        rows = "1 row is" if stray == 1 else f"{stray} rows are"
        notes.append(f"{rows} left out: their time does not follow from the rows around.")
    if apart:
        length = np.ptp(time_s[used])
        notes.append(
            f"The clock has a gap or goes back, so the recording is cut there: the longest part, "
            f"{length:.1f} s from row {int(np.argmax(used)) + 1} on, is used."
        )
    return notes
