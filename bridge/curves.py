"""Actions and their curves, written in bulk: thousands of keys in milliseconds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import bpy
import numpy as np
from numpy.typing import ArrayLike

from ..core.rig.decimate import Keys
from ..core.types import Array, BoolArray, Float32Array


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
    curves = channels_of(action, action.slots[0]).fcurves
    return hash_of_keys((curve.data_path, curve.array_index, keys_of(curve)) for curve in curves)


def hash_of_keys(curves: Iterable[tuple[str, int, Float32Array]]) -> str:
    """The same hash, of curves as path, index and keys (N, 2)."""
    digest = hashlib.sha256()
    for path, index, points in curves:
        digest.update(f"{path} {index}".encode())
        digest.update(points.tobytes())
    return digest.hexdigest()


def keys_of(curve: Any) -> Float32Array:
    """Frames and values (N, 2) of a curve's keys, in the 32 bits that Blender keeps of each."""
    points = np.empty(2 * len(curve.keyframe_points), np.float32)
    curve.keyframe_points.foreach_get("co", points)
    return points.reshape(-1, 2)


def are(curve: Any, name: str, *items: str) -> BoolArray:
    """Whether a property of each of a curve's keys (N,) is one of these items."""
    values = np.empty(len(curve.keyframe_points), np.int32)
    curve.keyframe_points.foreach_get(name, values)
    return np.isin(values, [_number(name, item) for item in items])


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
