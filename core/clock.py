"""Times of recorded rows: strays and repetitions left out, and one stretch without long gaps."""

from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .text_file import UnreadableError
from .types import Array

LONGEST_GAP_S = 5.0
_USUAL_STEPS = 50  # of a sparse table's usual step are no gap either
_RECENT = 20  # rows before: where most are later than the next one, the clock was started anew
_DAY_S = 86_400.0
_UNSORTED = 0.1  # of the steps lead back only where rows are in another order than that of their times
_UNITS = {1e3: "milliseconds", 1e6: "microseconds", 1e9: "nanoseconds"}  # of which a second has so many
_SHORTEST_S = 0.004  # between two rows
_STEPS_S = 2e-4, 0.5  # between two rows of anything that can be read


def one_stretch(time_s: Array) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Which rows make up the longest stretch of increasing times, and sentences on what is left out.

    A stretch ends where the clock stands still for more than LONGEST_GAP_S or starts anew. Within it single
    times that are missing, repeated or out of order cost their own rows alone. Rows that are in no order of time,
    or in the reverse one, are sorted.

    time_s : (N,) seconds; may hold anything
    returns indices (M,) with increasing times; M is 0 only where no time is finite
    """
    known = np.flatnonzero(np.isfinite(time_s))
    if len(known) < 3:
        return known[_rising(time_s[known])] if len(known) else known, ()
    said = []
    if _unsorted(time_s[known]):
        known = known[np.argsort(time_s[known], kind="stable")]
        said.append("The rows are in no order of their times, and are sorted by them.")
    parts = [known[_rising(time_s[known][start:stop]) + start] for start, stop in _starts(time_s[known])]
    steps = np.concatenate([np.diff(time_s[part]) for part in parts])
    gap_s = max(LONGEST_GAP_S, _USUAL_STEPS * float(np.median(steps))) if len(steps) else LONGEST_GAP_S
    stretches = [
        piece for part in parts for piece in np.split(part, np.flatnonzero(np.diff(time_s[part]) > gap_s) + 1)
    ]
    longest = max(stretches, key=len)
    away = sum(len(piece) for piece in stretches) - len(longest)
    disorder = len(time_s) - len(longest) - away
    if disorder:
        said.append(f"Times are missing, repeated or out of order; {_rows(disorder)} left out.")
    if away:
        first_s, last_s = time_s[longest[[0, -1]]]
        said.append(
            f"The clock jumps by more than {gap_s:.3g} s or starts anew; of its parts the longest is used,"
            f" {last_s - first_s:.1f} s, and {_rows(away)} left out."
        )
    return longest, tuple(said)


def from_start(time_s: Array) -> tuple[Array, tuple[str, ...]]:
    """Times of day, or since 1970, as seconds from the first row; others as they are."""
    if abs(time_s[0]) < _DAY_S:
        return time_s, ()
    return time_s - time_s[0], ("The times are those of a calendar; they are counted from the first row.",)


def in_seconds(time_s: Array) -> tuple[Array, tuple[str, ...]]:
    """Recorded times whose steps are too long for seconds, as those of smaller units, and a sentence on it.

    time_s : (N,) numbers of a recording of 1 to 250 rows a second; may hold anything
    """
    known = time_s[np.isfinite(time_s)]
    known = np.sort(known) if _unsorted(known) else known
    step = float(np.median(np.abs(np.diff(known)))) if len(known) > 2 else 0.0
    for unit, name in _UNITS.items():
        if _SHORTEST_S * unit <= step <= unit:
            return time_s / unit, (f"The times are too far apart for seconds; they are read as {name}.",)
    if _SHORTEST_S / _DAY_S <= step <= 1 / _DAY_S:
        return time_s * _DAY_S, ("The times are too close together for seconds; they are read as days.",)
    return time_s, ()


def check_steps(time_s: Array) -> None:
    """Refuse times (N,), N ≥ 2, increasing, with whose steps nobody records a head. Raises UnreadableError."""
    step_s = float(np.median(np.diff(time_s)))
    if not _STEPS_S[0] <= step_s <= _STEPS_S[1]:
        raise UnreadableError(
            f"has rows that lie {step_s:.3g} s apart, and head motion needs 0.001 to 0.2 s."
            " Frame numbers become seconds when they are divided by the frame rate"
        )


def _unsorted(time_s: Array) -> bool:
    return len(time_s) > 2 and bool(np.mean(np.diff(time_s) < 0) > _UNSORTED)


def _starts(time_s: Array) -> list[tuple[int, int]]:
    """Pieces (start, stop) between which the clock was started anew."""
    padded = np.concatenate([np.full(_RECENT, -np.inf), time_s])
    later = (sliding_window_view(padded, _RECENT)[:-1] >= time_s[:, None]).sum(axis=1)
    anew = later > np.minimum(np.arange(len(time_s)), _RECENT) // 2
    anew[:-2] &= anew[1:-1] & anew[2:]  # one early time alone is a stray
    anew[-2:] = False
    first = np.flatnonzero(anew & ~np.concatenate([[False], anew[:-1]]))
    edges = [0, *(int(at) for at in first if at), len(time_s)]
    return list(pairwise(edges))


def _rising(time_s: Array) -> NDArray[np.intp]:
    """Indices of a longest subsequence that increases (Schensted 1961)."""
    if (np.diff(time_s) > 0).all():
        return np.arange(len(time_s))
    tails: list[float] = []
    ends: list[int] = []
    before = np.full(len(time_s), -1)
    for at, value in enumerate(time_s.tolist()):
        place = bisect_left(tails, value)
        before[at] = ends[place - 1] if place else -1
        tails[place : place + 1] = [value]
        ends[place : place + 1] = [at]
    chain = []
    at = ends[-1]
    while at >= 0:
        chain.append(at)
        at = int(before[at])
    return np.array(chain[::-1], np.intp)


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count} rows were"
