"""Keys of one layer, copied onto another that was fitted to the same pose at the same moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import bpy
import numpy as np

from ..core.direct.edits import Span
from .layer_fit import Fit, fit_of
from .layer_motion import made_at, strip_of
from .layer_tracks import curves_of

_COPIED = ("interpolation", "easing", "handle_left_type", "handle_right_type", "type")


def copy_keys(obj: bpy.types.Object, old: str, new: str, spans: Sequence[Span]) -> None:
    """Copy the keys of a layer within spans of the speech's clock, values, kinds and handles, where both layers fit."""
    (source, before), (target, after) = strip_of(obj, old), strip_of(obj, new)
    late = after["start"] - before["start"]
    alike = before["joints"] == after["joints"] and before["fps"] == after["fps"]
    if not alike or abs(late - round(late)) > 1e-6:
        return
    both = _Both(after["frames"][0], round(late))
    rate = made_at(obj, old, before["start"])
    begin = max(before["frames"][0], after["frames"][0] - both.late)
    end = min(before["frames"][1], after["frames"][1] - both.late)
    theirs, mine = (curves_of(each.action, each.action.slots[0]) for each in (source, target))
    old_fit, new_fit = fit_of(source.action), fit_of(target.action)
    for start, stop in spans:
        frames = range(
            max(begin, ceil(float(rate.frames(start)) - 1e-6)),
            min(end, floor(float(rate.frames(stop)) + 1e-6)) + 1,
        )
        if frames and both.same_pose(old_fit, new_fit, frames):
            for key in mine.keys() & theirs.keys():
                both.copy(theirs[key], mine[key], frames)


@dataclass(frozen=True)
class _Both:
    """First frame of the second of two layers, and by how much its speech is later than the first's."""

    new: int
    late: int

    def same_pose(self, old_fit: Fit, new_fit: Fit, frames: range) -> bool:
        """Whether both were fitted to the same pose at frames of the first."""
        at = np.array(frames, np.float64)
        old, new = old_fit.below(at), new_fit.below(at + self.late)
        return all(
            np.allclose(getattr(old[name], part), getattr(new[name], part), atol=1e-5)
            for name in old
            for part in ("channels", "above")
        )

    def copy(self, source: Any, target: Any, frames: range) -> None:
        """Keys of a curve onto one that has a key at each whole frame."""
        points = target.keyframe_points
        for frame in frames:
            points[frame + self.late - self.new].co[1] = source.evaluate(frame)
        between = []
        for key in source.keyframe_points:
            at = float(key.co[0])
            if not frames[0] <= at <= frames[-1]:
                continue
            if abs(at - round(at)) > 1e-3:
                between.append((at + self.late, key))
                continue
            own = points[round(at) + self.late - self.new]
            _like(key, own)
            for name in ("handle_left", "handle_right"):
                x, y = getattr(key, name)
                setattr(own, name, (x + self.late, y))
        for at, key in between:
            _like(key, points.insert(at, key.co[1], options={"FAST"}))
        target.update()


def _like(key: Any, own: Any) -> None:
    for name in _COPIED:
        setattr(own, name, getattr(key, name))
