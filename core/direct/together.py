"""Two directions as one, of which the second has its way where both cannot be."""

from collections.abc import Sequence

from .direction import NEAREST_PINS_S, Direction, Part, Pin
from .kept import Kept
from .strengths import Strengths


def together(first: Direction, second: Direction) -> tuple[Direction, tuple[str, ...]]:
    """All that two directions ask for, and a sentence without a full stop on what of the first gives way.

    A pin gives way to one of the same angle at the same time, a part or kept stretch to one that it overlaps, and all
    strengths to others than the usual ones.

    Raises
    ------
    DirectionError : together there are more of a kind than a direction may hold
    """
    if not (first and second):
        return first or second, ()
    said: list[str] = []
    pins = [pin for pin in first.pins if not _clash(pin, second.pins)]
    said += [
        f"The pin at {pin.time_s:.3g} s gives way to another one" for pin in first.pins if pin not in pins
    ]
    parts = [part for part in first.parts if not _overlaps(part, second.parts)]
    kept = [stretch for stretch in first.kept if not _overlaps(stretch, second.kept)]
    for what, all_of, left in (("part", first.parts, parts), ("kept stretch", first.kept, kept)):
        said += [
            f"The {what} from {each.start_s:.3g} s gives way to another one"
            for each in all_of
            if each not in left
        ]
    strengths = first.strengths if second.strengths == Strengths() else second.strengths
    if strengths != first.strengths != Strengths():
        said.append("The strengths give way to others")
    made = Direction(
        (*pins, *second.pins),
        (*first.gestures, *second.gestures),
        (*parts, *second.parts),
        (*kept, *second.kept),
        strengths,
    )
    return made, tuple(said)


def _clash(pin: Pin, others: Sequence[Pin]) -> bool:
    return any(abs(pin.time_s - other.time_s) < NEAREST_PINS_S and pin.axes & other.axes for other in others)


def _overlaps(one: Part | Kept, others: Sequence[Part] | Sequence[Kept]) -> bool:
    return any(one.start_s < other.stop_s and other.start_s < one.stop_s for other in others)
