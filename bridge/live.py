"""The active take shaped in place: its keys made anew from the motion it was made of, while a slider moves.

No worker and no new layer. What shapes a take is kept with it, in its action.
"""

import io
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core.errors import MannerismError, RigError
from ..core.generate.shaped import SHAPE_DEFAULTS, Shape, shaped
from ..core.motion import HeadMotion
from ..core.motion_npz import load_motion
from ..core.rig import Base, modes, retarget
from ..core.timing import FrameRate
from ..core.types import Array, Float32Array
from .base_animation import fingerprint
from .curves import hash_of_keys
from .found import base_of
from .layer_fit import (
    Fit,
    channel_values,
    fit_of,
    forget_fit,
    has_fit,
    keep_fit,
    keep_written,
    put_bytes,
    written_of,
)
from .layer_motion import strip_of
from .layer_tracks import LAYER, Key, refresh, strips_in, tracks_of
from .live_keys import Made, extend, resize, rewrite
from .nla import BASE, KEYS, Layer, base_text
from .rig import channel_path, editable
from .takes import MOTION, active_action, stored_motion

_SHAPE = "mannerism_shape"  # custom property of a layer's action: what shapes it, as JSON
_ACTIVITY = (
    "mannerism_activity"  # custom property of a layer's action: speech activity on the grid, a byte a sample
)
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
    kept = action.get(_SHAPE)
    values = json.loads(kept) if isinstance(kept, str) else {}
    if name not in values and name == "neck_share":
        return values_of(action)[name]
    return float(values.get(name, SHAPE_DEFAULTS[name]))


def values_of(action: bpy.types.Action) -> dict[str, float]:
    """What shapes a take."""
    known = dict(SHAPE_DEFAULTS)
    if has_fit(action):
        try:
            known["neck_share"] = fit_of(action).neck_share
        except RigError:
            return known
    kept = action.get(_SHAPE)
    values = json.loads(kept) if isinstance(kept, str) else {}
    return {name: float(values.get(name, default)) for name, default in known.items()}


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
    reason = why_fixed(obj) or next((said for name in wanted if (said := why_without(obj, name))), "")
    if reason:
        raise RigError(reason, "Nothing was changed")
    action = _own(obj, active_action(obj))
    values = values_of(action) | {name: float(value) for name, value in changes.items()}
    made = _Take(obj, action).made(values)
    made.write()
    action[_SHAPE] = json.dumps({k: v for k, v in values.items() if v != _as_made(action)[k]})


def why_fixed(obj: bpy.types.Object) -> str:
    """Why nothing shapes the active take, as a sentence without a full stop; "" where it can be shaped."""
    try:
        editable(obj)
        action = active_action(obj)
        if not action.is_editable:
            return f"“{action.name}” is linked from another file: make a library override first"
        if not isinstance(action.get(MOTION), bytes):
            return f"“{action.name}” no longer holds the motion that it was made of: generate the layer again"
        fit = fit_of(action)
    except RigError as error:
        return str(error).rstrip(".")
    return _joints_changed(obj, fit) or _locked(action)


def _joints_changed(obj: bpy.types.Object, fit: Fit) -> str:
    """Why the joints of a layer cannot take it now."""
    if obj.mode == "EDIT":
        return "Leave Edit Mode first"
    for joint in fit.joints:
        owner: Any = obj if not joint.name else obj.pose and obj.pose.bones.get(joint.name)
        if owner is None:
            return f"The bone “{joint.name}” is gone: generate the layer again"
        if owner.rotation_mode != joint.mode:
            return f"“{joint.name or obj.name}” turns in another rotation mode now: generate the layer again"
    return ""


def _locked(action: bpy.types.Action) -> str:
    """Which of a layer's curves may not be written."""
    for curve in curves_of_all(action).values():
        if curve.lock or (curve.group and curve.group.lock):
            return f"The curves of “{curve.data_path}” are locked: unlock them first"
    return ""


def why_without(obj: bpy.types.Object, name: str) -> str:
    """Why one of them has no effect on the active take; "" where it has."""
    action = active_action(obj)
    if name == "pauses" and not isinstance(action.get(_ACTIVITY), bytes):
        return "Where the voice pauses is not kept with this take: generate to apply"
    if name == "neck_share" and not fit_of(action).rig.neck:
        return "There is no neck that could take a share"
    return ""


def shaped_motion(action: bpy.types.Action) -> HeadMotion:
    """The motion that a take was made of, as it is shaped now. Raises RigError where it holds none."""
    stored_motion(Layer(action.name))  # which says so
    return _shaped(action, values_of(action))


def _shaped(action: Any, values: Mapping[str, float]) -> HeadMotion:
    activity: Any = action.get(_ACTIVITY)
    pauses = np.frombuffer(activity, np.uint8) / 255.0 if isinstance(activity, bytes) else None
    return shaped(_motion(action[MOTION]), Shape.of(values), pauses)


def note_activity(action: bpy.types.Action, activity: Array) -> None:
    """Keep where there is speech with a take: activity (T,) on the grid, 0 to 1."""
    put_bytes(action, _ACTIVITY, np.rint(np.clip(activity, 0.0, 1.0) * 255.0).astype(np.uint8).tobytes())


def rebase(obj: bpy.types.Object, action: Any, old: Any) -> None:
    """Take over what shapes another layer of the same motion, whose keys have been fitted anew as they were.

    Their differences to what is generated now are from then on the animator's.
    """
    for name in (_SHAPE, _ACTIVITY):
        if name in old:
            action[name] = old[name]
    if not (has_fit(old) and isinstance(action.get(MOTION), bytes)):
        forget_fit(action)
        return
    as_made = fit_of(old)
    fit = replace(fit_of(action), neck_share=as_made.neck_share, translation_scale=as_made.translation_scale)
    keep_fit(action, fit, written_of(action))
    made = _Take(obj, action).made(values_of(action))
    if made.range == made.take.range:
        keep_written(action, made.values)
    else:
        forget_fit(action)


def curves_of_all(action: bpy.types.Action) -> dict[Key, Any]:
    """The F-curves of a layer by channel, muted ones too."""
    from .curves import channels_of

    bag = channels_of(action, action.slots[0])
    return {(curve.data_path, curve.array_index): curve for curve in bag.fcurves}


class _Take:
    """A take on an object, with what it was made of."""

    def __init__(self, obj: bpy.types.Object, action: bpy.types.Action) -> None:
        self.obj, self.action = obj, action
        self.fit = fit_of(action)
        self.strip, self.record = strip_of(obj, action.name)
        self.rate = FrameRate(Fraction(self.record["fps"]), self.record["start"])
        first, last = self.record["frames"]
        self.range = (int(first), int(last))

    def made(self, values: Mapping[str, float]) -> "_Made":
        """The take in a shape."""
        motion = _shaped(self.action, values)
        ends = self.rate.frames(motion.time_s[[0, -1]])
        first, last = floor(ends[0]), ceil(ends[1])
        fit = self._reaching(first, last)
        frames = np.arange(first, last + 1, dtype=np.float64)
        curves = retarget(
            motion.at(self.rate.seconds(frames)),
            fit.rig,
            fit.below(frames),
            neck_share=values["neck_share"],
            translation_scale=fit.translation_scale,
        )
        return _Made(self, fit, frames, channel_values(curves))

    def _reaching(self, first: int, last: int) -> Fit:
        """The fit with the animator's poses at these frames too, of which more are looked up only where they move."""
        fit = self.fit
        if fit.known(first, last):
            return fit
        low, high = min(first, self.range[0]), max(last, self.range[1])
        frames = np.arange(low, high + 1, dtype=np.float64)
        shown = self.strip.frame_start + (frames - self.strip.action_frame_start) * self.strip.scale
        fresh = base_of(self.obj).sample(fit.joints, shown)
        old, kept = fit.below(frames), (frames >= self.range[0]) & (frames <= self.range[1])
        bases = {
            name: Base(
                np.where(kept[:, None], old[name].channels, base.channels),
                np.where(kept[:, None], old[name].above, base.above),
            )
            for name, base in fresh.items()
        }
        return replace(fit, bases=bases, first=low)


class _Made:
    """Values that are to be written into a take."""

    def __init__(self, take: _Take, fit: Fit, frames: Array, values: Mapping[Key, Float32Array]) -> None:
        self.take, self.fit, self.frames, self.values = take, fit, frames, values

    @property
    def range(self) -> tuple[int, int]:
        """First and last frame of the action."""
        return int(self.frames[0]), int(self.frames[-1])

    def write(self) -> None:
        """Write them into the curves that are there."""
        take, action = self.take, self.take.action
        before = np.arange(take.range[0], take.range[1] + 1, dtype=np.float64)
        old = written_of(action)
        curves = curves_of_all(action)
        grown = self.range != take.range
        for path in dict.fromkeys(path for path, _ in self.values):
            mine = {index: curve for (of, index), curve in curves.items() if of == path}
            written, made = (
                Made(frames, {index: each for (of, index), each in values.items() if of == path})
                for frames, values in ((before, old), (self.frames, self.values))
            )
            if grown:
                resize(mine, written, made)
            rewrite(mine, self._mode(path), written, made, lambda frames, of=path: self._below(of, frames))
            if grown:
                extend(mine, written, made)
        keep_written(action, self.values)
        order = [key for key in curves if key in self.values]
        order += [key for key in self.values if key not in curves]
        action[KEYS] = hash_of_keys(
            (*key, np.stack([self.frames, self.values[key]], 1).astype(np.float32)) for key in order
        )
        if grown:
            self._grow()
        refresh(take.obj)

    def _mode(self, path: str) -> str:
        return self._turning().get(path, ("", ""))[0]

    def _below(self, path: str, frames: Array) -> Array:
        mode, name = self._turning().get(path, ("", ""))
        if not mode:
            return np.zeros((len(frames), 3))
        return self.fit.below(frames)[name].channels

    def _turning(self) -> dict[str, tuple[str, str]]:
        """Rotation mode and joint by the path of its rotation."""
        return {
            channel_path(joint.name, modes.attribute(joint.mode)): (joint.mode, joint.name)
            for joint in self.fit.joints
        }

    def _grow(self) -> None:
        """Have strip and record follow the frames."""
        take, action = self.take, self.take.action
        bases, joints = self.fit.below(self.frames), self.fit.joints
        record = take.record | {"frames": [*self.range], "fingerprint": fingerprint(joints, bases)}
        action[LAYER] = json.dumps(record)
        action[BASE] = base_text(bases)
        keep_fit(action, self.fit, self.values)
        for strip in _strips(take.obj, action):
            _follow(strip, take.range, self.range)


def _follow(strip: Any, old: tuple[int, int], new: tuple[int, int]) -> None:
    """Let the ends of a strip go along that lay at the ends of its keys, in the strip's own time."""
    first, last, scale = strip.action_frame_start, strip.action_frame_end, strip.scale
    begin, end = strip.frame_start, strip.frame_end
    if strip.use_reverse:
        return
    sync = strip.use_sync_length
    if first == old[0]:
        begin += (new[0] - first) * scale
        first = new[0]
    if last == old[1]:
        end += (new[1] - last) * scale
        last = new[1]
    strip.use_sync_length = False
    strip.action_frame_end = max(last, strip.action_frame_end)
    strip.action_frame_start, strip.action_frame_end = first, last
    strip.frame_start_raw, strip.frame_end_raw = begin, end
    strip.scale = scale
    strip.use_sync_length = sync


def _strips(obj: bpy.types.Object, action: bpy.types.Action) -> list[Any]:
    return [strip for track in tracks_of(obj) for strip in strips_in(track.strips) if strip.action == action]


def _own(obj: bpy.types.Object, action: Any) -> Any:
    """The action of a layer, of the object's own: a duplicate of the object shares that of the original."""
    strips = _strips(obj, action)
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


def _as_made(action: bpy.types.Action) -> dict[str, float]:
    return {**SHAPE_DEFAULTS, "neck_share": fit_of(action).neck_share}


@lru_cache(maxsize=4)
def _motion(stored: bytes) -> HeadMotion:
    return load_motion(io.BytesIO(stored))
