"""Keys of one layer, copied onto another that was fitted to the same pose at the same moments."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core.direct.edits import Span
from .curves import keys_of
from .layer_fit import Fit, fit_of
from .layer_motion import made_at, strip_of
from .layer_tracks import curves_of

_COPIED = ("interpolation", "easing", "handle_left_type", "handle_right_type", "type")


def copy_keys(obj: bpy.types.Object, old: str, new: str, spans: Sequence[Span]) -> None:
    """Copy the keys of a layer within spans of the speech's clock, values, kinds and handles, where both layers fit."""
    (source, before), (target, after) = strip_of(obj, old), strip_of(obj, new)
    apart = after["start"] - before["start"]
    alike = before["joints"] == after["joints"] and before["fps"] == after["fps"]
    if not alike or abs(apart - round(apart)) > 1e-6:
        return
    late = round(apart)
    rate = made_at(obj, old, before["start"])
    begin = max(before["frames"][0], after["frames"][0] - late)
    end = min(before["frames"][1], after["frames"][1] - late)
    theirs, mine = (curves_of(each.action, each.action.slots[0]) for each in (source, target))
    fits = fit_of(source.action), fit_of(target.action)
    for start, stop in spans:
        frames = range(
            max(begin, ceil(float(rate.frames(start)) - 1e-6)),
            min(end, floor(float(rate.frames(stop)) + 1e-6)) + 1,
        )
        if frames and _same_pose(*fits, frames, late):
            for key in mine.keys() & theirs.keys():
                _copy(theirs[key], mine[key], frames, late)


def _same_pose(old: Fit, new: Fit, frames: range, late: int) -> bool:
    """Whether both were fitted to the same pose at frames of the first, which are as much later in the second."""
    at = np.array(frames, np.float64)
    theirs, mine = old.below(at), new.below(at + late)
    return all(
        np.allclose(getattr(theirs[name], part), getattr(mine[name], part), atol=1e-5)
        for name in theirs
        for part in ("channels", "above")
    )


def _copy(source: Any, target: Any, frames: range, late: int) -> None:
    """Keys of a curve onto one that has a key at each whole frame."""
    points = target.keyframe_points
    at_frame = dict(zip(keys_of(target)[:, 0].tolist(), points, strict=True))
    for frame in frames:
        at_frame[frame + late].co[1] = source.evaluate(frame)
    between = []
    for key in source.keyframe_points:
        at = float(key.co[0])
        if not frames[0] <= at <= frames[-1]:
            continue
        if abs(at - round(at)) > 1e-3:
            between.append((at + late, key))
            continue
        own = at_frame[round(at) + late]
        _like(key, own)
        for name in ("handle_left", "handle_right"):
            x, y = getattr(key, name)
            setattr(own, name, (x + late, y))
    for at, key in between:
        _like(key, points.insert(at, key.co[1], options={"FAST"}))
    target.update()


def _like(key: Any, own: Any) -> None:
    for name in _COPIED:
        setattr(own, name, getattr(key, name))
