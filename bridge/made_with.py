"""What a take was generated with, kept with it: so that it is seen when other settings are chosen now."""

import json
from typing import Any

import bpy

from ..core.errors import MannerismError
from ..core.generate.settings import SLIDERS
from .curves import hash_of
from .messages import shown_refusal
from .nla import KEYS, Layer
from .settings import character, manner
from .takes import active_action, active_layer, take_of
from .translations import filled, named

MADE_WITH = "mannerism_made_with"
"""Custom property of a layer's action: arguments of the worker, as JSON."""
_AUTOMATIC = "mannerism_automatic"  # custom property of a layer's action: whether nobody asked for the take

_LABELS = {"style": "Style", "engine": "Engine", "seed": "Seed", **{n: s.label for n, s in SLIDERS.items()}}


def settings_now(obj: bpy.types.Object) -> dict[str, Any]:
    """What the next take would be generated with, apart from its sound. Raises StyleError, see `manner`."""
    return {**manner(obj), "seed": character(obj).seed}


def note_settings(layer: Layer, settings: dict[str, Any], *, automatic: bool = False) -> None:
    """Keep with a take what it was generated with, as `settings_now`."""
    action = bpy.data.actions[layer.name]
    action[MADE_WITH] = json.dumps({name: settings[name] for name in _LABELS})
    if automatic:
        action[_AUTOMATIC] = True


def differing(obj: bpy.types.Object) -> tuple[str, ...]:
    """Labels of the settings that are others now than those of the active take; none where these are unknown.

    Raises StyleError, see `manner`.
    """
    action = active_action(obj)
    kept = action.get(MADE_WITH)
    if not isinstance(kept, str):
        return ()
    then, now = json.loads(kept), settings_now(obj)
    return tuple(label for name, label in _LABELS.items() if then.get(name) != now[name])


def outdated(obj: bpy.types.Object) -> str:
    """Which settings only a new take would follow, as a row that is always there."""
    try:
        labels = differing(obj)
    except MannerismError as error:
        return shown_refusal(error)
    return (
        filled("Generate to apply: {}", ", ".join(map(named, labels)))
        if labels
        else filled("Made with the settings above")
    )


def replaceable(obj: bpy.types.Object, line: str) -> Layer | None:
    """The active take, if it came by itself for this line and is as it was: no key edited, no star."""
    layer = active_layer(obj)
    action: Any = bpy.data.actions[layer.name]
    take = take_of(action)
    unchanged = action.get(KEYS) == hash_of(action) and not action.mannerism_star
    return layer if action.get(_AUTOMATIC) and unchanged and take and take.line == line else None
