"""The animator's own animation of an object, as it is without our layers."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import bpy
import numpy as np
from bpy_extras import anim_utils

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.rig import Base, Joint, modes
from ..core.types import Array
from .rig import channel_path, owner_of

Key = tuple[str, int]
"""Data path and array index of one channel."""


@dataclass(frozen=True)
class Blend:
    """How an active action blends with the tracks below; without tracks Blender takes it as by default here."""

    action_blend_type: str = "REPLACE"
    action_influence: float = 1.0
    action_extrapolation: str = "HOLD"

    @classmethod
    def of(cls, data: bpy.types.AnimData) -> "Blend":
        return cls(**{field.name: getattr(data, field.name) for field in fields(cls)})

    def put(self, data: bpy.types.AnimData) -> None:
        for name, value in asdict(self).items():
            setattr(data, name, value)


@dataclass(frozen=True)
class BaseAnimation:
    """The animation of an object: its active action on top, the animator's NLA tracks below.

    Our layers lie between the two, so the active action has to combine with what is below it
    instead of replacing it; `replaced` holds the channels where the animator's tracks would then
    show through.

    own : names of the actions of our own tracks
    poses : values, by data path, that the channels of our layers had before
    blend : of the active action without our layers
    """

    obj: bpy.types.Object
    own: frozenset[str]
    poses: Mapping[str, list[float]]
    blend: Blend

    @cached_property
    def active(self) -> dict[Key, Any]:
        data = self.obj.animation_data
        if data is None or data.action is None or data.action_slot is None:
            return {}
        return _curves(data.action, data.action_slot)

    @cached_property
    def below(self) -> frozenset[Key]:
        data = self.obj.animation_data
        return frozenset(
            key
            for track in (data.nla_tracks if data else ())
            for strip in strips_in(track.strips)
            if strip.action and strip.action_slot and strip.action.name not in self.own
            for key in _curves(strip.action, strip.action_slot)
        )

    @cached_property
    def replaced(self) -> frozenset[Key]:
        return (
            frozenset(self.active) & self.below if self.blend.action_blend_type == "REPLACE" else frozenset()
        )

    def check(self) -> None:
        """Refuse an active action that no layer can be put under."""
        blend = self.blend
        whole = blend.action_influence == 1.0 and (blend.action_extrapolation == "HOLD" or not self.replaced)
        kept = blend.action_blend_type == "COMBINE" or (blend.action_blend_type == "REPLACE" and whole)
        if self.active and not kept:
            raise RigError(
                f"The active action of “{self.obj.name}” is itself blended in a way that cannot be kept",
                "Push it down in the NLA editor and generate again",
            )

    def static(self, path: str) -> list[float]:
        """The values that a channel's property holds without our layers."""
        found = self.poses.get(path)
        values: Any = self.obj.path_resolve(path) if found is None else found
        return [float(value) for value in values]

    def floor(self, paths: Iterable[str]) -> dict[Key, float]:
        """Values for a strip below our layers, so that only they are added to the pose from before.

        A pose without keys on the channels `paths` would be lost once the NLA animates them; and
        tracks that the active action replaced must stay hidden.
        """
        poses = {
            (path, index): value
            for path in paths
            for index, value in enumerate(self.static(path))
            if (path, index) not in self.active
            and (path, index) not in self.below
            and value != modes.DEFAULTS[path.rpartition(".")[2]][index]
        }
        hidden = {key: _default(self.obj, key) for key in self.replaced}
        return poses | {key: value for key, value in hidden.items() if value is not None}

    def sample(self, joints: Iterable[Joint], frames: Array) -> dict[str, Base]:
        """The animator's rotation of each joint, by name, at `frames` (T,)."""
        return {joint.name: self._sample(joint, frames) for joint in joints}

    def location(self, frames: Array) -> Array:
        """The animator's location of an object itself, shape (T, 3), at `frames` (T,)."""
        lower, upper = self._parts("", "location", frames)
        return lower + self.blend.action_influence * (upper - modes.DEFAULTS["location"])

    def _sample(self, joint: Joint, frames: Array) -> Base:
        attribute = modes.attribute(joint.mode)
        # A layer of quaternions multiplies onto whatever lies below, so there it need not be known.
        known = joint.mode != "QUATERNION" or not joint.name
        lower, upper = self._parts(joint.name, attribute, frames, tracks=known)
        influence = self.blend.action_influence
        if joint.mode != "QUATERNION":
            values = lower + influence * (upper - modes.DEFAULTS[attribute])
            return Base(values, np.tile(rot.IDENTITY, (len(frames), 1)))
        above = rot.power(modes.to_quaternion("QUATERNION", upper), np.full(len(frames), influence))
        return Base(rot.multiply(modes.to_quaternion("QUATERNION", lower), above), above)

    def _parts(self, name: str, attribute: str, frames: Array, *, tracks: bool = True) -> tuple[Array, Array]:
        """Channel values (T, k) of what lies below the active action, and of that action."""
        path = channel_path(name, attribute)
        default = np.array(modes.DEFAULTS[attribute])
        keys = [(path, index) for index in range(len(default))]
        lower = np.tile(self.static(path), (len(frames), 1))
        upper = np.tile(default, (len(frames), 1))
        for index, key in enumerate(keys):
            if key in self.active:
                lower[:, index] = default[index]
                upper[:, index] = [self.active[key].evaluate(frame) for frame in frames.tolist()]
        shown = [index for index, key in enumerate(keys) if key in self.below - self.replaced]
        if shown and tracks:
            lower[:, shown] = self._below_at(name, attribute, frames)[:, shown]
        return lower, upper

    def _below_at(self, name: str, attribute: str, frames: Array) -> Array:
        """Channel values (T, k) of the animator's tracks alone, evaluated by Blender on a stand-in."""
        scene = bpy.data.scenes.new("stand-in")
        copy: Any = self.obj.copy()
        try:
            scene.collection.objects.link(copy)
            copy.parent = None
            copy.modifiers.clear()
            data = copy.animation_data
            data.action = None
            for driver in list(data.drivers):
                data.drivers.remove(driver)
            for track in [track for track in data.nla_tracks if _actions(track) & self.own]:
                data.nla_tracks.remove(track)
            for owner in (copy, *(copy.pose.bones if copy.pose else ())):
                for constraint in list(owner.constraints):
                    owner.constraints.remove(constraint)
            values = []
            for frame in frames.tolist():
                scene.frame_set(int(frame // 1), subframe=frame % 1)
                depsgraph: Any = scene.view_layers[0].depsgraph
                values.append([*getattr(owner_of(copy.evaluated_get(depsgraph), name), attribute)])
            return np.array(values)
        finally:
            bpy.data.batch_remove([copy, scene])


def keeps_its_effect(data: bpy.types.AnimData | None) -> bool:
    """Whether the active action acts as before when the first NLA track comes, which makes its blending count."""
    return data is None or not data.action or bool(data.nla_tracks) or Blend.of(data) == Blend()


def fingerprint(joints: Iterable[Joint], bases: Mapping[str, Base]) -> str:
    """Hash of the animation that a layer on these joints is fitted to."""
    digest = hashlib.sha256()
    for joint in joints:
        base = bases[joint.name]
        multiplied = joint.name and joint.mode == "QUATERNION"  # fitted only to what lies above it
        fitted = base.above if multiplied else base.channels
        digest.update(f"{joint.name} {joint.mode}".encode())
        digest.update(np.round(fitted, 4).astype(np.float32).tobytes())
    return digest.hexdigest()


def strips_in(strips: Any) -> Iterator[bpy.types.NlaStrip]:
    """The strips of a track, and those inside its meta strips."""
    for strip in strips:
        yield strip
        yield from strips_in(strip.strips)


def _actions(track: bpy.types.NlaTrack) -> frozenset[str]:
    return frozenset(strip.action.name for strip in strips_in(track.strips) if strip.action)


def _curves(action: bpy.types.Action, slot: bpy.types.ActionSlot) -> dict[Key, bpy.types.FCurve]:
    bag: Any = anim_utils.action_get_channelbag_for_slot(action, slot)
    return {
        (curve.data_path, curve.array_index): curve
        for curve in (bag.fcurves if bag else ())
        if not curve.mute and not (curve.group and curve.group.mute)
    }


def _default(obj: bpy.types.Object, key: Key) -> float | None:
    """Value of a channel that nothing animates, as Blender's NLA evaluates it; None if there is no such channel."""
    path, index = key
    if (known := modes.DEFAULTS.get(path.rpartition(".")[2])) is not None:
        return known[index]
    try:
        default = _declared_default(obj, path)
    except (ValueError, KeyError, TypeError, AttributeError):  # its bone or property was removed
        return None
    return float(default[index] if hasattr(default, "__len__") else default)


def _declared_default(obj: bpy.types.Object, path: str) -> Any:
    owner_path, custom, name = path.rpartition('["')
    if custom and path.endswith('"]'):
        owner: Any = obj.path_resolve(owner_path) if owner_path else obj
        return owner.id_properties_ui(name[:-2]).as_dict().get("default", 0.0)
    owner_path, _, name = path.rpartition(".")
    owner = obj.path_resolve(owner_path) if owner_path else obj
    declared = owner.bl_rna.properties[name]
    default = declared.default_array if getattr(declared, "is_array", False) else declared.default
    return declared.enum_items[default].value if isinstance(default, str) else default
