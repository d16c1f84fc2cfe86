"""Rotations that the animator's own animation gives to bones, read from its curves without changing the frame."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import bpy
import numpy as np
from bpy_extras import anim_utils

from ..core.rig import modes
from ..core.types import Array

_SAMPLES = 25
_OURS = "mannerism_"  # custom properties that mark actions of ours


def animated_turns(obj: bpy.types.Object, bones: Iterable[str]) -> Mapping[str, Array]:
    """Rotations (T, 4) of bones about their own axes over the animation, by name; nothing where there is none."""
    pose: Any = obj.pose
    names = list(bones)
    paths = {name: _path(pose.bones[name]) for name in names}
    for curves, frames in _actions(obj):
        if any(path in {key[0] for key in curves} for path in paths.values()):
            return {name: _turns(pose.bones[name], paths[name], curves, frames) for name in names}
    return {}


def _path(bone: Any) -> str:
    attribute = modes.attribute(bone.rotation_mode)
    return f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"].{attribute}'


def _turns(bone: Any, path: str, curves: Mapping[tuple[str, int], Any], frames: Array) -> Array:
    values = np.tile(np.array(getattr(bone, modes.attribute(bone.rotation_mode)), float), (len(frames), 1))
    for index in range(values.shape[1]):
        if curve := curves.get((path, index)):
            values[:, index] = [curve.evaluate(frame) for frame in frames.tolist()]
    return modes.to_quaternion(bone.rotation_mode, values)


def _actions(obj: bpy.types.Object) -> Iterator[tuple[Mapping[tuple[str, int], Any], Array]]:
    """Curves and sampled frames of the animator's actions, the active one first."""
    data: Any = obj.animation_data
    if data is None:
        return
    strips = [strip for track in reversed(data.nla_tracks) for strip in track.strips if strip.action]
    for action, slot in [
        (data.action, data.action_slot),
        *((strip.action, strip.action_slot) for strip in strips),
    ]:
        if not action or not slot or any(key.startswith(_OURS) for key in action.keys()):  # noqa: SIM118
            continue
        bag: Any = anim_utils.action_get_channelbag_for_slot(action, slot)
        curves = {(curve.data_path, curve.array_index): curve for curve in (bag.fcurves if bag else ())}
        yield curves, np.linspace(action.frame_range[0], action.frame_range[1], _SAMPLES)
