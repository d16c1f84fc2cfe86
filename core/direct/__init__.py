"""What a take must do, and how it is made to: pins, parts, gestures, kept stretches and strengths.

A module is imported when one of its names is first used: Blender's start needs the data classes, but not the
sampling.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..lazy import exported

if TYPE_CHECKING:
    from .direction import Direction, Gesture, Part, Pin
    from .direction_file import direction_from_json, direction_to_json, read_direction
    from .kept import Kept
    from .strengthen import strengthened
    from .strengths import Strengths

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
    "Strengths": "strengths",
    "strengthened": "strengthen",
}


def __getattr__(name: str) -> Any:
    return exported(name, _HOMES, __package__)
