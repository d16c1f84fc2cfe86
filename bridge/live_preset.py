"""The shape of a take as one text, as presets keep it; on a character without a take it waits for the next one."""

import json
import logging
import math
from collections.abc import Mapping
from typing import Any

import bpy

from ..core.errors import MannerismError
from ..core.generate.shape import SHAPE_DEFAULTS, SHAPE_RANGES
from .live import shape_take, shape_values, why_fixed, without_effect
from .nla import has_layers
from .settings import character
from .translations import filled, named

_log = logging.getLogger(__name__)


def shape_text(obj: bpy.types.Object) -> str:
    """What shapes the active take, as JSON; without a take, what waits for the next one."""
    if has_layers(obj):
        return json.dumps(shape_values(obj))
    waiting = character(obj).shape.waiting
    return waiting or json.dumps(_all_of({}))


def set_shape_text(obj: bpy.types.Object, text: str) -> None:
    """Shape the active take as a text says, else the next one; where that is not possible, the log says why."""
    values = _read(text)
    if values is None:
        _log.warning("The shape in a preset cannot be read, so the take stays as it is")
    elif has_layers(obj):
        for reason in _shape(obj, values):
            _log.warning("%s", reason)
    else:
        character(obj).shape.waiting = json.dumps(_all_of(values))


def shape_as_waiting(obj: bpy.types.Object, *, keep: bool = False) -> tuple[str, ...]:
    """Give the active take, which was made just now, the shape that waits for it; returns sentences without a full stop.

    keep : whether it waits for others too
    """
    chosen = character(obj).shape
    values = _read(chosen.waiting) if chosen.waiting else None
    if not keep:
        chosen.waiting = ""
    return (filled("Shaped as the preset says"), *_shape(obj, values)) if values else ()


def _all_of(values: Mapping[str, float]) -> dict[str, float]:
    """Values of all sliders but the neck's share, which the next take has from its own setting."""
    every = {**SHAPE_DEFAULTS, **values}
    return {name: every[name] for name in SHAPE_DEFAULTS if name != "neck_share"}


def _read(text: str) -> dict[str, float] | None:
    """Values by name, each within its range; None of what is no such text."""
    try:
        plain = json.loads(text)
        values = {name: float(plain[name]) for name in SHAPE_RANGES if name in plain}
    except (TypeError, ValueError, RecursionError):
        return None
    if not all(math.isfinite(v) and SHAPE_RANGES[name].allows(v) for name, v in values.items()):
        return None
    return values


def _shape(obj: Any, values: Mapping[str, float]) -> list[str]:
    """Shape the active take; why what could not be done was not, a sentence each."""
    if reason := why_fixed(obj):
        return [reason]
    now = shape_values(obj)
    lacking = without_effect(obj)
    without = {name: lacking[name] for name in values if now[name] != values[name] and name in lacking}
    try:
        shape_take(obj, {name: value for name, value in values.items() if name not in without})
    except MannerismError as error:
        return [error.problem]
    return [
        filled("{} of the preset is left out: {}", named(SHAPE_RANGES[name].label), said)
        for name, said in without.items()
    ]
