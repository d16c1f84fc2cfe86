"""A speaking face as animation of shape keys: one NLA track a mesh, one strip a line, removable without trace.

Shape keys that the animator animates in any way are left alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import bpy
import numpy as np
from bpy_extras import anim_utils

from ..core.errors import RigError
from ..core.face.key_search import best_set, is_of_a_mouth, moves_a_mouth
from ..core.face.shape_keys import SETS, Weights
from ..core.types import Array
from .base_animation import keeps_its_effect
from .curves import Curve, new_action, write_curves
from .face_names import Finder, KeyNames, of_set
from .layer_tracks import remove_track, strips_in
from .shape_key_blocks import key_blocks, key_names, pinned, sharing
from .timing import frame_rate

TRACK = "Mannerism Face"
_FACE = "mannerism_face"  # custom property of a strip's action: what removal restores, as JSON
_VISIBLE = 0.01  # a shape key that moves less shows nothing
_LEAST_ROOM = 0.5  # share of a movement that the slider must leave
_MOST_CUT = 0.1  # share of a movement that a slider may cut off without a word


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
    names: KeyNames | None = None,
) -> Face:
    """Animate the shape keys of a character's meshes.

    Another line of ours is replaced where it overlaps. Nothing is changed if it is refused.

    time_s : (T,) seconds; t = 0 lies at `start_frame`
    channels : (T,) values by ARKit or viseme name, 0 at rest
    names : which shape keys the channels move; by default those with ARKit's names

    Raises
    ------
    RigError : no mesh has such a shape key that is free, or nothing would move
    """
    names = names or of_set("ARKIT")
    found = {keys: _free(keys, names.find) for keys in key_blocks(obj)}
    notes = [note for _, taken in found.values() for note in taken]
    better = _check_mouth(obj, names)
    added = {keys: _added(free, channels) for keys, (free, _) in found.items() if free}
    added = {keys: moved for keys, moved in added.items() if moved}
    if not added:
        raise RigError(
            f"No mesh of “{obj.name}” has a free shape key called like {names.example}",
            notes[0] if notes else _other_names(obj),
        )
    if max(float(np.ptp(values)) for moved in added.values() for values in moved.values()) < _VISIBLE:
        raise RigError(
            f"No shape key of “{obj.name}” would move",
            "Raise Strength, or choose a speech in which somebody speaks",
        )
    scene: Any = bpy.context.scene
    rate = frame_rate(scene, start_frame)
    first, last = floor(rate.frames(time_s[0])), ceil(rate.frames(time_s[-1]))
    frames = np.arange(first, last + 1, dtype=np.float64)
    at_s = rate.seconds(frames)
    for keys, moved in added.items():
        notes += _write(
            keys, {key: np.interp(at_s, time_s, values) for key, values in moved.items()}, frames, name
        )
        notes += _standing(keys, moved)
    notes += [
        f"“{mesh}” shows one shape key only, so the face does not show until it is not pinned"
        for mesh in pinned(obj)
    ]
    notes += [
        f"“{other}” has the same mesh data, so its face moves too until that is its own"
        for other in sharing(obj)
    ]
    return Face(sum(map(len, added.values())), (*better, *notes))


def _check_mouth(obj: bpy.types.Object, names: KeyNames) -> list[str]:
    """Refuse names that mean lids alone where another set means the mouth; a note where one fits better."""
    meshes = key_names(obj)
    best = best_set(meshes)
    if best is None or not any(map(names.find, meshes)):
        return []
    own, most = _mouths(meshes, names.find), _mouths(meshes, of_set(best).find)
    if most and not own:
        raise RigError(f"No mouth of “{obj.name}” has the names of {names.label}", _other_names(obj))
    if names.by_set and most > own:
        return [f"“{SETS[best].label}” fits more of the shape keys of “{obj.name}”"]
    return []


def _mouths(meshes: list[list[str]], find: Finder) -> int:
    return sum(moves_a_mouth(weights) for mesh in meshes for weights in find(mesh).values())


def _added(free: Mapping[str, Weights], channels: Mapping[str, Array]) -> dict[str, Array]:
    """What each shape key is moved by, (T,); those without a channel that there is are left out."""
    return {
        key: np.sum([weight * channels[name] for name, weight in weights.items() if name in channels], axis=0)
        for key, weights in free.items()
        if any(name in channels for name in weights)
    }


def _standing(keys: Any, moved: Mapping[str, Array]) -> list[str]:
    """A note of mouth shapes that this face does not move and that stand at the top of their slider."""
    animated = _animated(keys)
    found = [
        block.name
        for block in list(keys.key_blocks)[1:]
        if block.name not in moved
        and _path(block.name) not in animated
        and not block.mute
        and block.value >= block.slider_max > 0
        and is_of_a_mouth(block.name)
    ]
    if not found:
        return []
    return [
        f"{_named(found)} of “{keys.user.name}” stand at the top of their sliders, and nothing moves them"
    ]


def _named(keys: list[str]) -> str:
    return ", ".join(f"“{key}”" for key in keys[:3]) + (f" and {len(keys) - 3} more" if keys[3:] else "")


def _other_names(obj: bpy.types.Object) -> str:
    fits = best_set(key_names(obj))
    if fits is None:
        return "Add shape keys with these names, or name the shape keys by hand under Face"
    return f"Choose “{SETS[fits].label}” under Shape Keys, whose names its shape keys have"


def has_face(obj: bpy.types.Object) -> bool:
    """Whether a mesh of the character has a line of ours."""
    anywhere = any(_ours(keys) for keys in bpy.data.shape_keys)  # else a panel would go through all objects
    return anywhere and any(_ours(keys) for keys in key_blocks(obj))


def remove_face(obj: bpy.types.Object) -> None:
    """Remove all lines and restore what they had changed. Raises RigError where there is none."""
    if not has_face(obj):
        raise RigError(f"“{obj.name}” has no face of ours", "Generate one first")
    for keys in key_blocks(obj):
        _remove(keys, _ours(keys))


def _free(keys: Any, find: Finder) -> tuple[dict[str, Weights], list[str]]:
    """Shape keys that may be written and what moves them; and why others may not."""
    wanted = dict(find([block.name for block in list(keys.key_blocks)[1:]]))
    owner = keys.user.name
    if wanted and not keys.is_editable:
        return {}, [f"“{owner}” is linked from another file, so its shape keys stay as they are"]
    if wanted and not keys.use_relative:
        return {}, [f"The shape keys of “{owner}” are not relative, so their values move nothing"]
    if wanted and not keeps_its_effect(keys.animation_data):
        return {}, [f"The active action of “{owner}” would act otherwise above a track of ours"]
    animated = _animated(keys)
    taken = [name for name in wanted if _path(name) in animated]
    muted = [name for name in wanted if keys.key_blocks[name].mute and name not in taken]
    notes = [f"“{name}” of “{owner}” has animation of its own, which stays" for name in taken]
    notes += [f"“{name}” of “{owner}” is muted, so it stays" for name in muted]
    return {key: weights for key, weights in wanted.items() if key not in {*taken, *muted}}, notes


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


def _write(keys: Any, moved: Mapping[str, Array], frames: Array, name: str) -> list[str]:
    """One strip. It begins and ends with the values that the animator has left, and keeps to the sliders.

    A key that stands so high that its slider would cut off most of the movement counts from 0, which is reported,
    and so is what a slider cuts off all the same.
    """
    overlapping = [
        strip
        for strip in _ours(keys)
        if strip.frame_start < frames[-1] + 1 and frames[0] < strip.frame_end + 1
    ]
    before = _record(keys)
    values = {key: before["values"].get(key, keys.key_blocks[key].value) for key in moved}
    record = {"bare": before["bare"], "values": before["values"] | values}
    _remove(keys, overlapping)
    curves, high, cut = [], [], []
    for key, added in moved.items():
        block = keys.key_blocks[key]
        rest = values[key]
        if rest > 0 and block.slider_max - rest < _LEAST_ROOM * added.max():
            rest = 0.0
            high.append(key)
        value = np.clip(rest + added, block.slider_min, block.slider_max)
        if (rest + added - value).max() > _MOST_CUT * added.max():
            cut.append(key)
        value[[0, -1]] = rest
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
    owner = keys.user.name
    notes = (
        [f"{_named(high)} of “{owner}” stood at the top of the slider, so they count from 0"] if high else []
    )
    if cut:
        notes.append(
            f"The sliders of {_named(cut)} of “{owner}” end before the movement does: raise Range Max"
        )
    return notes


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
            remove_track(data, track)
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
