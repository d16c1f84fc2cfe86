"""Gestures by the names of markers: “nod”, “look left”, “tilt right 1.5”."""

from dataclasses import dataclass
from difflib import get_close_matches

from ..errors import DirectionError
from .direction import GESTURES, Gesture

_NEAR = 0.75
_USUAL = {"tilt": "left"}
"""Where a kind has sides and none is given."""


@dataclass(frozen=True)
class Read:
    """What the name of a marker says.

    gesture : None for no gesture
    said : a sentence without a full stop on what was guessed or not understood, "" for nothing
    """

    gesture: Gesture | None = None
    said: str = ""


def gesture_of(name: str, time_s: float) -> Read:
    """The gesture that a marker's name asks for: kind, side where there is one, and strength as a number."""
    words = name.lower().replace("_", " ").split()
    kind = next(
        (k for k in sorted(GESTURES, key=len, reverse=True) if words[: len(k.split())] == k.split()), ""
    )
    if not kind:
        return Read(said=_nearly(name, words))
    rest = words[len(kind.split()) :]
    sides, said = GESTURES[kind], ""
    towards = rest.pop(0) if rest and rest[0] in sides else None
    try:
        strength = float(" ".join(rest) or 1.0)
    except ValueError:  # no number, or more than one word
        return Read(said=f"The marker “{name}” is nearly a {kind}: call it {_example(kind)}")
    if sides and towards is None:
        towards = _USUAL.get(kind)
        if towards is None:
            return Read(said=f"The marker “{name}” names no side: call it {_example(kind)}")
        said = f"The marker “{name}” names no side, and {towards} is taken"
    try:
        return Read(Gesture(kind, time_s, strength, towards), said)
    except DirectionError as error:
        return Read(said=f"The marker “{name}”: {error.problem}")


def _nearly(name: str, words: list[str]) -> str:
    for count in (2, 1):
        if len(words) > 3:  # a sentence, not a name
            return ""
        near = get_close_matches(" ".join(words[:count]), GESTURES, 1, _NEAR)
        if near:
            return f"The marker “{name}” is nearly a {near[0]}: call it {_example(near[0])}"
    return ""


def _example(kind: str) -> str:
    sides = GESTURES[kind]
    return f"“{kind} {sides[0]}”" if sides else f"“{kind}”"
