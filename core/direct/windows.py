"""Stretches of steps that are to be made anew, and what lies between them."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ..network.sizes import PER_STEP

Window = tuple[int, int]
"""The first step that is made anew, and the one after the last."""


_Number = TypeVar("_Number", int, float)


def merged(windows: Iterable[tuple[_Number, _Number]], apart: float = 0.0) -> list[tuple[_Number, _Number]]:
    """Windows of steps, samples or seconds that touch, or nearly so, as one; in order.

    apart : a gap that is none
    """
    found: list[tuple[_Number, _Number]] = []
    for first, stop in sorted(windows):
        if found and first <= found[-1][1] + apart:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((first, stop))
    return found


def without(windows: Iterable[Window], fixed: Sequence[Window]) -> list[Window]:
    """What of windows is not within those that are fixed, in order."""
    left = [window for window in windows if window[0] < window[1]]
    for begin, end in fixed:
        left = [
            piece
            for first, stop in left
            for piece in ((first, min(stop, begin)), (max(first, end), stop))
            if piece[0] < piece[1]
        ]
    return sorted(left)


def within_samples(first: int, stop: int) -> Window:
    """The steps that can be made anew where only the samples from `first` to before `stop` may change."""
    # Between a step that changes and one that stays lies a sample that changes.
    return -(-(first + 1) // PER_STEP), stop // PER_STEP


def samples_of(window: Window) -> Window:
    """The samples that change with the steps of a window."""
    first, stop = window
    return PER_STEP * (first - 1) + 1, PER_STEP * stop


def steps_of(first: int, stop: int) -> Window:
    """The steps at samples from `first` to before `stop`."""
    return -(-first // PER_STEP), -(-stop // PER_STEP)
