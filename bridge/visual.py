"""What the viewport shows of bones and objects, as values of their own channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from ..core.rig import modes
from ..core.types import Array
from .rig import owner_of


@contextmanager
def playing(scene: Any) -> Iterator[Any]:
    """A function that shows a frame, whole or not; the playhead is put back at the end."""
    current, subframe = scene.frame_current, scene.frame_subframe
    try:
        yield lambda frame: scene.frame_set(int(frame // 1), subframe=frame % 1)
    finally:
        scene.frame_set(current, subframe=subframe)


def constrained(obj: bpy.types.Object, name: str) -> list[Any]:
    """The constraints that act on a bone, or on an object (name empty)."""
    return [each for each in owner_of(obj, name).constraints if not each.mute and each.influence > 0]


def visual_channels(evaluated: Any, obj: bpy.types.Object, name: str) -> dict[str, Array]:
    """Location, rotation in its own mode, and scale, with which it would stand so without its constraints.

    evaluated : the object as the dependency graph has it at the frame
    name : of a bone, or empty for the object itself
    """
    owner = owner_of(obj, name)
    shown = owner_of(evaluated, name)
    attribute = modes.attribute(owner.rotation_mode)
    if not constrained(obj, name):
        return {each: np.array(getattr(shown, each)) for each in ("location", attribute, "scale")}
    if name:
        local = evaluated.convert_space(
            pose_bone=shown, matrix=shown.matrix, from_space="POSE", to_space="LOCAL"
        )
    else:
        local = obj.matrix_parent_inverse.inverted_safe() @ evaluated.matrix_local
    place, turn, scale = local.decompose()
    if not name:
        place, turn = _without_delta(obj, place, turn)
    return {"location": np.array(place), attribute: _in_mode(owner, turn), "scale": np.array(scale)}


def _without_delta(obj: Any, place: Any, turn: Any) -> tuple[Any, Any]:
    quaternion = obj.rotation_mode == "QUATERNION"
    delta = obj.delta_rotation_quaternion if quaternion else obj.delta_rotation_euler.to_quaternion()
    return place - obj.delta_location, delta.inverted() @ turn


def _in_mode(owner: Any, turn: Any) -> Array:
    if owner.rotation_mode == "QUATERNION":
        return np.array(turn)
    if owner.rotation_mode == "AXIS_ANGLE":
        axis, angle = turn.to_axis_angle()
        return np.array([angle, *axis])
    return np.array(turn.to_euler(owner.rotation_mode))
