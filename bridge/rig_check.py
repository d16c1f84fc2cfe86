"""A nod, a shake, a tilt and a shift of known size on a rig, measured and taken off again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import RigMap
from .bones import chosen_bones, remarks
from .hidden import unposed
from .layer_tracks import strips_in
from .measured import Measured, Turned, measure, nothing_shows, shows, verdict
from .nla import add_layer, remove_layer
from .settings import character
from .timing import frame_rate

ASKED_DEG: Mapping[str, float] = {"nod": 20.0, "shake": 25.0, "tilt": 15.0}
"""Each about one axis of the head: down, to the left, to the right shoulder."""
SHIFT_MM = (30.0, 20.0, 40.0)
_STEPS = len(ASKED_DEG) + 1
_APART = 10  # frames from one movement to the next
_MM = 1000.0


@dataclass(frozen=True)
class RigCheck:
    """What arrived at the skull.

    turned_deg : by movement, about the axis that was asked for
    shift_mm : to the left, up, and out of the face, for a head of 24 cm
    """

    rig_map: RigMap
    measured: Measured
    turned_deg: Mapping[str, float]
    shift_mm: tuple[float, float, float]
    notes: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether skin follows the head, and all three turns arrived as asked."""
        return self.measured.is_right

    def __str__(self) -> str:
        """One line: measured of asked, and the bones."""
        turns = [f"{name} {self.turned_deg[name]:.1f} of {asked:g}°" for name, asked in ASKED_DEG.items()]
        shift = f"shift {_mm(self.shift_mm)} of {_mm(SHIFT_MM)} mm"
        skin = f"skull “{self.measured.skull}”" if self.measured.skinned else "no skin"
        neck = ", ".join(self.rig_map.neck) or "none"
        bones = f"head “{self.rig_map.head}”, neck {neck}, {skin}"
        return "; ".join([", ".join([*turns, shift]), bones, *self.notes])


def check_rig(obj: bpy.types.Object) -> RigCheck:
    """Turn and shift the head of an armature in a layer beyond all animation, which is removed again.

    Raises
    ------
    RigError : no armature, or one that cannot take a layer
    """
    bones = chosen_bones(obj)
    if bones is None:
        raise RigError(f"“{obj.name}” is no armature", "Select the armature of a character")
    if why := unposed(obj):
        raise RigError(*why)
    if not shows(obj):
        raise nothing_shows(obj)
    start = _beyond(obj)
    settings = character(obj)
    motion = _movements(start)
    layer = add_layer(
        obj,
        motion,
        name="Mannerism: Check Rig",
        start_frame=start,
        rig_map=bones.rig_map,
        neck_share=settings.neck_share,
    )
    frames = [start + _APART * (step + 1) for step in range(_STEPS)]
    try:
        found = measure(obj, layer, motion, bones.rig_map, start_frame=start, frames=frames)
    finally:
        remove_layer(obj, layer)
    *turns, shift = found.frames
    found = replace(found, frames=tuple(turns))
    x, y, z = shift.shift_m * _MM
    return RigCheck(
        bones.rig_map,
        found,
        {name: _about(each) for name, each in zip(ASKED_DEG, turns, strict=True)},
        (float(x), float(y), float(z)),
        (*bones.notes, *remarks(obj, bones.rig_map), *layer.notes, *verdict(obj, found)),
    )


def _about(turned: Turned) -> float:
    axis = rot.to_rotvec(turned.asked)
    return float(np.degrees(rot.to_rotvec(turned.measured) @ axis / np.linalg.norm(axis)))


def _movements(start: float) -> HeadMotion:
    """One after the other, at rest between them, on the frames of the active scene."""
    count = _APART * (_STEPS + 1) + 1
    values = np.zeros((count, 6))
    asked = [*np.radians(list(ASKED_DEG.values())), *(np.array(SHIFT_MM) / _MM)]
    for axis, value in enumerate(asked):
        values[_APART * (min(axis, _STEPS - 1) + 1), axis] = value
    at_s = frame_rate(_scene(), start).seconds(start + np.arange(count, dtype=np.float64))
    return HeadMotion(at_s, rot.from_euler(*values[:, :3].T), values[:, 3:])


def _beyond(obj: bpy.types.Object) -> int:
    """A frame after all strips and keys of the object, so that no other layer takes part."""
    data = obj.animation_data
    ends = [float(_scene().frame_end)]
    if data is not None:
        ends += [strip.frame_end for track in data.nla_tracks for strip in strips_in(track.strips)]
        ends += [data.action.frame_range[1]] if data.action else []
    return int(max(ends)) + _APART


def _scene() -> Any:
    return bpy.context.scene


def _mm(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.0f}" for value in values)
