"""What a take must do, and how it is made to: pins, parts, gestures, kept stretches and strengths.

Blender and the command line's help ask for the nouns alone: all comes on first use.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .direction import Direction, Gesture, Part, Pin
    from .direction_file import direction_from_json, direction_to_json, read_direction
    from .kept import Kept
    from .strengths import Strengths, strengthened

__all__ = [
    "Direction",
    "Gesture",
    "Kept",
    "Part",
    "Pin",
    "Strengths",
    "direction_from_json",
    "direction_to_json",
    "read_direction",
    "strengthened",
]

_HOMES: Mapping[str, str] = {
    **dict.fromkeys(("Direction", "Gesture", "Part", "Pin"), "direction"),
    **dict.fromkeys(("direction_from_json", "direction_to_json", "read_direction"), "direction_file"),
    "Kept": "kept",
    **dict.fromkeys(("Strengths", "strengthened"), "strengths"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOMES[name]}", __package__), name)
