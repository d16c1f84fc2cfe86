"""Tracks below our layers, so that a head without a shown layer stands where the animator has it.

Blender leaves a channel that nothing evaluates where it was last, so a muted layer would leave its last
pose behind. The *floor* holds every channel of our layers, shown or not: the pose of one that nothing of
the animator's moves, else the channel's rest, which adds nothing. The *cover* lies below it, and hides
tracks which the active action replaced before we had it combine with what is below.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import bpy
import numpy as np

from .base_animation import BaseAnimation, Points, constant, rest_value
from .curves import Curve, channels_of, new_action, write_curves
from .found import Found, base_of, forget, look, store
from .layer_tracks import (
    COVER,
    FLOOR,
    LAYER,
    Key,
    add_strip,
    add_track,
    layer_channels,
    marked,
    refresh,
    remove_track,
    tracks_of,
)

_NAMES = {FLOOR: "Pose under", COVER: "Rest under"}
_BLENDS = {FLOOR: "COMBINE", COVER: "REPLACE"}


def settle(obj: bpy.types.Object, found: Found | None = None, coming: Iterable[Key] = ()) -> bool:
    """Bring floor and cover in line with the animator's animation as it is now; whether that changed anything.

    found : what to keep as found, by default what `look` says
    coming : channels of a layer that is about to be added
    """
    found = found or look(obj)
    base = base_of(obj, found)
    keys = layer_channels(obj) | set(coming) | _counted_from(base)
    changed = _lay(obj, COVER, base.cover())
    changed |= _lay(obj, FLOOR, base.hold(sorted(keys)))
    for _, action in marked(obj, FLOOR):
        store(obj, action, found)
    if changed:
        refresh(obj)
    return changed


def close(obj: bpy.types.Object, found: Found) -> None:
    """Take floor and cover away after the last layer, and give the active action its blending back.

    Keys that the animator has set over our layers count from the floor: then it stays, as the animator's own.
    """
    forget(obj)
    base = base_of(obj, found)
    if base.added:
        _lay(obj, FLOOR, base.hold(sorted(_counted_from(base))))
        for mark in (FLOOR, COVER):
            for _, action in marked(obj, mark):
                del action[mark]
        return
    for mark in (FLOOR, COVER):
        _lay(obj, mark, {})
    data = obj.animation_data
    if data is not None:
        found.blend.put(data)


def put_poses(obj: bpy.types.Object, poses: Mapping[str, list[float]]) -> None:
    """Give properties their values back."""
    for path, values in poses.items():
        owner, _, attribute = path.rpartition(".")
        with suppress(ValueError):  # the bone is gone or has another name now
            target = obj.path_resolve(owner) if owner else obj
            current = getattr(target, attribute)
            setattr(target, attribute, values if hasattr(current, "__len__") else values[0])


def _counted_from(base: BaseAnimation) -> set[Key]:
    """Channels whose keys count from a pose of the floor."""
    held = base.hold(sorted(base.added - base.below))
    return {key for key, points in held.items() if points != constant(rest_value(base.obj, key) or 0.0)}


def _lay(obj: bpy.types.Object, mark: str, values: Mapping[Key, Points]) -> bool:
    """Hold these values, and no others, in the track with this mark; whether that changed anything."""
    laid = marked(obj, mark)
    data: Any = obj.animation_data
    track: Any
    track, action = laid[0] if laid else (None, None)
    if action is None and not values:
        return False
    if action is not None and not values:
        remove_track(data, track)
        if action.users == 0:
            bpy.data.actions.remove(action)
        return True
    if action is None:
        action = new_action(f"{_NAMES[mark]} {obj.name}", obj)
        action[mark] = "{}"
        data = data or obj.animation_data_create()
        _write(action, values)
        strip = add_track(data, action, int(action.frame_range[0]), after=_below(obj, mark))
        strip.blend_type = _BLENDS[mark]
        return True
    strip = track.strips[0]
    action = _own(strip, action)
    changed = _write(action, values)
    if changed and (strip.action_frame_start, strip.action_frame_end) != tuple(action.frame_range):
        track.strips.remove(strip)
        add_strip(track, action, int(action.frame_range[0]))
    return _asserted(track, mark) or changed


def _own(strip: Any, action: Any) -> Any:
    """The action of a strip, of its own: a duplicate of the object shares that of the original."""
    if action.users < 2:
        return action
    own = action.copy()
    strip.action = own
    strip.action_slot = own.slots[0]
    return own


def _below(obj: bpy.types.Object, mark: str) -> Any:
    """The track to lie above, where one of ours is to come below others; None for the top."""
    above = [track for each in (LAYER, FLOOR) if each != mark for track, _ in marked(obj, each)]
    tracks = tracks_of(obj)
    lowest = min((tracks.index(track) for track in above), default=0)
    return tracks[lowest - 1] if lowest else None


def _write(action: bpy.types.Action, values: Mapping[Key, Points]) -> bool:
    """Give a curve to each channel, and to no other; whether that changed anything."""
    bag = channels_of(action, action.slots[0])
    there = {(curve.data_path, curve.array_index): _points(curve) for curve in bag.fcurves}
    wanted = {key: np.array(points, np.float32) for key, points in values.items()}
    wrong = {key for key in {*there, *wanted} if not np.array_equal(there.get(key), wanted.get(key))}  # type: ignore[arg-type]
    for curve in [each for each in bag.fcurves if (each.data_path, each.array_index) in wrong]:
        bag.fcurves.remove(curve)
    for path, index in sorted(wrong & {*wanted}):
        frames, column = wanted[path, index].T
        write_curves(action, [Curve(path, index, column)], frames)
    return bool(wrong)


def _points(curve: Any) -> Any:
    values = np.empty(2 * len(curve.keyframe_points), np.float32)
    curve.keyframe_points.foreach_get("co", values)
    return values.reshape(-1, 2)


def _asserted(track: Any, mark: str) -> bool:
    """Have the track count for all time, whoever muted it or cut it short."""
    strip = track.strips[0]
    wanted = [(track, "mute", False), (strip, "mute", False), (strip, "extrapolation", "HOLD")]
    wanted += [(strip, "blend_type", _BLENDS[mark]), (strip, "influence", 1.0)]
    wrong = [(owner, name, value) for owner, name, value in wanted if getattr(owner, name) != value]
    for owner, name, value in wrong:
        setattr(owner, name, value)
    return bool(wrong)
