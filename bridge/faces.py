"""A speaking face as animation of shape keys: one NLA track a mesh, one strip a line, removable without trace.

Shape keys that the animator animates in any way are left alone.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import bpy
import numpy as np
from bpy_extras import anim_utils

from ..core.errors import RigError
from ..core.types import Array
from .base_animation import keeps_its_effect
from .curves import Curve, new_action, write_curves
from .layer_tracks import strips_in
from .timing import frame_rate

TRACK = "Mannerism Face"
_FACE = "mannerism_face"  # custom property of a strip's action: what removal restores, as JSON
_SIDE = re.compile(r"[._\- ]([LR])$", re.IGNORECASE)
_SIDES = {"l": "Left", "r": "Right"}


@dataclass(frozen=True)
class Face:
    """Result of writing a face: how many shape keys move, and what was left out, one sentence each."""

    count: int
    notes: tuple[str, ...] = ()


def add_face(
    obj: bpy.types.Object,
    time_s: Array,
    channels: Mapping[str, Array],
    *,
    name: str,
    start_frame: float,
) -> Face:
    """Animate the shape keys of a character's meshes by channels of the same names, in whatever spelling.

    Another line of ours is replaced where it overlaps. Nothing is changed if it is refused.

    time_s : (T,) seconds; t = 0 lies at `start_frame`
    channels : (T,) values by ARKit or viseme name, 0 at rest

    Raises
    ------
    RigError : no mesh has such a shape key that is free
    """
    spelled = {_spelling(channel): channel for channel in channels}
    found = {keys: _free(keys, spelled) for keys in _key_blocks(obj)}
    notes = tuple(note for _, taken in found.values() for note in taken)
    chosen = {keys: free for keys, (free, _) in found.items() if free}
    if not chosen:
        raise RigError(
            f"No mesh of “{obj.name}” has a free shape key called like {', '.join(list(channels)[:2])}",
            notes[0] if notes else "Add shape keys with these names, or choose the other set of names",
        )
    scene: Any = bpy.context.scene
    rate = frame_rate(scene, start_frame)
    first, last = floor(rate.frames(time_s[0])), ceil(rate.frames(time_s[-1]))
    frames = np.arange(first, last + 1, dtype=np.float64)
    at_s = rate.seconds(frames)
    for keys, free in chosen.items():
        moved = {key: np.interp(at_s, time_s, channels[channel]) for key, channel in free.items()}
        _write(keys, moved, frames, name)
    return Face(sum(map(len, chosen.values())), notes)


def has_face(obj: bpy.types.Object) -> bool:
    """Whether a mesh of the character has a line of ours."""
    return any(_ours(keys) for keys in _key_blocks(obj))


def remove_face(obj: bpy.types.Object) -> None:
    """Remove all lines and restore what they had changed. Raises RigError where there is none."""
    if not has_face(obj):
        raise RigError(f"“{obj.name}” has no face of ours", "Generate one first")
    for keys in _key_blocks(obj):
        _remove(keys, _ours(keys))


def _key_blocks(obj: bpy.types.Object) -> list[Any]:
    """The shape keys of an object, or of the meshes that follow it; each once, as those of linked duplicates."""
    scene: Any = bpy.context.scene
    meshes: list[Any] = (
        [obj] if obj.type == "MESH" else [other for other in scene.objects if _follows(other, obj)]
    )
    found = [mesh.data.shape_keys for mesh in meshes if mesh.data.shape_keys]
    return list(dict.fromkeys(found))


def _follows(mesh: Any, obj: bpy.types.Object) -> bool:
    if mesh.type != "MESH":
        return False
    bent = any(each.type == "ARMATURE" and each.object == obj for each in mesh.modifiers)
    parent = mesh.parent
    while parent is not None and parent != obj:
        parent = parent.parent
    return bent or parent == obj


def _spelling(name: str) -> str:
    """The same for jawOpen, Jaw_Open and ARKit.jawOpen, and for eyeBlinkLeft and eyeBlink_L."""
    name = _SIDE.sub(lambda match: _SIDES[match[1].lower()], name)
    return re.sub(r"[^a-z0-9]", "", name.lower()).removeprefix("arkit")


def _free(keys: Any, spelled: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Shape keys that may be written and their channels; and why others may not."""
    wanted = {
        block.name: spelled[_spelling(block.name)]
        for block in list(keys.key_blocks)[1:]
        if _spelling(block.name) in spelled
    }
    if wanted and not keys.is_editable:
        return {}, [f"“{keys.user.name}” is linked from another file, so its shape keys stay as they are"]
    if wanted and not keeps_its_effect(keys.animation_data):
        return {}, [f"The active action of “{keys.user.name}” would act otherwise above a track of ours"]
    animated = _animated(keys)
    taken = [name for name in wanted if _path(name) in animated]
    notes = [f"“{name}” of “{keys.user.name}” has animation of its own, which stays" for name in taken]
    return {name: channel for name, channel in wanted.items() if name not in taken}, notes


def _animated(keys: Any) -> set[str]:
    """Paths that the animator animates."""
    data = keys.animation_data
    if data is None:
        return set()
    pairs = [(data.action, data.action_slot)]
    for track in data.nla_tracks:
        pairs += [(strip.action, strip.action_slot) for strip in strips_in(track.strips)]
    paths = {driver.data_path for driver in data.drivers}
    for action, slot in pairs:
        if action and slot and _FACE not in action:
            bag: Any = anim_utils.action_get_channelbag_for_slot(action, slot)
            paths |= {curve.data_path for curve in (bag.fcurves if bag else ())}
    return paths


def _path(key: str) -> str:
    return f'key_blocks["{bpy.utils.escape_identifier(key)}"].value'


def _write(keys: Any, moved: Mapping[str, Array], frames: Array, name: str) -> None:
    """One strip. It begins and ends with the values that the animator has left, and keeps to the sliders."""
    overlapping = [
        strip
        for strip in _ours(keys)
        if strip.frame_start < frames[-1] + 1 and frames[0] < strip.frame_end + 1
    ]
    before = _record(keys)
    values = {key: before["values"].get(key, keys.key_blocks[key].value) for key in moved}
    record = {"bare": before["bare"], "values": before["values"] | values}
    _remove(keys, overlapping)
    curves = []
    for key, added in moved.items():
        block = keys.key_blocks[key]
        value = np.clip(values[key] + added, block.slider_min, block.slider_max)
        value[[0, -1]] = values[key]
        curves.append(Curve(_path(key), 0, value, TRACK))
    action = new_action(name, keys)
    action[_FACE] = json.dumps(record)
    write_curves(action, curves, frames)
    data = keys.animation_data or keys.animation_data_create()
    track = next((track for track in data.nla_tracks if _is_ours(track)), None) or data.nla_tracks.new()
    track.name = TRACK
    strip = track.strips.new(action.name, int(frames[0]), action)
    strip.action_slot = action.slots[0]
    strip.extrapolation = "HOLD"


def _record(keys: Any) -> dict[str, Any]:
    """Record the state before the first of our lines."""
    record: dict[str, Any] = {"bare": keys.animation_data is None, "values": {}}
    for strip in _ours(keys):
        kept = json.loads(strip.action[_FACE])
        record = {"bare": kept["bare"], "values": record["values"] | kept["values"]}
    return record


def _ours(keys: Any) -> list[Any]:
    tracks = keys.animation_data.nla_tracks if keys.animation_data else ()
    return [strip for track in tracks for strip in track.strips if _is_our_strip(strip)]


def _is_ours(track: Any) -> bool:
    return any(map(_is_our_strip, track.strips))


def _is_our_strip(strip: Any) -> bool:
    return bool(strip.action) and _FACE in strip.action


def _remove(keys: Any, strips: list[Any]) -> None:
    """Take strips away; with the last one the values and the animation data are what they were."""
    record, data = _record(keys), keys.animation_data
    for action in [strip.action for strip in strips]:
        track, strip = _find(data, action)
        track.strips.remove(strip)
        if not track.strips:
            data.nla_tracks.remove(track)
        bpy.data.actions.remove(action)
    if _ours(keys) or not strips:
        return
    for key, value in record["values"].items():
        if key in keys.key_blocks:
            keys.key_blocks[key].value = value
    if record["bare"] and not (data.action or data.nla_tracks or data.drivers):
        keys.animation_data_clear()
    keys.update_tag()


def _find(data: Any, action: bpy.types.Action) -> tuple[Any, Any]:
    """The track and the strip of an action: Blender's own references die when a strip goes."""
    return next(
        (track, strip) for track in data.nla_tracks for strip in track.strips if strip.action == action
    )
