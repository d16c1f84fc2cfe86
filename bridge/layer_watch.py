"""Watches what the animator does to layers in Blender's own editors, and keeps their promises meanwhile.

A head without a shown layer stands where the animator has it; two takes do not add up unawares. The file
holds by itself what it can (`floor.py`); this is for what changes under a layer: another action, a
soloed track, a take that is unmuted by hand.
"""

from collections.abc import Callable
from typing import Any

import bpy
from bpy.app import handlers

from . import curves, direct_shown, floor, follow, found, layer_tracks, nla, settings, shown, stand_in
from .drawn import forget_drawn
from .forgetting import forget_all

_states: dict[int, Any] = {}
"""By `session_uid` of an object, what its animation consisted of when last looked."""
_stale: dict[int, dict[str, str]] = {}
"""By `session_uid` of an object, why layers no longer fit."""
_changed: set[int] = set()
_busy = False


def visit(obj: bpy.types.Object) -> None:
    """Bring our tracks in line with what the animator has changed on an object, if that was anything."""
    if not obj.is_editable:  # linked: its own file keeps it in line
        return
    uid = obj.session_uid
    state = _state(obj)
    if state == _states.get(uid):
        return
    data = obj.animation_data
    if data is None or not data.use_tweak_mode:
        if layer_tracks.marked(obj, layer_tracks.LAYER):
            shown.one_at_a_time(obj)
            _settle_and_keep_choice(obj)
            _stand(obj)
        elif found.last_found(obj) or layer_tracks.marked(obj, layer_tracks.FLOOR):
            nla.clean(obj, None if layer_tracks.marked(obj, layer_tracks.FLOOR) else found.last_found(obj))
    _states[uid] = _state(obj)


def _settle_and_keep_choice(obj: bpy.types.Object) -> None:
    """Tracks that come and go below a layer change its place in the list, not which one is chosen."""
    index = settings.character(obj).layer_index
    chosen = layer_tracks.tracks_of(obj)[index : index + 1] if index >= 0 else []
    floor.settle(obj)
    if chosen and chosen[0] in layer_tracks.tracks_of(obj):
        settings.character(obj).layer_index = layer_tracks.tracks_of(obj).index(chosen[0])


def _state(obj: bpy.types.Object) -> Any:
    """Something cheap that differs when an action, a track or a strip does; None without any of ours."""
    data: Any = obj.animation_data
    if data is None or not (
        layer_tracks.marked(obj, layer_tracks.LAYER) or layer_tracks.marked(obj, layer_tracks.FLOOR)
    ):
        return None
    tracks = [
        (
            track.name,
            track.mute,
            track.is_solo,
            [(s.mute, s.action and s.action.name, s.frame_start, s.frame_end) for s in track.strips],
        )
        for track in data.nla_tracks
    ]
    action, slot = data.action, data.action_slot
    counts = (_count(action, slot) if action and slot else 0, _under_a_part(obj, action, slot))
    active = (action and action.name, slot and slot.handle, *counts)
    return active, data.use_nla, data.use_tweak_mode, settings.character(obj).mix_takes, tracks


def _count(action: Any, slot: Any) -> int:
    bags = [strip.channelbag(slot) for layer in action.layers for strip in layer.strips]
    return sum(len(bag.fcurves) for bag in bags if bag)


def _under_a_part(obj: bpy.types.Object, action: Any, slot: Any) -> Any:
    """Keys of the active action that the floor follows from frame to frame: those of a part of a quaternion."""
    following = {
        curve.data_path
        for _, under in layer_tracks.marked(obj, layer_tracks.FLOOR)
        for curve in curves.channels_of(under, under.slots[0]).fcurves
        if len(curve.keyframe_points) > 1
    }
    if not (following and action and slot):
        return None
    keyed = layer_tracks.curves_of(action, slot)
    return [
        [tuple(k.co) for k in curve.keyframe_points]
        for (path, _), curve in keyed.items()
        if path in following
    ]


def _stand(obj: bpy.types.Object) -> None:
    """Give channels their pose that nothing evaluates now, not even the floor: another track is soloed, or the NLA off.

    What the active action moves needs none: Blender itself resets it where that action is silenced.
    """
    data: Any = obj.animation_data
    counting = layer_tracks.evaluated(obj) if data.use_nla else []
    if any(track in counting for track, _ in layer_tracks.marked(obj, layer_tracks.FLOOR)):
        return
    base = found.base_of(obj)
    moved = set(base.active) | (set(base.below) if data.use_nla else set())
    for track, action in layer_tracks.marked(obj, layer_tracks.LAYER):
        if track in counting:
            moved |= set(layer_tracks.curves_of(action, action.slots[0]))
    poses: dict[str, list[float]] = {}
    for path, index in sorted(layer_tracks.layer_channels(obj) - moved):
        values: Any = obj.path_resolve(path)
        poses.setdefault(path, [float(value) for value in values])[index] = base.static(path)[index]
    floor.put_poses(obj, poses)


def _after_frame(_scene: Any, depsgraph: Any) -> None:
    forget_drawn()
    _visit_updated(depsgraph)


def _after_update(_scene: Any, depsgraph: Any) -> None:
    forget_drawn()
    for original in _visit_updated(depsgraph):
        _note_change(original)


def _visit_updated(depsgraph: Any) -> list[bpy.types.Object]:
    """Visit the objects that Blender has evaluated; returns them."""
    global _busy  # noqa: PLW0603  what is done here makes Blender evaluate again
    if _busy or stand_in.in_use() or bpy.app.is_job_running("RENDER"):
        return []
    updated: list[bpy.types.Object] = []
    _busy = True
    try:
        for update in depsgraph.updates:
            original: Any = update.id.original
            if isinstance(original, bpy.types.Object):
                visit(original)
                updated.append(original)
    finally:
        _busy = False
    return updated


def _after_load(*_: Any) -> None:
    """Another file, or another state of this one: what is shown there is known, and is not changed."""
    _forget()
    for obj in bpy.data.objects:
        if layer_tracks.marked(obj, layer_tracks.LAYER):
            shown.remember(obj)
            visit(obj)


def _forget(*_: Any) -> None:
    """Know nothing: another file is open, or undo has changed everything."""
    _states.clear()
    _stale.clear()
    forget_all()


def stale(obj: bpy.types.Object) -> dict[str, str]:
    """Why shown layers no longer fit, by name, as last looked: half a second after a change, since it takes a moment."""
    return _stale.get(obj.session_uid, {})


def look_again(obj: bpy.types.Object) -> None:
    """Look now which shown layers no longer fit; a hidden one is looked at once it is shown.

    While a strip is tweaked its own keys stand where the animator's are looked for: what was found stays.
    """
    direct_shown.look_for_edits(obj)
    if obj.animation_data is not None and obj.animation_data.use_tweak_mode:
        return
    layers = [action.name for track, action in layer_tracks.marked(obj, layer_tracks.LAYER) if not track.mute]
    reasons = {name: follow.why_stale(obj, name, bpy.context) for name in layers}
    _stale[obj.session_uid] = {name: reason for name, reason in reasons.items() if reason}


def _look_at_changed() -> None:
    for obj in [
        each
        for each in bpy.data.objects
        if each.session_uid in _changed and layer_tracks.marked(each, layer_tracks.LAYER)
    ]:
        look_again(obj)
    _changed.clear()
    for window in bpy.context.window_manager.windows:  # type: ignore[union-attr]
        for area in window.screen.areas:
            area.tag_redraw()


def _note_change(obj: bpy.types.Object) -> None:
    """Look later, in a window; a script asks `why_stale` itself."""
    if bpy.app.background or obj.session_uid in _changed or not layer_tracks.marked(obj, layer_tracks.LAYER):
        return
    _changed.add(obj.session_uid)
    if not bpy.app.timers.is_registered(_look_at_changed):
        bpy.app.timers.register(_look_at_changed, first_interval=0.5)


def _handlers() -> list[tuple[list[Callable[..., None]], Callable[..., None]]]:
    each: Any = handlers
    updates: list[Any] = [
        (each.depsgraph_update_post, _after_update),
        (each.frame_change_post, _after_frame),
    ]
    updates += [(where, _forget) for where in (each.load_pre, each.undo_pre, each.redo_pre)]
    return updates + [(where, _after_load) for where in (each.load_post, each.undo_post, each.redo_post)]


def start() -> None:
    """Watch from now on."""
    stop()
    for where, handler in _handlers():
        where.append(handlers.persistent(handler))  # kept when another file is opened


def stop() -> None:
    """Watch no longer; also what an earlier import of this module had registered."""
    if bpy.app.timers.is_registered(_look_at_changed):
        bpy.app.timers.unregister(_look_at_changed)
    for where, handler in _handlers():
        for there in [
            each for each in where if each.__name__ == handler.__name__ and each.__module__ == __name__
        ]:
            where.remove(there)
    _forget()
