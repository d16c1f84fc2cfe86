"""Layers that no longer fit, since the animation below or their sound has changed; and how they follow."""

from typing import Any

import bpy

from ..core.errors import RigError
from ..core.rig import RigMap
from .curves import hash_of
from .direct_edits import EDITS, Edits, edits_of, settle_edits
from .direct_stored import DIRECTION
from .direct_take import MADE_BY
from .keyed_motion import keyed_motion
from .layer_motion import start_of, strip_of
from .live import rebase, values_of
from .live_held import HELD, KEPT
from .made_with import MADE_WITH
from .nla import KEYS, Layer, add_layer, is_stale, remove_layer, track_of
from .noted_sound import SOUND, noted_sound
from .shown import remember
from .sound_strip import place_of
from .takes import MOTION, TAKE, activate, active_layer
from .timing import frame_rate
from .translations import filled

_CARRIED = (SOUND, TAKE, MOTION, DIRECTION, EDITS, HELD, KEPT, MADE_BY, MADE_WITH)


def why_stale(obj: bpy.types.Object, name: str, context: Any) -> str:
    """Why a layer no longer fits, as a sentence without a full stop; "" while it does."""
    late = _sound_moved(obj, name, context)
    if late:
        return (
            filled("Sound lies {:.0f} frames later", late)
            if late > 0
            else filled("Sound lies {:.0f} frames earlier", -late)
        )
    return "Animation below changed" if is_stale(obj, Layer(name)) else ""


def follow(obj: bpy.types.Object, name: str, context: Any) -> tuple[str, ...]:
    """Move a layer to its sound, and fit it to the animation below as it is now; what was done, a sentence each.

    Edited keys count. Where there are any, the layer that holds them is kept, muted.

    Raises
    ------
    RigError : there is no such layer, or its bones are gone
    """
    notes = []
    late = _sound_moved(obj, name, context)
    if late:
        _shift(obj, name, late)
        notes.append(filled("Moved “{}” by {:+.0f} frames", name, late))
    if not is_stale(obj, Layer(name)):
        return tuple(notes)
    chosen = active_layer(obj)
    strip, record = strip_of(obj, name)
    action, start, track = strip.action, start_of(obj, name), track_of(obj, Layer(name))
    _, motion = keyed_motion(obj, name, frame_rate(context_scene(), record["start"]))
    *neck, head = record["joints"]
    muted, edited = track.mute, action.get(KEYS) != hash_of(action)
    edits = _edits(obj, name) if edited else None
    kept = {key: action[key] for key in _CARRIED if key in action}
    rig_map = RigMap(head, tuple(neck)) if head else None
    share = values_of(action)["neck_share"]
    fitted = add_layer(
        obj, motion, name=name, start_frame=start, rig_map=rig_map, neck_share=share, translation_scale=1.0
    )
    made: Any = bpy.data.actions[fitted.name]
    for key, value in kept.items():
        made[key] = value
    made.mannerism_star = action.mannerism_star
    for marker in action.pose_markers:
        made.pose_markers.new(marker.name).frame = marker.frame + round(start - record["start"])
    rebase(obj, made, action)
    if edits:
        settle_edits(edits, fitted)
    _like(strip_of(obj, name)[0], strip_of(obj, fitted.name)[0])
    track_of(obj, fitted).mute = muted
    if edited:
        track_of(obj, Layer(name)).mute = True
        notes.append(
            filled("Fitted “{}”; “{}” with the keys that were edited is kept, muted", fitted.name, name)
        )
    else:
        remove_layer(obj, Layer(name))
        made.name = track_of(obj, Layer(made.name)).name = name
        notes.append(filled("Fitted “{}”", name))
    activate(obj, Layer(made.name) if chosen.name == name else chosen)
    remember(obj)
    return tuple(notes)


def _edits(obj: bpy.types.Object, name: str) -> Edits | None:
    try:
        return edits_of(obj, name)
    except RigError:  # of an older version, which does not say what was edited
        return None


def _sound_moved(obj: bpy.types.Object, name: str, context: Any) -> float:
    """By how many frames a layer's sound has been moved further than the layer."""
    strip, record = strip_of(obj, name)
    note = noted_sound(strip.action)
    at = place_of(note.source, note.name, context) if note else None
    if note is None or at is None or "start" not in record:
        return 0.0
    late = (at - note.at) - (start_of(obj, name) - record["start"])
    return float(late) if abs(late) > 0.5 else 0.0


def _shift(obj: bpy.types.Object, name: str, frames: float) -> None:
    strip, _ = strip_of(obj, name)
    first, last = strip.frame_start + frames, strip.frame_end + frames
    order = (("frame_end", last), ("frame_start", first))
    for attribute, value in order if frames > 0 else reversed(order):
        setattr(strip, attribute, value)


def context_scene() -> Any:
    """The active scene."""
    return bpy.context.scene


def _like(old: Any, new: Any) -> None:
    """Give a strip the animator's settings of another."""
    for name in ("blend_type", "mute", "use_auto_blend", "blend_in", "blend_out", "use_animated_influence"):
        setattr(new, name, getattr(old, name))
    if old.use_animated_influence:
        points = [tuple(key.co) for curve in old.fcurves for key in curve.keyframe_points]
        keys = new.fcurves[0].keyframe_points
        while len(keys) > 1:
            keys.remove(keys[-1])
        for frame, value in points:
            keys.insert(frame, value)
        new.fcurves[0].update()
