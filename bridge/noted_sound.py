"""Which sound a layer moves to, where that sound has a place of its own in the scene."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import bpy

from .nla import Layer
from .sound_strip import place_of

SOUND = "mannerism_sound"
"""Custom property of a layer's action: a `NotedSound`, as JSON."""


@dataclass(frozen=True)
class NotedSound:
    """A sound as it was when the layer was made.

    source : one of SOURCES
    name : of its strip or speaker
    at : frame of the timeline where it began
    """

    source: str
    name: str
    at: float


def note_sound(layer: Layer, source: str, name: str, context: Any) -> None:
    """Keep which sound a layer moves to, if that has a place of its own."""
    at = place_of(source, name, context)
    if at is not None:
        bpy.data.actions[layer.name][SOUND] = json.dumps(asdict(NotedSound(source, name, at)))


def noted_sound(action: bpy.types.Action) -> NotedSound | None:
    """What `note_sound` kept, if anything."""
    note = action.get(SOUND)
    return NotedSound(**json.loads(note)) if isinstance(note, str) else None
