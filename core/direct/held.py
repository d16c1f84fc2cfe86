"""What of a finished take stays when the take is changed after it was made: its pins, and an animator's stretches.

Numpy only and fast, so that a slider can call it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadMotion, motion_of, vectors_of
from ..types import Array, BoolArray
from .direction import Pin
from .edits import Span, within
from .envelope import envelope
from .exact import WIDE_S, pinned, rejoined, residuals
from .kernel import Kernel
from .reader import Reader

MET_DEG, MET_M = 0.01, 1e-4
"""A pin that is missed by no more than this is met."""

_TAPS_S = 2.0 / GRID_HZ  # as far away lie the samples that a frame is read from
_AT_IT = 1e-8  # radians or metres: a pin that is missed by less is left at that


@dataclass(frozen=True)
class Held:
    """What stays.

    pins : poses that the take goes through, in order of time
    spans : stretches that stay as the take was made, seconds from and up to
    """

    pins: tuple[Pin, ...] = ()
    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything stays."""
        return bool(self.pins or self.spans)


def holding(
    made: HeadMotion, changed: HeadMotion, held: Held, *, kernel: Kernel, ramp_s: float
) -> HeadMotion:
    """A changed take in which what is held is as it was; what is further than WIDE_S from all of it stays.

    Stretches hold the samples of the take as it was made, to the last bit, and all that is read from them; what lies
    before and after is led into them. Pins are met at their times; one in a held stretch is left as that has it.

    made : as the take was, on samples of which all are samples of the changed one too
    kernel : of the take as it was made, see `dragged.kernel_of`
    ramp_s : as in `envelope`
    """
    kept = within(made.time_s, [(start - _TAPS_S, stop + _TAPS_S) for start, stop in held.spans])
    first = int(np.searchsorted(changed.time_s, made.time_s[0] - 1e-9))
    stays = np.zeros(len(changed.time_s), np.bool_)
    stays[first : first + len(kept)] = kept
    before = vectors_of(changed)
    vectors = before
    if kept.any():
        fixed = before.copy()
        fixed[stays] = vectors_of(made)[kept]
        vectors = rejoined(fixed, before, ~stays, kernel, WIDE_S)
    if held.pins and np.abs(_lacking(changed.time_s, vectors, held.pins)).max() > _AT_IT:
        room = envelope(changed.time_s, held.pins, ~stays, ramp_s)
        vectors = pinned(changed.time_s, vectors, held.pins, kernel, WIDE_S, envelope=room)
    moved = (vectors != before).any(axis=1) & ~stays
    if not (moved.any() or kept.any()):
        return changed
    anew = motion_of(changed.time_s, vectors)
    rotation, translation_m = (
        np.where(moved[:, None], new, old)
        for new, old in ((anew.rotation, changed.rotation), (anew.translation_m, changed.translation_m))
    )
    rotation[stays], translation_m[stays] = made.rotation[kept], made.translation_m[kept]
    return HeadMotion(changed.time_s, rot.continuous(rotation), translation_m, changed.notes)


def are_met(motion: HeadMotion, pins: Sequence[Pin]) -> BoolArray:
    """Whether a motion goes through each of some pins (P,)."""
    if not pins:
        return np.zeros(0, np.bool_)
    lacking = np.abs(_lacking(motion.time_s, vectors_of(motion), pins))
    limits = np.array([np.radians(MET_DEG)] * 3 + [MET_M] * 3)
    return np.asarray((lacking <= limits).all(axis=1))


def _lacking(time_s: Array, vectors: Array, pins: Sequence[Pin]) -> Array:
    """What rotation vectors and translation (T, 6) lack to each pin where frames are read, (P, 6)."""
    return residuals(Reader.at(time_s, [pin.time_s for pin in pins]).values(vectors), pins)
