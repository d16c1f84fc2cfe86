"""Pins of a character as its settings list them, by line."""

from typing import Any

import bpy

from ..core.direct.direction import Pin
from ..core.errors import DirectionError
from .direct_clock import chosen


def pins_of(obj: bpy.types.Object, line: str) -> tuple[Pin, ...]:
    """The pins of a line, as a direction holds them."""
    return tuple(pin_of(item) for item in chosen(obj).pins if item.line == line)


def pin_of(item: Any) -> Pin:
    """A pin of the list, as a direction holds it. Raises DirectionError where a script gave it no time."""
    shift = tuple(item.translation) if item.with_translation else None
    return Pin(seconds_of(item), item.pitch, item.yaw, item.roll, shift)


def seconds_of(item: Any) -> float:
    """When a pin is, seconds on the clock of its speech. Raises DirectionError where a script gave it no time."""
    try:
        return float(item.seconds)
    except ValueError as error:
        raise DirectionError(
            f"A pin has the time “{item.seconds}”", "Give it seconds, or delete it"
        ) from error
