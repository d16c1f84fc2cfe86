"""A take's keys made anew from its motion, and written in place."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.direct.direction import LARGEST_DEG, Pin
from ..core.direct.dragged import kernel_of
from ..core.direct.held import are_met
from ..core.direct.kernel import Kernel
from ..core.errors import RigError
from ..core.generate.shape import Shape
from ..core.generate.shaped import shaped
from ..core.motion import HeadMotion
from ..core.motion_npz import load_motion
from ..core.rig import Base, Joint, modes
from ..core.rig.reach import at_share
from ..core.rig.retarget import retarget
from ..core.types import Array, Float32Array
from .base_animation import fingerprint
from .curves import channels_of, hash_of_keys
from .found import base_of
from .layer_fit import Fit, channel_values, fit_of, keep_fit, keep_written, written_of
from .layer_motion import clock_of, strip_of
from .layer_tracks import LAYER, Key, refresh, strips_in, tracks_of
from .live_held import held_by
from .live_keys import Made, extend, resize, rewrite
from .nla import KEYS
from .rig import channel_path
from .takes import MOTION

ACTIVITY = "mannerism_activity"
"""Custom property of a layer's action: speech activity on the grid, a byte a sample."""


def curves_of_all(action: bpy.types.Action) -> dict[Key, Any]:
    """The F-curves of a layer by channel, muted ones too."""
    bag = channels_of(action, action.slots[0])
    return {(curve.data_path, curve.array_index): curve for curve in bag.fcurves}


def shaped_as(action: Any, values: Mapping[str, float]) -> HeadMotion:
    """The motion that a take was made of, in a shape; what no slider moves is held."""
    activity: Any = action.get(ACTIVITY)
    pauses = np.frombuffer(activity, np.uint8) / 255.0 if isinstance(activity, bytes) else None
    motion, kernel = _made(action[MOTION])
    held = held_by(action)
    held = replace(held, pins=_at_share(action, held.pins, values["neck_share"]))
    return shaped(motion, Shape.of(values), pauses, held, kernel)


def pins_met(action: Any, values: Mapping[str, float], pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """Those of some pins that a take goes through in a shape."""
    met = are_met(shaped_as(action, values), _at_share(action, pins, values["neck_share"]))
    return tuple(pin for pin, is_met in zip(pins, met.tolist(), strict=True) if is_met)


def _at_share(action: Any, pins: Sequence[Pin], neck_share: float) -> tuple[Pin, ...]:
    """Pins of a take as its motion must meet them for the head to be there, with another share of the neck.

    On a posed rig turns of neck and head do not commute. A pin that leaves an angle free is met as it is.
    """
    fit = fit_of(action)
    if neck_share == fit.neck_share or not (pins and fit.rig.neck):
        return tuple(pins)
    record = json.loads(action[LAYER])
    frames = clock_of(record, record["start"]).frames([pin.time_s for pin in pins])
    angles = np.radians([[angle or 0.0 for angle in pin.angles_deg] for pin in pins])
    turned = at_share(rot.from_euler(*angles.T), fit.rig, fit.below(frames), fit.neck_share, neck_share)
    wanted = np.degrees(rot.to_euler(turned)).tolist()
    return tuple(
        pin
        if None in pin.angles_deg or max(map(abs, each)) > LARGEST_DEG
        else replace(pin, pitch_deg=each[0], yaw_deg=each[1], roll_deg=each[2])
        for pin, each in zip(pins, wanted, strict=True)
    )


class LiveTake:
    """A take on an object, with what it was made of."""

    def __init__(self, obj: bpy.types.Object, action: bpy.types.Action) -> None:
        self.obj, self.action = obj, action
        self.fit = fit_of(action)
        self.strip, self.record = strip_of(obj, action.name)
        self.rate = clock_of(self.record, self.record["start"])
        first, last = self.record["frames"]
        self.range = (int(first), int(last))

    def made(self, values: Mapping[str, float]) -> "NewKeys":
        """The take in a shape."""
        motion = shaped_as(self.action, values)
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
        return NewKeys(self, fit, frames, channel_values(curves))

    def _reaching(self, first: int, last: int) -> Fit:
        """The fit with the animator's poses at these frames too, of which more are looked up only where they move."""
        fit = self.fit
        if fit.covers(first, last):
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


class NewKeys:
    """Values that are to be written into a take."""

    def __init__(self, take: LiveTake, fit: Fit, frames: Array, values: Mapping[Key, Float32Array]) -> None:
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
        if any(len(values) != len(before) for values in old.values()):
            raise RigError(f"What was written into “{action.name}” cannot be read", "Generate it again")
        curves = curves_of_all(action)
        turning = {channel_path(joint.name, modes.attribute(joint.mode)): joint for joint in self.fit.joints}
        grown = self.range != take.range
        for path in dict.fromkeys(path for path, _ in self.values):
            mine = {index: curve for (of, index), curve in curves.items() if of == path}
            written, made = (
                Made(frames, {index: each for (of, index), each in values.items() if of == path})
                for frames, values in ((before, old), (self.frames, self.values))
            )
            if grown:
                resize(mine, written, made)
            joint = turning.get(path)
            mode = joint.mode if joint else ""
            rewrite(mine, mode, written, made, lambda frames, of=joint: self._below(of, frames))
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

    def _below(self, turned: Joint | None, frames: Array) -> Array:
        """Values below the rotation of a joint; below a place, which is only added, zeros."""
        if turned is None:
            return np.zeros((len(frames), 3))
        return self.fit.below(frames)[turned.name].channels

    def _grow(self) -> None:
        """Have strip and record follow the frames."""
        take, action = self.take, self.take.action
        bases, joints = self.fit.below(self.frames), self.fit.joints
        record = take.record | {"frames": [*self.range], "fingerprint": fingerprint(joints, bases)}
        action[LAYER] = json.dumps(record)
        keep_fit(action, self.fit, self.values)
        for strip in strips_with(take.obj, action):
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


def strips_with(obj: bpy.types.Object, action: bpy.types.Action) -> list[Any]:
    """The strips of an object that show a layer."""
    return [strip for track in tracks_of(obj) for strip in strips_in(track.strips) if strip.action == action]


@lru_cache(maxsize=4)
def _made(stored: bytes) -> tuple[HeadMotion, Kernel]:
    motion = load_motion(io.BytesIO(stored))
    return motion, kernel_of(motion)
