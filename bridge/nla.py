"""Head motion as layers: one NLA track each, combined with the animator's animation, removable without trace.

From below upward Blender evaluates: the animator's own tracks, a track with poses that have no keys
(only where there are some), our layers, and the animator's active action. That action is set to
combine with what is below it while there are layers; no key of it is touched, and it stays where
its owner edits it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import Joint, MotionCurves, RigMap, retarget
from ..core.rig.retarget import NECK_SHARE
from .base_animation import BaseAnimation, Blend, Key, fingerprint
from .constraints import limits
from .curves import Curve, channels_of, new_action, write_curves
from .rig import channel_path, editable, owner_of, read_rig
from .timing import frame_rate

_LAYER = "mannerism_layer"  # custom property of a layer's action: what removal restores, as JSON
_FLOOR = "mannerism_floor"  # custom property of the action with the poses that have no keys


@dataclass(frozen=True)
class Layer:
    """One layer on an object.

    name : of its action; the track has the same name until the animator renames it
    notes : what could not be done as asked, one sentence each
    """

    name: str
    notes: tuple[str, ...] = ()


def add_layer(
    obj: bpy.types.Object | None,
    motion: HeadMotion,
    *,
    name: str,
    start_frame: float,
    rig_map: RigMap | None = None,
    neck_share: float = NECK_SHARE,
    translation_scale: float = 1.0,
) -> Layer:
    """Put a head motion on an armature's head and neck, or on any other object, as a new layer.

    One key a frame of the active scene; t = 0 lies at `start_frame`. The result is the animator's
    pose times the motion (`core/rig/retarget.py`). Nothing is changed if it is refused.

    Raises
    ------
    RigError : nothing selected, linked data, no head, or an active action that cannot be combined
    """
    obj = editable(obj)
    rig = read_rig(obj, rig_map)
    base = base_of(obj)
    base.check()
    scene: Any = bpy.context.scene
    rate = frame_rate(scene, start_frame)
    first, last = floor(rate.frames(motion.time_s[0])), ceil(rate.frames(motion.time_s[-1]))
    frames = np.arange(first, last + 1, dtype=np.float64)
    joints = (*rig.neck, rig.head)
    bases = base.sample(joints, frames)
    curves = retarget(
        motion.at(rate.seconds(frames)),
        rig,
        bases,
        neck_share=neck_share,
        translation_scale=translation_scale,
    )
    paths = list(dict.fromkeys(channel_path(c.joint, c.attribute) for c in curves.channels))
    record = _record(obj, base, paths) | {
        "joints": [*bases],
        "frames": [first, last],
        "fingerprint": fingerprint(joints, bases),
    }
    poses = base.floor(paths)

    data = obj.animation_data or obj.animation_data_create()
    _lay_floor(obj, poses, first)
    action = new_action(name, obj)
    action[_LAYER] = json.dumps(record)
    write_curves(action, _curves(curves), frames)
    strip = _add_track(data, action, first)
    strip.blend_type, strip.extrapolation = "COMBINE", "NOTHING"
    if base.blend.action_blend_type == "REPLACE":
        replace(base.blend, action_blend_type="COMBINE").put(data)
    _refresh(obj)
    return Layer(action.name, curves.notes + _notes(obj, joints))


def list_layers(obj: bpy.types.Object) -> tuple[Layer, ...]:
    """The object's layers, from the lowest to the highest, which is the newest."""
    return tuple(Layer(action.name) for _, action in _tracks(obj, _LAYER))


def track_of(obj: bpy.types.Object, layer: Layer) -> bpy.types.NlaTrack:
    """The NLA track of a layer, to mute or rename it.

    Raises
    ------
    RigError : the object has no such layer
    """
    return _find(obj, layer)[0]


def is_stale(obj: bpy.types.Object, layer: Layer) -> bool:
    """Whether the animation that the layer was fitted to has changed, so that generating again would differ.

    It matters for bones in Euler or axis-angle mode, which Blender adds channel by channel, and
    below the keys of an active action.
    """
    record = json.loads(_find(obj, layer)[1][_LAYER])
    first, last = record["frames"]
    *neck, head = record["joints"]
    try:
        rig = read_rig(obj, RigMap(head, tuple(neck)))
    except RigError:
        return True
    joints = (*rig.neck, rig.head)
    bases = base_of(obj).sample(joints, np.arange(first, last + 1, dtype=np.float64))
    return fingerprint(joints, bases) != record["fingerprint"]


def remove_layer(obj: bpy.types.Object | None, layer: Layer | None = None) -> None:
    """Remove a layer, by default the newest, and restore what it had changed.

    With the last one the object's animation data, blend mode and poses without keys are again what
    they were before the first; keys that the animator has set since then stay.

    Raises
    ------
    RigError : there is no such layer, nothing selected, or linked data
    """
    obj = editable(obj)
    track, action = _find(obj, layer)
    record = json.loads(action[_LAYER])
    data: Any = obj.animation_data
    data.nla_tracks.remove(track)
    if action.users == 0:
        bpy.data.actions.remove(action)
    touched = {path for other in _records(obj) for path in other["poses"]}
    freed = {path: values for path, values in record["poses"].items() if path not in touched}
    if list_layers(obj):
        _clear_floor(obj, freed)
    elif _keyed_over(obj):
        _give_floor(obj)
    else:
        _clear_floor(obj)
        Blend(**record["blend"]).put(data)
    for path, values in freed.items():
        owner, _, attribute = path.rpartition(".")
        with suppress(ValueError):  # the bone is gone or has another name now
            setattr(obj.path_resolve(owner) if owner else obj, attribute, values)
    if record["bare"] and not (data.action or data.nla_tracks or data.drivers):
        obj.animation_data_clear()
    _refresh(obj)


def _tracks(obj: bpy.types.Object, mark: str) -> list[tuple[Any, Any]]:
    """Our tracks and their actions, from the lowest to the highest."""
    data: Any = obj.animation_data
    return [
        (track, strip.action)
        for track in (data.nla_tracks if data else ())
        for strip in track.strips
        if strip.action and mark in strip.action
    ]


def _find(obj: bpy.types.Object, layer: Layer | None) -> tuple[Any, Any]:
    found = [pair for pair in _tracks(obj, _LAYER) if layer is None or pair[1].name == layer.name]
    if not found:
        raise RigError(f"“{obj.name}” has no such layer of head motion", "Generate one first")
    return found[-1]


def _records(obj: bpy.types.Object) -> list[dict[str, Any]]:
    return [json.loads(action[_LAYER]) for _, action in _tracks(obj, _LAYER)]


def base_of(obj: bpy.types.Object) -> BaseAnimation:
    """The object's animation as it is without our layers."""
    ours = frozenset(action.name for mark in (_LAYER, _FLOOR) for _, action in _tracks(obj, mark))
    poses: dict[str, list[float]] = {}
    for record in _records(obj):
        poses |= record["poses"]
    tracks = obj.animation_data.nla_tracks if obj.animation_data else ()
    alone = len(tracks) == sum(len(_tracks(obj, mark)) for mark in (_LAYER, _FLOOR))
    return BaseAnimation(obj, ours, poses, Blend() if alone else _blend(obj))


def _record(obj: bpy.types.Object, base: BaseAnimation, paths: Iterable[str]) -> dict[str, Any]:
    """What removal restores; what lower layers found when they came is still true."""
    found = next(iter(_records(obj)), {"bare": obj.animation_data is None, "blend": asdict(_blend(obj))})
    return {
        "bare": found["bare"],
        "blend": found["blend"],
        "poses": {path: base.static(path) for path in paths},
    }


def _blend(obj: bpy.types.Object) -> Blend:
    """How the animator had set the active action to blend."""
    for record in _records(obj):
        return Blend(**record["blend"])
    return Blend.of(obj.animation_data) if obj.animation_data else Blend()


def _curves(curves: MotionCurves) -> list[Curve]:
    return [
        Curve(channel_path(c.joint, c.attribute), index, values, c.joint or "Object Transforms")
        for c in curves.channels
        for index, values in zip(c.index, c.values.T, strict=True)
    ]


def _add_track(data: Any, action: bpy.types.Action, frame: int) -> bpy.types.NlaStrip:
    track = data.nla_tracks.new()
    track.name = action.name
    strip = track.strips.new(action.name, frame, action)
    strip.action_slot = action.slots[0]
    return strip


def _lay_floor(obj: bpy.types.Object, poses: Mapping[Key, float], frame: int) -> None:
    """Hold these values below our layers, in a track that all of them share."""
    laid = _tracks(obj, _FLOOR)
    action = laid[0][1] if laid else None
    present = {(curve.data_path, curve.array_index) for curve in _floor_curves(action)}
    missing = {key: value for key, value in poses.items() if key not in present}
    if not missing:
        return
    if action is None:
        action = new_action(f"Pose under {obj.name}", obj)
        action[_FLOOR] = True
    curves = [Curve(path, index, np.array([value])) for (path, index), value in missing.items()]
    write_curves(action, curves, [frame])
    if not laid:
        _add_track(obj.animation_data, action, frame)


def _floor_curves(action: bpy.types.Action | None) -> list[Any]:
    return list(channels_of(action, action.slots[0]).fcurves) if action else []


def _clear_floor(obj: bpy.types.Object, paths: Iterable[str] | None = None) -> None:
    """Clear the poses held for some channels, or for all."""
    data: Any = obj.animation_data
    for track, action in _tracks(obj, _FLOOR):
        for curve in _floor_curves(action):
            if paths is None or curve.data_path in paths:
                channels_of(action, action.slots[0]).fcurves.remove(curve)
        if not _floor_curves(action):
            data.nla_tracks.remove(track)
            bpy.data.actions.remove(action)


def _keyed_over(obj: bpy.types.Object) -> bool:
    """Whether the animator has set keys that count from a pose of ours since the layer came."""
    base = base_of(obj)
    return any(
        (key := (curve.data_path, curve.array_index)) in base.active and key not in base.below
        for _, action in _tracks(obj, _FLOOR)
        for curve in _floor_curves(action)
    )


def _give_floor(obj: bpy.types.Object) -> None:
    """Leave the poses, and the blend mode that counts from them, to the animator."""
    for _, action in _tracks(obj, _FLOOR):
        del action[_FLOOR]


def _notes(obj: bpy.types.Object, joints: Iterable[Joint]) -> tuple[str, ...]:
    data: Any = obj.animation_data
    notes = [
        f"The constraint “{limit}” may cut the motion of “{joint.name or obj.name}” short"
        for joint in joints
        for limit in limits(owner_of(obj, joint.name))
    ]
    if not data.use_nla:
        notes.append("NLA evaluation of this object is off, so the layer does not show until it is on")
    if any(track.is_solo for track in data.nla_tracks):
        notes.append("Another track is soloed, so the layer does not show until it is not")
    return tuple(notes)


def _refresh(obj: bpy.types.Object) -> None:
    obj.update_tag(refresh={"OBJECT", "DATA", "TIME"})
