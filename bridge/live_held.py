"""What of a take no slider moves: pins that it goes through, and keys that the animator edited and had kept."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from ..core.direct.direction import NEAREST_PINS_S, Direction, Pin
from ..core.direct.direction_file import direction_from_json, direction_to_json
from ..core.direct.edits import Span
from ..core.direct.held import Held
from ..core.errors import MannerismError
from .direct_stored import stored_direction
from .nla import Layer

HELD = "mannerism_held"
"""Custom property of a layer's action: pins that no slider moves, as the JSON of a direction."""

_GONE = (
    "mannerism_let_go"  # custom property: seconds at which pins went since the take was last shaped, as JSON
)

KEPT = "mannerism_kept"
"""Custom property of a layer's action: spans that the take has from edited keys of an earlier one, as JSON."""


def held_by(action: Any) -> Held:
    """What no slider moves of a take; nothing where what is kept of that is damaged."""
    pins, spans = action.get(HELD), action.get(KEPT)
    return Held(_pins(pins) if isinstance(pins, str) else (), _spans(spans) if isinstance(spans, str) else ())


def note_pins(action: Any, listed: Sequence[Pin], met: Callable[[Sequence[Pin]], Sequence[Pin]]) -> None:
    """Before a take is shaped: have it hold those of its pins that it goes through as it is shown now.

    listed : pins of its line; besides them it holds those that it was made by
    met : of pins, those that it goes through
    """
    noted, gone = held_by(action).pins, _moments(action.get(_GONE))
    left = tuple(pin for pin in noted if not _near(pin, gone))
    made_by = () if HELD in action else stored_direction(Layer(action.name)).pins
    asked = dict.fromkeys([*listed, *(pin for pin in made_by if not _near(pin, gone))])
    fresh = [pin for pin in asked if not _near(pin, _times(left))]
    for pin in met(fresh) if fresh else ():
        if not _near(pin, _times(left)):
            left = (*left, pin)
    if left != noted or HELD not in action:
        action[HELD] = direction_to_json(Direction(left))
    if _GONE in action:
        del action[_GONE]


def let_go(action: Any, time_s: float) -> None:
    """Have a take hold no pin at a time when it is next shaped, but what is then listed; until then it stays."""
    action[_GONE] = json.dumps([*_moments(action.get(_GONE)), time_s])


def _times(pins: Iterable[Pin]) -> tuple[float, ...]:
    return tuple(pin.time_s for pin in pins)


def _near(pin: Pin, times_s: Iterable[float]) -> bool:
    return any(abs(pin.time_s - time_s) < NEAREST_PINS_S for time_s in times_s)


def _moments(stored: Any) -> tuple[float, ...]:
    try:
        return tuple(map(float, json.loads(stored))) if isinstance(stored, str) else ()
    except (TypeError, ValueError):
        return ()


@lru_cache(maxsize=16)
def _pins(stored: str) -> tuple[Pin, ...]:
    try:
        return direction_from_json(stored).pins
    except MannerismError:
        return ()


@lru_cache(maxsize=16)
def _spans(stored: str) -> tuple[Span, ...]:
    try:
        return tuple((float(start), float(stop)) for start, stop in json.loads(stored))
    except (TypeError, ValueError):
        return ()
