"""What an animator has changed in a take: stretches, and the difference that survives when the take is made anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadMotion
from ..types import Array, BoolArray
from . import windows
from .kept import SHORTEST_KEPT, Kept

LEAST = np.radians(0.05)
"""Less than this is no edit."""
LEAST_M = 1e-4

GROWN_S = 0.2
"""Beyond the keys that were edited."""

Span = tuple[float, float]
"""Seconds on the speech's clock: from, and up to."""


@dataclass(frozen=True, eq=False)
class Difference:
    """By how much a motion differs from another.

    time_s : (T,)
    turn : (T, 4) rotation that comes after the other's, as `other · turn`
    shift_m : (T, 3)
    """

    time_s: Array
    turn: Array
    shift_m: Array

    @classmethod
    def of(cls, now: HeadMotion, was: HeadMotion, scale: float = 1.0) -> "Difference":
        """Of two motions at the same times, whose translations are `scale` times what is generated."""
        turn = rot.multiply(rot.inverse(was.rotation), now.rotation)
        shift = (now.translation_m - was.translation_m) / (scale or 1.0)
        return cls(now.time_s, rot.continuous(turn), shift)

    def marks(self) -> BoolArray:
        """Where it is more than nothing (T,)."""
        turned = rot.angle_between(self.turn, np.broadcast_to(rot.IDENTITY, self.turn.shape)) > LEAST
        return np.asarray(turned | (np.abs(self.shift_m).max(axis=1) > LEAST_M))

    def on(self, motion: HeadMotion, spans: Sequence[Span]) -> HeadMotion:
        """A motion with the difference on top, within the spans."""
        inside = within(motion.time_s, spans) & (motion.time_s <= self.time_s[-1] + 1e-6)
        if not inside.any():
            return motion
        more = HeadMotion(self.time_s, self.turn, self.shift_m).at(motion.time_s[inside])
        rotation, translation_m = motion.rotation.copy(), motion.translation_m.copy()
        rotation[inside] = rot.multiply(rotation[inside], more.rotation)
        translation_m[inside] += more.translation_m
        return replace(motion, rotation=rot.continuous(rotation), translation_m=translation_m)


def within(time_s: Array, spans: Iterable[Span]) -> BoolArray:
    """Whether each time (T,) lies in one of the spans."""
    found = np.zeros(len(time_s), np.bool_)
    for start, stop in spans:
        found |= (time_s >= start - 1e-6) & (time_s <= stop + 1e-6)
    return found


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that touch as one, in order."""
    return tuple(windows.merged(spans, 1e-6))


def grown(times_s: Iterable[float], last_s: float) -> tuple[Span, ...]:
    """Spans around edited moments, from 0 up to the end of the motion."""
    around = ((max(0.0, at - GROWN_S), min(last_s, at + GROWN_S)) for at in times_s)
    return merged(span for span in around if span[0] < span[1])


def kept_of(motion: HeadMotion, spans: Iterable[Span]) -> tuple[Kept, ...]:
    """The samples of a motion on the grid within spans; a span that is short grows to the least that can be kept."""
    ranges = []
    for start, stop in spans:
        first, end = floor(start * GRID_HZ + 1e-6), floor(stop * GRID_HZ + 1e-6) + 1
        first = max(0, min(first, end - SHORTEST_KEPT))
        ranges.append((first, max(end, first + SHORTEST_KEPT)))
    return tuple(Kept.of(motion, first / GRID_HZ, end / GRID_HZ) for first, end in windows.merged(ranges))
