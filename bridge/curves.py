"""Actions and their curves, written in bulk: thousands of keys in milliseconds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import bpy
import numpy as np
from numpy.typing import ArrayLike

from ..core.types import Array


@dataclass(frozen=True)
class Curve:
    """One F-curve to write: values (T,), and the group that the editors list it under."""

    path: str
    index: int
    values: Array
    group: str = ""


def new_action(name: str, datablock: bpy.types.ID) -> bpy.types.Action:
    """An empty action with one slot that fits the data-block."""
    action = bpy.data.actions.new(name)
    action.slots.new(datablock.id_type, datablock.name)
    action.layers.new("Layer").strips.new(type="KEYFRAME")
    return action


def write_curves(action: bpy.types.Action, curves: Iterable[Curve], frames: ArrayLike) -> None:
    """Add curves to an action made by `new_action`; all keys are marked as generated.

    frames : (T,) where the keys lie, increasing
    """
    bag = channels_of(action, action.slots[0])
    points = np.empty((np.size(frames), 2), np.float32)
    points[:, 0] = frames
    generated = np.full(len(points), _keyframe_type("GENERATED"), np.int32)
    for curve in curves:
        fcurve = bag.fcurves.new(curve.path, index=curve.index)
        if curve.group:
            fcurve.group = bag.groups.get(curve.group) or bag.groups.new(curve.group)
        points[:, 1] = curve.values
        fcurve.keyframe_points.add(len(points))
        fcurve.keyframe_points.foreach_set("co", points.ravel())
        fcurve.keyframe_points.foreach_set("type", generated)
        fcurve.update()


def channels_of(action: bpy.types.Action, slot: bpy.types.ActionSlot) -> Any:
    """The channel bag of a slot, with `fcurves` and `groups`; made if the action has none for it."""
    strip: Any = action.layers[0].strips[0]
    return strip.channelbag(slot, ensure=True)


@cache
def _keyframe_type(name: str) -> int:
    declared: Any = bpy.types.Keyframe.bl_rna.properties["type"]
    return int(declared.enum_items[name].value)
