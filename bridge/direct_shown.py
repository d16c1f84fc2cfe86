"""What the panel shows of a direction, remembered so that drawing costs next to nothing."""

from dataclasses import dataclass
from typing import Any

import bpy

from ..core.errors import MannerismError
from ..core.timing import FrameRate
from .direct_clock import directed_line
from .direct_edits import edits_of
from .direct_listed import seconds_of
from .direct_take import frames_of
from .forgetting import forgets
from .messages import shown
from .settings import character
from .takes import active_layer
from .translations import filled

_edited: dict[int, tuple[Any, str]] = {}
"""By `session_uid` of an object, what was chosen when last looked, and the frames of its edits."""
_lines: dict[int, tuple[Any, "LineOnShow | None"]] = {}
"""By `session_uid` of an object, what was chosen when last looked, and its line."""


@dataclass(frozen=True)
class LineOnShow:
    """The line of the active layer, and its clock."""

    name: str
    rate: FrameRate

    def frame(self, item: Any) -> float:
        """The frame of a pin of the line; NaN where a script gave it no time."""
        return round(float(self.rate.frames(time_of(item))), 2)


def line_on_show(obj: bpy.types.Object, scene: Any) -> LineOnShow | None:
    """The line of the active layer; None without any."""
    key = (_chosen(obj), scene.render.fps, scene.render.fps_base)
    known = _lines.get(obj.session_uid)
    if known is None or known[0] != key:
        try:
            line = directed_line(obj, scene)
        except MannerismError:
            known = key, None
        else:
            known = key, LineOnShow(line.line, line.rate)
        _lines[obj.session_uid] = known
    return known[1]


def time_of(item: Any) -> float:
    """Seconds of a pin; NaN where a script gave it none."""
    try:
        return seconds_of(item)
    except MannerismError:
        return float("nan")


def edited_frames(obj: bpy.types.Object) -> str:
    """Where the active layer was edited, as last looked: half a second after a change."""
    known = _edited.get(obj.session_uid)
    if known is None or known[0] != _chosen(obj):
        look_for_edits(obj)
    return _edited[obj.session_uid][1]


def look_for_edits(obj: bpy.types.Object) -> None:
    """Look now where the active layer was edited."""
    try:
        edits = edits_of(obj, active_layer(obj).name)
        said = filled("Edited: {}", shown(frames_of(obj, edits))) if edits else filled("No edited keys")
    except MannerismError as error:
        said = shown(error.problem)
    _edited[obj.session_uid] = _chosen(obj), said


@forgets
def _forget() -> None:
    _edited.clear()
    _lines.clear()


def _chosen(obj: bpy.types.Object) -> Any:
    """Something cheap that differs when another layer is active, or lies elsewhere."""
    data = obj.animation_data
    count = len(data.nla_tracks) if data else 0
    index = character(obj).layer_index
    if data is None or not 0 <= index < count:
        return count, index
    strips = [
        (s.action and s.action.name, s.frame_start, s.frame_end, s.scale)
        for s in data.nla_tracks[index].strips
    ]
    return count, index, strips
