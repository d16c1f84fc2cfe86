"""Actions and their curves, written in bulk: thousands of keys in milliseconds."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import bpy
import numpy as np
from numpy.typing import ArrayLike

from ..core.rig.decimate import Keys
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
    generated = np.full(len(points), _number("type", "GENERATED"), np.int32)
    for curve in curves:
        fcurve = bag.fcurves.new(curve.path, index=curve.index)
        if curve.group:
            fcurve.group = bag.groups.get(curve.group) or bag.groups.new(curve.group)
        points[:, 1] = curve.values
        fcurve.keyframe_points.add(len(points))
        fcurve.keyframe_points.foreach_set("co", points.ravel())
        fcurve.keyframe_points.foreach_set("type", generated)
        fcurve.update()


def hash_of(action: bpy.types.Action) -> str:
    """Hash of all keys of an action's first slot."""
    digest = hashlib.sha256()
    for curve in channels_of(action, action.slots[0]).fcurves:
        points = np.empty(2 * len(curve.keyframe_points), np.float32)
        curve.keyframe_points.foreach_get("co", points)
        digest.update(f"{curve.data_path} {curve.array_index}".encode())
        digest.update(points.tobytes())
    return digest.hexdigest()


def written_keys(action: bpy.types.Action) -> bytes:
    """Paths and indices of a layer's curves, as JSON, a line feed, and float32 values at its frames, one row a curve."""
    order, rows = [], []
    for curve in channels_of(action, action.slots[0]).fcurves:
        points = np.empty(2 * len(curve.keyframe_points), np.float32)
        curve.keyframe_points.foreach_get("co", points)
        order.append([curve.data_path, curve.array_index])
        rows.append(points[1::2])
    return json.dumps(order).encode() + b"\n" + b"".join(row.tobytes() for row in rows)


def channels_of(action: bpy.types.Action, slot: bpy.types.ActionSlot) -> Any:
    """The channel bag of a slot, with `fcurves` and `groups`; made if the action has none for it."""
    strip: Any = action.layers[0].strips[0]
    return strip.channelbag(slot, ensure=True)


def write_keys(bag: Any, path: str, keys: Keys, group: str = "") -> None:
    """Add Bézier curves through keys to a channel bag, with handles that draw the keys' slopes exactly."""
    step = np.diff(keys.frames) / 3.0
    left = np.concatenate([step[:1], step]) if len(step) else np.ones(1)
    right = np.concatenate([step, step[-1:]]) if len(step) else np.ones(1)
    for index in range(keys.values.shape[1]):
        curve = bag.fcurves.new(path, index=index)
        if group:
            curve.group = bag.groups.get(group) or bag.groups.new(group)
        points, slopes = curve.keyframe_points, keys.slopes[:, index]
        points.add(len(keys.frames))
        values = keys.values[:, index]
        for name, frames, heights in (
            ("co", keys.frames, values),
            ("handle_left", keys.frames - left, values - slopes * left),
            ("handle_right", keys.frames + right, values + slopes * right),
        ):
            points.foreach_set(name, np.stack([frames, heights], axis=1).astype(np.float32).ravel())
        for name in ("handle_left_type", "handle_right_type"):
            points.foreach_set(name, np.full(len(points), _number(name, "ALIGNED"), np.int32))
        points.foreach_set(
            "interpolation", np.full(len(points), _number("interpolation", "BEZIER"), np.int32)
        )
        curve.update()


@cache
def _number(name: str, item: str) -> int:
    """The number that stands for an item of a property of keys."""
    declared: Any = bpy.types.Keyframe.bl_rna.properties[name]
    return int(declared.enum_items[item].value)
