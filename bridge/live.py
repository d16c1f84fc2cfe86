"""The active take shaped in place: its keys made anew from the motion it was made of, while a slider moves.

No worker and no new layer. What shapes a take is kept with it, in its action.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import bpy
import numpy as np

from ..core.errors import MannerismError, RigError
from ..core.generate.shape import SHAPE_DEFAULTS
from ..core.motion import HeadMotion
from ..core.rig import Joint
from ..core.types import Array
from .direct_listed import pins_of
from .drawn import kept_until_change
from .layer_fit import (
    Fit,
    fit_of,
    forget_written,
    has_written,
    keep_fit,
    keep_written,
    put_bytes,
    written_of,
)
from .layer_tracks import tracks_of
from .live_held import note_pins
from .live_take import ACTIVITY, LiveTake, curves_of_all, pins_met, shaped_as, strips_with
from .messages import shown_refusal, without_stop
from .nla import Layer
from .rig import editable
from .takes import MOTION, active_action, stored_motion, take_of
from .translations import filled

_SHAPE = "mannerism_shape"  # custom property of a layer's action: what shapes it, as JSON
_log = logging.getLogger(__name__)


def shape_values(obj: bpy.types.Object) -> dict[str, float]:
    """What shapes the active take, by the names of SHAPE_RANGES; of one without, what leaves it as made."""
    try:
        return values_of(active_action(obj))
    except RigError:
        return dict(SHAPE_DEFAULTS)


def shape_value(obj: bpy.types.Object, name: str) -> float:
    """One of them, in microseconds: a panel asks for each at every redraw."""
    try:
        action = active_action(obj)
    except RigError:
        return SHAPE_DEFAULTS[name]
    values = _kept(action)
    if name not in values and name == "neck_share":
        return values_of(action)[name]
    return float(values.get(name, SHAPE_DEFAULTS[name]))


def values_of(action: bpy.types.Action) -> dict[str, float]:
    """What shapes a take."""
    try:
        as_made = _as_made(action)
    except RigError:
        return dict(SHAPE_DEFAULTS)
    values = _kept(action)
    return {name: float(values.get(name, default)) for name, default in as_made.items()}


def set_shape(obj: bpy.types.Object, name: str, value: float) -> None:
    """Shape the active take as a slider asks; where that is not possible nothing changes, and the log says why."""
    if shape_value(obj, name) == value:
        return
    try:
        shape_take(obj, {name: value})
    except MannerismError as error:
        _log.warning("%s", error)


def shape_take(obj: bpy.types.Object, changes: Mapping[str, float]) -> None:
    """Change what shapes the active take, and its keys with it.

    Its strip, what lies below and all other layers stay as they are; only with a pre- or post-roll does the
    strip grow by that, in its own time, where it had not been cut. Keys that were edited keep what was
    changed, see `live_keys.py`.

    changes : values by the names of SHAPE_RANGES; the others stay

    Raises
    ------
    RigError : see `why_fixed`
    DirectionError : a value lies outside its range
    """
    now = shape_values(obj)
    wanted = [name for name, value in changes.items() if now[name] != value]
    reason = why_fixed(obj)
    lacking = {} if reason else without_effect(obj)
    reason = reason or next((lacking[name] for name in wanted if name in lacking), "")
    if reason:
        raise RigError(reason, "Nothing was changed")
    action = _own(obj, active_action(obj))
    values = values_of(action) | {name: float(value) for name, value in changes.items()}
    if not 0.0 <= values["neck_share"] <= 1.0:
        raise RigError(f"The neck share is {values['neck_share']:g}", "Give one from 0 to 1")
    take = take_of(action)
    listed = pins_of(obj, take.line) if take else ()
    note_pins(action, listed, lambda pins: pins_met(action, values_of(action), pins))
    made = LiveTake(obj, action).made(values)
    made.write()
    action[_SHAPE] = json.dumps({k: v for k, v in values.items() if v != _as_made(action)[k]})


class _Held(NamedTuple):
    """What is kept with a layer's action, as far as panels ask for it.

    lost : what is missing to shape it, a sentence without a full stop; "" where nothing is
    joints : that it was fitted to
    lacking : names of SHAPE_RANGES without effect on it, and why
    """

    lost: str
    joints: tuple[Joint, ...] = ()
    lacking: Mapping[str, str] = MappingProxyType({})


def why_fixed(obj: bpy.types.Object) -> str:
    """Why nothing shapes the active take, as a sentence without a full stop; "" where it can be shaped."""
    return _why_fixed(obj, _held)


def why_fixed_on_show(obj: bpy.types.Object) -> str:
    """The same for a panel, which does not read at each redraw all that is kept with a take."""
    return _why_fixed(obj, _held_on_show)


def without_effect(obj: bpy.types.Object) -> Mapping[str, str]:
    """Names of SHAPE_RANGES that have no effect on the active take, and why."""
    return _held(active_action(obj)).lacking


def without_effect_on_show(obj: bpy.types.Object) -> Mapping[str, str]:
    """The same for a panel."""
    return _held_on_show(active_action(obj)).lacking


def _why_fixed(obj: bpy.types.Object, held_by: Callable[[Any], _Held]) -> str:
    try:
        editable(obj)
        action = active_action(obj)
    except RigError as error:
        return without_stop(shown_refusal(error))
    if not action.is_editable:
        return filled("“{}” is linked from another file: make a library override first", action.name)
    held = held_by(action)
    return held.lost or _joints_changed(obj, held.joints) or _locked(action)


def _held(action: bpy.types.Action) -> _Held:
    if not isinstance(action.get(MOTION), bytes):
        return _Held(
            filled(
                "“{}” no longer holds the motion that it was made of: generate the layer again", action.name
            )
        )
    try:
        fit = fit_of(action)
        written_of(action)  # which says so where it is not kept
    except RigError as error:
        return _Held(without_stop(shown_refusal(error)))
    reasons = {"pauses": _why_no_pauses(action), "neck_share": _why_no_neck(fit)}
    return _Held("", fit.joints, {name: reason for name, reason in reasons.items() if reason})


_held_on_show = kept_until_change(_held)


def _why_no_pauses(action: Any) -> str:
    if isinstance(action.get(ACTIVITY), bytes):
        return ""
    return "Where the voice pauses is not kept with this take: generate to apply"


def _why_no_neck(fit: Fit) -> str:
    return "" if fit.rig.neck else "There is no neck that could take a share"


def _joints_changed(obj: bpy.types.Object, joints: Iterable[Joint]) -> str:
    """Why the joints of a layer cannot take it now."""
    if obj.mode == "EDIT":
        return "Leave Edit Mode first"
    for joint in joints:
        owner: Any = obj if not joint.name else obj.pose and obj.pose.bones.get(joint.name)
        if owner is None:
            return filled("The bone “{}” is gone: generate the layer again", joint.name)
        if owner.rotation_mode != joint.mode:
            return filled(
                "“{}” turns in another rotation mode now: generate the layer again", joint.name or obj.name
            )
    return ""


def _locked(action: bpy.types.Action) -> str:
    """Which of a layer's curves may not be written."""
    for curve in curves_of_all(action).values():
        if curve.lock or (curve.group and curve.group.lock):
            return filled("The curves of “{}” are locked: unlock them first", curve.data_path)
    return ""


def shaped_motion(action: bpy.types.Action) -> HeadMotion:
    """The motion that a take was made of, as it is shaped now. Raises RigError where it holds none."""
    stored_motion(Layer(action.name))  # which says so
    return shaped_as(action, values_of(action))


def note_activity(action: bpy.types.Action, activity: Array) -> None:
    """Keep where there is speech with a take: activity (T,) on the grid, 0 to 1."""
    put_bytes(action, ACTIVITY, np.rint(np.clip(activity, 0.0, 1.0) * 255.0).astype(np.uint8).tobytes())


def rebase(obj: bpy.types.Object, action: Any, old: Any) -> None:
    """Take over what shapes another layer of the same motion, whose keys have been fitted anew as they were.

    Their differences to what is generated now are from then on the animator's.
    """
    for name in (_SHAPE, ACTIVITY):
        if name in old:
            action[name] = old[name]
    if not (has_written(old) and isinstance(action.get(MOTION), bytes)):
        forget_written(action)
        return
    as_made = fit_of(old)
    fit = replace(fit_of(action), neck_share=as_made.neck_share, translation_scale=as_made.translation_scale)
    keep_fit(action, fit, written_of(action))
    made = LiveTake(obj, action).made(values_of(action))
    if made.range == made.take.range:
        keep_written(action, made.values)
    else:
        forget_written(action)


def _own(obj: bpy.types.Object, action: Any) -> Any:
    """The action of a layer, of the object's own: a duplicate of the object shares that of the original."""
    strips = strips_with(obj, action)
    if action.users - action.use_fake_user <= len(strips):
        return action
    own = action.copy()
    for track in tracks_of(obj):
        if track.name == action.name and any(strip.action == action for strip in track.strips):
            track.name = own.name
    for strip in strips:
        slot = strip.action_slot_handle
        strip.action = own
        strip.action_slot = next(each for each in own.slots if each.handle == slot)
    return own


def _kept(action: bpy.types.Action) -> dict[str, float]:
    """Values that were set; none where what is kept is damaged."""
    kept = action.get(_SHAPE)
    try:
        return {str(k): float(v) for k, v in json.loads(kept).items()} if isinstance(kept, str) else {}
    except (AttributeError, TypeError, ValueError):
        return {}


def _as_made(action: bpy.types.Action) -> dict[str, float]:
    return {**SHAPE_DEFAULTS, "neck_share": fit_of(action).neck_share}
