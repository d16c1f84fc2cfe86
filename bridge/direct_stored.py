"""The direction that a take was made by, as its layer keeps it."""

import bpy

from ..core.direct.direction import Direction
from ..core.direct.direction_file import direction_from_json, direction_to_json
from .nla import Layer

DIRECTION = "mannerism_direction"
"""Custom property of a layer's action: the direction that the take was made by, as JSON."""


def stored_direction(layer: Layer) -> Direction:
    """The direction that a layer was made by; an empty one where none is stored."""
    stored = bpy.data.actions[layer.name].get(DIRECTION)
    return direction_from_json(stored) if isinstance(stored, str) and stored else Direction()


def keep_direction(layer: Layer, direction: Direction) -> None:
    """Store the direction that a layer was made by."""
    bpy.data.actions[layer.name][DIRECTION] = direction_to_json(direction)
