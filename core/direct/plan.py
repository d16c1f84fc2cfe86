"""What of a direction one speech has room for, and what is to be said of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from ..motion import GRID_HZ
from ..types import Array
from .direction import ANGLES, Direction, Gesture, Part, Pin
from .kept import SHORTEST_KEPT, Kept

FURTHEST_SD = 3.0
"""Further out than this from rest, a person hardly goes."""

MISSED_DEG = 0.01

_Entry = TypeVar("_Entry", Pin, Gesture, Part, Kept)


def fitted_to(direction: Direction, samples: int, duration_s: float) -> tuple[Direction, tuple[str, ...]]:
    """The direction as far as a take of so many samples can obey it, and sentences on what is left out."""
    notes: list[str] = []
    kept = []
    for stretch in direction.kept:
        part = replace_kept(stretch, samples)
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


def replace_kept(stretch: Kept, samples: int) -> Kept | None:
    """What of a kept stretch lies within so many samples, or None for hardly anything."""
    room = samples - stretch.first
    if room >= len(stretch.samples):
        return stretch
    return Kept(stretch.start_s, stretch.samples[:room]) if room >= SHORTEST_KEPT else None


def far_and_hasty(pins: Sequence[Pin], sd_deg: Array, time_s: Array, base: Array) -> list[str]:
    """Sentences on pins further out, or nearer in time, than the person goes.

    sd_deg : (3,) standard deviations of the angles
    base : (T, 6) the take before it obeys, rotation vectors first
    """
    notes = []
    for pin in pins:
        far = [
            f"{name} {angle:.0f}° where {FURTHEST_SD:g} standard deviations are {FURTHEST_SD * sd:.0f}°"
            for name, angle, sd in zip(ANGLES, pin.angles_deg, sd_deg, strict=True)
            if angle is not None and abs(angle) > FURTHEST_SD * sd
        ]
        if far:
            notes.append(f"{pin_name(pin)} is further than this person goes ({', '.join(far)}); it is met.")
    fastest = _fastest(time_s, base)
    for one, other in pairwise(pins):
        apart = [
            b - a
            for a, b in zip(one.angles_deg, other.angles_deg, strict=True)
            if a is not None and b is not None
        ]
        gap_s = other.time_s - one.time_s
        needed = float(np.linalg.norm(apart)) / gap_s if apart and gap_s > 0.0 else 0.0
        if needed > fastest:
            notes.append(
                f"From the pin at {one.time_s:.5g} s to that at {other.time_s:.5g} s the head needs {needed:.0f}°/s on"
                f" average, and this take hardly goes beyond {fastest:.0f}°/s; both are met."
            )
    return notes


def missed(pins: Sequence[Pin], by_deg: Array) -> list[str]:
    """Sentences on pins that could not be met."""
    return [
        f"{pin_name(pin)} is missed by {by:.2g}°: too much is pinned or kept close to it."
        for pin, by in zip(pins, by_deg, strict=True)
        if by > MISSED_DEG
    ]


def _fastest(time_s: Array, vectors: Array) -> float:
    """99th percentile of angular speed, degrees per second; infinite for a take that does not move."""
    if len(time_s) < GRID_HZ:
        return np.inf
    speed = np.linalg.norm(np.gradient(np.degrees(vectors[:, :3]), time_s, axis=0), axis=1)
    return float(np.percentile(speed, 99)) or np.inf
