"""Keys of a layer written anew in place, what the animator changed carried along.

A key that stands as it was written becomes the new one. Any other keeps its difference to what was generated at
its frame: an edited key, one that was added between frames, one that was moved. A key that was deleted stays
away. Where all keys of a curve are there and only their frames are others, as after scaling them in time, each is
still itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.rig.carried import carried
from ..core.types import Array, BoolArray, Float32Array
from .curves import are, keys_of

_LAID_BY_BLENDER = ("AUTO", "AUTO_CLAMPED", "VECTOR")  # kinds of handles that follow their key


@dataclass(frozen=True)
class Made:
    """Generated values of the channels of one property.

    frames : (T,) of the action
    values : (T,) by array index
    """

    frames: Array
    values: Mapping[int, Float32Array]

    def at(self, index: int, frames: Array) -> Array:
        """Values of a channel at frames (N,), by straight lines between keys, and held beyond the ends."""
        return np.interp(frames, self.frames, self.values[index].astype(np.float64))


@dataclass(frozen=True)
class _Keys:
    """Keys of one curve.

    points : (N, 2) frames and values
    source : (N,) frames at which each was generated
    changed : (N,) whether its value is not the generated one
    """

    points: Float32Array
    source: Array
    changed: BoolArray


def rewrite(curves: Mapping[int, Any], mode: str, written: Made, made: Made, below: Any) -> None:
    """Give the curves of one property, by array index, the values `made` in place of `written`.

    mode : as in `carried`
    below : function of frames (M,) to the values (M, k) that lie below
    """
    keys = {index: _keys(curve, written, index) for index, curve in curves.items() if index in written.values}
    touched = [each.points[each.changed, 0] for each in keys.values()]
    frames = np.unique(np.concatenate(touched)) if touched else np.empty(0)
    change = {}
    if len(frames):
        base = below(frames)
        old, now, new, whole = _compared(keys, frames, written, made, count=base.shape[1])
        values = new + (now - old)
        values[whole] = carried(mode, now[whole], old[whole], new[whole], base[whole])
        still = (old == new).all(axis=1)
        values[still] = now[still]
        change = {index: values[:, index] for index in written.values}
    for index, each in keys.items():
        values = made.at(index, each.source)
        if change:
            at = np.searchsorted(frames, each.points[:, 0])
            inside = np.isin(each.points[:, 0], frames)
            values[inside] = change[index][at[inside]]
        _put(curves[index], each.points, values.astype(np.float32))


def resize(curves: Mapping[int, Any], written: Made, made: Made) -> None:
    """Take away keys that were written where none is now generated, and add those that are missing: before `rewrite`.

    Keys that the animator changed or set out there stay.
    """
    gone = np.setdiff1d(written.frames, made.frames)
    for index, curve in curves.items():
        if index not in written.values or not len(gone):
            continue
        keys = _keys(curve, written, index)
        surplus = np.flatnonzero(~keys.changed & np.isin(keys.points[:, 0], gone))
        for at in surplus[::-1].tolist():
            curve.keyframe_points.remove(curve.keyframe_points[at], fast=True)


def extend(curves: Mapping[int, Any], written: Made, made: Made) -> None:
    """Add the keys at frames that are new: after `rewrite`. One that the animator has there stays."""
    new = np.setdiff1d(made.frames, written.frames)
    for index, curve in curves.items():
        if index not in made.values or not len(new):
            continue
        there = set(keys_of(curve)[:, 0].tolist())
        for frame, value in zip(new.tolist(), made.at(index, new).tolist(), strict=True):
            if frame not in there:
                curve.keyframe_points.insert(frame, value, options={"FAST"}, keyframe_type="GENERATED")
        curve.update()


def _keys(curve: Any, written: Made, index: int) -> _Keys:
    points = keys_of(curve)
    frames, values = points[:, 0].astype(np.float64), points[:, 1]
    old = written.values[index]
    same = values == written.at(index, frames).astype(np.float32)
    if len(points) == len(old) and not np.array_equal(frames, written.frames):
        in_order = values == old
        if in_order.sum() > (same & np.isin(frames, written.frames)).sum():
            return _Keys(points, written.frames, ~in_order)
    return _Keys(points, frames, ~same)


def _compared(
    keys: Mapping[int, _Keys],
    frames: Array,
    *generated: Made,
    count: int,
) -> tuple[Array, Array, Array, BoolArray]:
    """Values (M, k) at frames (M,) at which a key was changed: generated before, as they are, generated now.

    Also whether all channels have a key there (M,): a rotation of which only a part is keyed keeps the
    difference of that part, for what a turn would add to the others could not be written down. There, a channel
    without a key is taken as it was generated.
    """
    written, made = generated
    rest = np.eye(1, count)[0] if count == 4 else np.zeros(count)  # of what has no channel of its own
    old, now, new = (np.tile(rest, (len(frames), 1)) for _ in range(3))
    whole = np.ones(len(frames), np.bool_)
    for index in written.values:
        source, own = frames, np.zeros(len(frames), np.bool_)
        at = np.zeros(len(frames), np.intp)
        points = keys[index].points if index in keys else np.empty((0, 2), np.float32)
        if len(points):  # a key that was moved is still the one of its own frame
            at = np.clip(np.searchsorted(points[:, 0], frames), 0, len(points) - 1)
            own = points[at, 0] == frames
            source = np.where(own, keys[index].source[at], frames)
        old[:, index], new[:, index] = written.at(index, source), made.at(index, source)
        now[:, index] = np.where(own, points[at, 1] if len(points) else 0.0, old[:, index])
        whole &= own
    return old, now, new, whole


def _put(curve: Any, points: Float32Array, values: Float32Array) -> None:
    """Move keys to other values, handles that the animator set along with them."""
    moved = values - points[:, 1]
    if not moved.any():
        return
    keys = curve.keyframe_points
    points = points.copy()
    points[:, 1] = values
    keys.foreach_set("co", points.ravel())
    for side in ("handle_left", "handle_right"):
        if not are(curve, f"{side}_type", *_LAID_BY_BLENDER).all():
            handles = np.empty(2 * len(keys), np.float32)
            keys.foreach_get(side, handles)
            handles[1::2] += moved
            keys.foreach_set(side, handles)
    curve.update()
