"""Which NLA tracks of an object are ours: their actions carry a mark."""

import json
from collections.abc import Iterator
from typing import Any

import bpy
from bpy_extras import anim_utils

LAYER = "mannerism_layer"
"""Custom property of a layer's action: what the layer was fitted to, as JSON."""
FLOOR = "mannerism_floor"
"""Custom property of the action that holds the channels of our layers, see `floor.py`: what was found, as JSON."""
COVER = "mannerism_cover"
"""Custom property of the action that hides tracks which the active action replaced."""
MARKS = (LAYER, FLOOR, COVER)

Key = tuple[str, int]
"""Data path and array index of one channel."""


def tracks_of(obj: bpy.types.Object) -> list[Any]:
    """All NLA tracks of an object, from the lowest to the highest."""
    data: Any = obj.animation_data
    return list(data.nla_tracks) if data else []


def marked(obj: bpy.types.Object, mark: str) -> list[tuple[Any, Any]]:
    """Tracks with this mark and their actions, from the lowest to the highest."""
    found: list[tuple[Any, Any]] = []
    for track in tracks_of(obj):
        actions = {s.action.name: s.action for s in track.strips if s.action and mark in s.action}
        found += [(track, action) for action in actions.values()]
    return found


def is_marked(track: Any, mark: str) -> bool:
    """Whether a track holds an action with this mark."""
    return any(strip.action and mark in strip.action for strip in track.strips)


def records(obj: bpy.types.Object) -> list[dict[str, Any]]:
    """What each layer was fitted to."""
    return [json.loads(action[LAYER]) for _, action in marked(obj, LAYER)]


def own_actions(obj: bpy.types.Object) -> frozenset[str]:
    """Names of the actions in our own tracks."""
    return frozenset(action.name for mark in MARKS for _, action in marked(obj, mark))


def layer_channels(obj: bpy.types.Object) -> set[Key]:
    """Channels that our layers move, shown or muted."""
    return {key for _, action in marked(obj, LAYER) for key in curves_of(action, action.slots[0])}


def curves_of(action: Any, slot: Any) -> dict[Key, Any]:
    """The F-curves of a slot that Blender's NLA evaluates, by channel."""
    return {
        key: curve
        for key, curve in all_curves(action, slot).items()
        if not curve.mute and not (curve.group and curve.group.mute)
    }


def all_curves(action: Any, slot: Any) -> dict[Key, Any]:
    """The F-curves of a slot, muted ones too, by channel."""
    bag: Any = anim_utils.action_get_channelbag_for_slot(action, slot) if action and slot else None
    return {(curve.data_path, curve.array_index): curve for curve in (bag.fcurves if bag else ())}


def muted_groups(action: Any, slot: Any) -> list[str]:
    """Channel groups that are muted: Blender 4.5 plays them all the same as long as there are no NLA tracks."""
    curves = all_curves(action, slot).values()
    muted = (curve.group.name for curve in curves if not curve.mute and curve.group and curve.group.mute)
    return list(dict.fromkeys(muted))


def action_id(action: Any, slot: Any) -> str:
    """An action and its slot as text; "" without one."""
    return f"{slot.handle}/{action.name}" if action and slot else ""


def strips_in(strips: Any) -> Iterator[Any]:
    """The strips of a track, and those inside its meta strips."""
    for strip in strips:
        yield strip
        yield from strips_in(strip.strips)


def evaluated(obj: bpy.types.Object) -> list[Any]:
    """The tracks that count: those that are soloed if any is, else those that are not muted."""
    tracks = tracks_of(obj)
    soloed = [track for track in tracks if track.is_solo]
    return soloed or [track for track in tracks if not track.mute]


def of_animator(obj: bpy.types.Object) -> list[Any]:
    """The same, as if no take of ours were soloed: of the animator's animation that says nothing."""
    own = [track for track in tracks_of(obj) if track.is_solo and is_marked(track, LAYER)]
    return [track for track in tracks_of(obj) if not track.mute] if own else evaluated(obj)


def add_track(data: Any, action: Any, frame: int, *, after: Any = None) -> Any:
    """A strip with the action in a track of its own, at the top or after another track."""
    track = data.nla_tracks.new(prev=after) if after else data.nla_tracks.new()
    track.name = action.name
    return add_strip(track, action, frame)


def add_strip(track: Any, action: Any, frame: int) -> Any:
    """A strip with all of the action."""
    strip = track.strips.new(action.name, frame, action)
    strip.action_slot = action.slots[0]
    return strip


def refresh(obj: bpy.types.Object) -> None:
    """Have Blender evaluate the object's animation anew."""
    obj.update_tag(refresh={"OBJECT", "DATA", "TIME"})


def remove_track(data: Any, track: Any) -> None:
    """Remove a track. Where it is soloed Blender would go on as if it were, so that no track counts any more."""
    if track.is_solo:
        track.is_solo = False
    data.nla_tracks.remove(track)
