"""What of a direction one speech has room for, and what is to be said of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ
from ..types import Array
from .direction import ANGLES, Direction, Gesture, Part, Pin
from .kept import SHORTEST_KEPT, Kept

FURTHEST_SD = 3.0
"""Further out than this from rest, a person hardly goes."""

MISSED_DEG = 0.01
_MOST_SAID = 3

_Entry = TypeVar("_Entry", Pin, Gesture, Part, Kept)


def fitted_to(direction: Direction, samples: int, duration_s: float) -> tuple[Direction, tuple[str, ...]]:
    """The direction as far as a take of so many samples can obey it, and sentences on what is left out."""
    notes: list[str] = []
    kept = []
    for stretch in direction.kept:
        part = _cut(stretch, samples)
        if part is None:
            notes.append(
                f"The kept stretch from {stretch.start_s:g} s lies after the sound's end, and is left out."
            )
            continue
        if part is not stretch:
            notes.append(f"The kept stretch from {stretch.start_s:g} s is cut where the sound ends.")
        kept.append(part)

    def usable(
        entries: Sequence[_Entry], what: Callable[[_Entry], str], at: Callable[[_Entry], float]
    ) -> list[Any]:
        found = []
        for entry in entries:
            if at(entry) > duration_s + 1e-9:
                notes.append(f"{what(entry)} lies after the sound's end, and is left out.")
            elif not isinstance(entry, Part) and any(
                stretch.start_s - 1e-9 <= at(entry) < stretch.stop_s - 1e-9 for stretch in kept
            ):
                notes.append(f"{what(entry)} lies within a kept stretch, which stays as it is.")
            else:
                found.append(entry)
        return found

    pins = usable(direction.pins, pin_name, lambda pin: pin.time_s)
    gestures = usable(direction.gestures, gesture_name, lambda gesture: gesture.time_s)
    parts = usable(
        direction.parts, lambda part: f"The part from {part.start_s:g} s", lambda part: part.start_s
    )
    found = replace(
        direction, pins=tuple(pins), gestures=tuple(gestures), parts=tuple(parts), kept=tuple(kept)
    )
    return found, tuple(notes)


def pin_name(pin: Pin) -> str:
    """How a note calls a pin."""
    return f"The pin at {pin.time_s:.5g} s"


def gesture_name(gesture: Gesture) -> str:
    """How a note calls a gesture."""
    return f"The {gesture.kind} at {gesture.time_s:.5g} s"


def _cut(stretch: Kept, samples: int) -> Kept | None:
    """What of a kept stretch lies within so many samples, or None for hardly anything."""
    room = samples - stretch.first
    if room >= len(stretch.samples):
        return stretch
    return Kept(stretch.start_s, stretch.samples[:room]) if room >= SHORTEST_KEPT else None


def far_and_hasty(
    pins: Sequence[Pin], kept: Sequence[Kept], sd_deg: Array, time_s: Array, base: Array
) -> list[str]:
    """Sentences on pins further out, or nearer in time to each other or to what is kept, than the person goes.

    sd_deg : (3,) standard deviations of the angles
    base : (T, 6) the take before it obeys, rotation vectors first
    """
    far = []
    for pin in pins:
        beyond = [
            f"{name} {angle:.0f}° where {FURTHEST_SD:g} standard deviations are {FURTHEST_SD * sd:.0f}°"
            for name, angle, sd in zip(ANGLES, pin.angles_deg, sd_deg, strict=True)
            if angle is not None and abs(angle) > FURTHEST_SD * sd
        ]
        if beyond:
            far.append(f"{pin_name(pin)} is further than this person goes ({', '.join(beyond)}); it is met.")
    fastest = _fastest(time_s, base)
    hasty = []
    for (one_s, one, one_name), (other_s, other, other_name) in pairwise(_fixed(pins, kept)):
        apart = [b - a for a, b in zip(one, other, strict=True) if a is not None and b is not None]
        gap_s = other_s - one_s
        needed = float(np.linalg.norm(apart)) / gap_s if apart and gap_s > 0.0 else 0.0
        if needed > fastest and one_name != other_name:
            sentence = (
                f"From {one_name} at {one_s:.5g} s to {other_name} at {other_s:.5g} s the head needs {needed:.0f}°/s on"
                f" average, and this take hardly goes beyond {fastest:.0f}°/s; both are met."
            )
            hasty.append((needed, sentence))
    worst = [sentence for _, sentence in sorted(hasty, key=lambda entry: -entry[0])]
    return [*_shortened(far), *_shortened(worst)]


def _fixed(pins: Sequence[Pin], kept: Sequence[Kept]) -> list[tuple[float, tuple[float | None, ...], str]]:
    """All poses that a take has to go through, in order of time: when, the angles, and what it is called."""
    found: list[tuple[float, tuple[float | None, ...], str]] = [
        (pin.time_s, pin.angles_deg, f"the pin{'' if len(pins) == 1 else f' number {i}'}")
        for i, pin in enumerate(pins, 1)
    ]
    for i, stretch in enumerate(kept, 1):
        for place, time_s in ((0, stretch.start_s), (-1, stretch.stop_s - 1.0 / GRID_HZ)):
            angles = np.degrees(rot.to_euler(np.array(stretch.samples[place][:4]))).tolist()
            found.append(
                (time_s, tuple(angles), f"the kept stretch{'' if len(kept) == 1 else f' number {i}'}")
            )
    return sorted(found, key=lambda entry: entry[0])


def _shortened(sentences: Sequence[str]) -> list[str]:
    """The first few, and how many more there are."""
    more = len(sentences) - _MOST_SAID
    return [*sentences[:_MOST_SAID], *([f"And so do {more} more."] if more > 0 else [])]


def missed(pins: Sequence[Pin], by_deg: Array) -> list[str]:
    """Sentences on pins that could not be met, the worst first."""
    order = np.argsort(-by_deg, kind="stable")
    pins, by_deg = [pins[i] for i in order], by_deg[order]
    found = [
        f"{pin_name(pin)} is missed by {by:.2g}°: too much is pinned or kept close to it."
        for pin, by in zip(pins, by_deg, strict=True)
        if by > MISSED_DEG
    ]
    return _shortened(found)


def _fastest(time_s: Array, vectors: Array) -> float:
    """99th percentile of angular speed, degrees per second; infinite for a take that does not move."""
    if len(time_s) < GRID_HZ:
        return np.inf
    speed = np.linalg.norm(np.gradient(np.degrees(vectors[:, :3]), time_s, axis=0), axis=1)
    return float(np.percentile(speed, 99)) or np.inf
