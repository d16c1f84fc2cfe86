"""The animator's own animation of an object, as it is without our layers."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.rig import Base, Joint, modes
from ..core.types import Array
from .layer_tracks import Key, action_id, all_curves, curves_of, of_animator, strips_in
from .rig import channel_path
from .stand_in import sample, stand_in

Points = tuple[tuple[float, float], ...]
"""Frames and values of a curve."""


def constant(value: float) -> Points:
    """A curve that has one value."""
    return ((1.0, value),)


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
    whole : channels whose keys count from rest, by `action_id`; all others of these actions were keyed
        over our layers, so that their keys count from the pose below. All keys of other actions count from rest
    past : an action and its slot that were the active one before, to read instead
    """

    obj: bpy.types.Object
    own: frozenset[str]
    poses: Mapping[str, list[float]]
    blend: Blend
    whole: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    past: tuple[Any, Any] | None = None

    @property
    def active_slot(self) -> tuple[Any, Any]:
        """The active action and its slot, None where there is none."""
        data = self.obj.animation_data
        return self.past or ((data.action, data.action_slot) if data else (None, None))

    @cached_property
    def active(self) -> dict[Key, Any]:
        action, slot = self.active_slot
        return curves_of(action, slot) if action and slot else {}

    @cached_property
    def added(self) -> frozenset[Key]:
        """Channels that the animator has keyed over our layers."""
        return frozenset(self.active) - self._whole(*self.active_slot)

    @cached_property
    def below(self) -> frozenset[Key]:
        """Channels that the animator's tracks move now."""
        return self._keys_of(of_animator(self.obj), shown=True)

    @cached_property
    def _settled(self) -> frozenset[Key]:
        """Channels that the animator moves by keys that count from rest, so that no pose is wanted under them."""
        active = frozenset(self.active) - self.added
        tracks = self._keys_of(of_animator(self.obj), shown=True, whole=True)
        whole = tracks | active if self._by_nla else tracks  # the NLA takes a quaternion as one
        turned = {path for path, _ in whole if path.endswith("rotation_quaternion")}
        return active | tracks | {(path, index) for path in turned for index in range(4)}

    @property
    def _by_nla(self) -> bool:
        """Whether Blender evaluates tracks of the animator's, or the active action by itself."""
        strips = [strip for track in of_animator(self.obj) for strip in track.strips]
        return any(not strip.action or strip.action.name not in self.own for strip in strips)

    def _whole(self, action: Any, slot: Any) -> frozenset[Key]:
        """The channels of an action whose keys count from rest."""
        known = self.whole.get(action_id(action, slot))
        return frozenset(all_curves(action, slot)) if known is None else known

    @cached_property
    def replaced(self) -> frozenset[Key]:
        if self.blend.action_blend_type != "REPLACE":
            return frozenset()
        data = self.obj.animation_data
        tracks = self._keys_of(data.nla_tracks if data else (), shown=False)
        return (frozenset(self.active) - self.added) & tracks

    def _keys_of(self, tracks: Iterable[Any], *, shown: bool, whole: bool = False) -> frozenset[Key]:
        return frozenset(
            key
            for track in tracks
            for strip in strips_in(track.strips)
            if strip.action and strip.action_slot and strip.action.name not in self.own
            if not (shown and strip.mute)
            for key in curves_of(strip.action, strip.action_slot)
            if not whole or key in self._whole(strip.action, strip.action_slot)
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
        return [float(value) for value in values] if hasattr(values, "__len__") else [float(values)]

    def hold(self, keys: Iterable[Key]) -> dict[Key, Points]:
        """What a strip below our layers has to hold, so that only they are added to what was there before.

        The pose, where nothing of the animator's moves the channel: it would be lost once the NLA animates
        it. Else the channel's rest, which adds nothing. A bone that is gone has no entry.
        """
        values: dict[Key, Points] = {}
        mixed: dict[str, list[Points]] = {}
        for key in keys:
            path, index = key
            default = rest_value(self.obj, key)
            if default is None:
                continue
            if self._is_mixed(path):
                if path not in mixed:
                    mixed[path] = self._mixed_points(path)
                values[key] = mixed[path][index]
            else:
                values[key] = constant(default if key in self._settled else self.static(path)[index])
        return values

    def _is_mixed(self, path: str) -> bool:
        """Whether the active action moves a part of a quaternion only, and the rest of it is a pose."""
        keyed = [(path, index) in self._settled for index in range(4)]
        return path.endswith("rotation_quaternion") and any(keyed) and not all(keyed)

    def _mixed_points(self, path: str) -> list[Points]:
        """What to hold under such an action: Blender multiplies whole quaternions there, a point a frame."""
        keyed = [self.active[path, index] for index in range(4) if (path, index) in self.active]
        ends = [frame for curve in keyed for frame in curve.range()]
        frames = np.arange(np.floor(min(ends, default=1.0)), np.ceil(max(ends, default=1.0)) + 1)
        lower, _ = self._parts(path, frames, tracks=False)
        return [tuple(zip(frames.tolist(), column.tolist(), strict=True)) for column in lower.T]

    def cover(self) -> dict[Key, Points]:
        """Values that hide the animator's tracks where the active action replaced them."""
        hidden = {key: rest_value(self.obj, key) for key in self.replaced}
        return {key: constant(value) for key, value in hidden.items() if value is not None}

    def held(self, path: str, frame: float) -> list[float]:
        """The values of a channel at one frame by the active action, or its pose where that has no keys."""
        lower, upper = self._parts(path, np.array([frame]), tracks=False)
        if not self.added:  # Blender writes the values of the curves as they are
            keys = [(path, index) for index in range(upper.shape[1])]
            lower = np.where([key in self._settled for key in keys], lower, self.static(path))
            return [float(v) for v in np.where([key in self.active for key in keys], upper, lower)[0]]
        if path.endswith("rotation_quaternion"):
            lower, upper = (modes.to_quaternion("QUATERNION", each) for each in (lower, upper))
            return [float(v) for v in rot.multiply(lower, rot.power(upper, np.array([self._influence])))[0]]
        rest = np.array([rest_value(self.obj, (path, index)) or 0.0 for index in range(lower.shape[1])])
        return [float(v) for v in (lower + self._influence * (upper - rest))[0]]

    def sample(self, joints: Iterable[Joint], frames: Array) -> dict[str, Base]:
        """The animator's rotation of each joint, by name, at `frames` (T,)."""
        return {joint.name: self._sample(joint, frames) for joint in joints}

    def location(self, frames: Array) -> Array:
        """The animator's location of an object itself, shape (T, 3), at `frames` (T,)."""
        lower, upper = self._parts("location", frames)
        return lower + self._influence * (upper - modes.DEFAULTS["location"])

    @property
    def _influence(self) -> float:
        return self.blend.action_influence

    def _sample(self, joint: Joint, frames: Array) -> Base:
        attribute = modes.attribute(joint.mode)
        # A layer of quaternions multiplies onto whatever lies below, so there it need not be known.
        known = joint.mode != "QUATERNION" or not joint.name
        lower, upper = self._parts(channel_path(joint.name, attribute), frames, tracks=known)
        influence = self._influence
        if joint.mode != "QUATERNION":
            values = lower + influence * (upper - modes.DEFAULTS[attribute])
            return Base(values, np.tile(rot.IDENTITY, (len(frames), 1)))
        above = rot.power(modes.to_quaternion("QUATERNION", upper), np.full(len(frames), influence))
        return Base(rot.multiply(modes.to_quaternion("QUATERNION", lower), above), above)

    def _parts(self, path: str, frames: Array, *, tracks: bool = True) -> tuple[Array, Array]:
        """Channel values (T, k) of what lies below the active action, and of that action."""
        pose = self.static(path)
        keys = [(path, index) for index in range(len(pose))]
        default = [rest_value(self.obj, key) or 0.0 for key in keys]
        lower = np.tile(pose, (len(frames), 1))
        upper = np.tile(default, (len(frames), 1))
        for index, key in enumerate(keys):
            if key in self._settled:
                lower[:, index] = default[index]
            if key in self.active:
                upper[:, index] = [self.active[key].evaluate(frame) for frame in frames.tolist()]
        if self._is_mixed(path):
            whole = np.where([key in self.active for key in keys], upper, pose)
            lower = rot.multiply(
                modes.to_quaternion("QUATERNION", whole),
                rot.inverse(modes.to_quaternion("QUATERNION", upper)),
            )
            return rot.continuous(lower), upper
        shown = [index for index, key in enumerate(keys) if key in self.below - self.replaced]
        if shown and tracks:
            lower[:, shown] = self._below_at(path, frames)[:, shown]
        return lower, upper

    def _below_at(self, path: str, frames: Array) -> Array:
        """Channel values (T, k) of the animator's tracks alone, evaluated by Blender."""
        with stand_in(self.obj) as copy:
            copy.animation_data.action = None
            return sample(copy, [path], frames)[path]


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


def rest_value(obj: bpy.types.Object, key: Key) -> float | None:
    """Value of a channel that nothing animates, as Blender's NLA evaluates it; None if there is no such channel."""
    path, index = key
    if (known := modes.DEFAULTS.get(path.rpartition(".")[2])) is not None:
        return known[index]
    try:
        default = _declaredrest_value(obj, path)
    except (ValueError, KeyError, TypeError, AttributeError):  # its bone or property was removed
        return None
    return float(default[index] if hasattr(default, "__len__") else default)


def _declaredrest_value(obj: bpy.types.Object, path: str) -> Any:
    owner_path, custom, name = path.rpartition('["')
    if custom and path.endswith('"]'):
        owner: Any = obj.path_resolve(owner_path) if owner_path else obj
        return owner.id_properties_ui(name[:-2]).as_dict().get("default", 0.0)
    owner_path, _, name = path.rpartition(".")
    owner = obj.path_resolve(owner_path) if owner_path else obj
    declared = owner.bl_rna.properties[name]
    default = declared.default_array if getattr(declared, "is_array", False) else declared.default
    return declared.enum_items[default].value if isinstance(default, str) else default
