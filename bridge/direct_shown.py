"""What the panel shows of a direction, remembered so that drawing costs next to nothing."""

from dataclasses import dataclass
from typing import Any

import bpy

from ..core.errors import MannerismError
from ..core.timing import FrameRate
from .direct_clock import directed_line
from .direct_edits import edits_of
from .direct_take import frames_of
from .takes import active_layer

_edited: dict[int, tuple[str, str]] = {}
"""By `session_uid` of an object, its active layer when last looked, and the frames of its edits."""


@dataclass(frozen=True)
class LineOnShow:
    """The line of the active layer, and its clock."""

    name: str
    rate: FrameRate

    def frame(self, item: Any) -> float:
        """The frame of a pin of the line."""
        return round(float(self.rate.frames(float(item.seconds))), 2)


def line_on_show(obj: bpy.types.Object, scene: Any) -> LineOnShow | None:
    """The line of the active layer; None without any."""
    try:
        line = directed_line(obj, scene)
    except MannerismError:
        return None
    return LineOnShow(line.line, line.rate)


def edited_frames(obj: bpy.types.Object) -> str:
    """Where the active layer was edited, as last looked: half a second after a change."""
    try:
        name = active_layer(obj).name
    except MannerismError:
        return "No take yet"
    if _edited.get(obj.session_uid, ("", ""))[0] != name:
        look_for_edits(obj)
    return _edited.get(obj.session_uid, ("", ""))[1]


def look_for_edits(obj: bpy.types.Object) -> None:
    """Look now where the active layer was edited."""
    try:
        name = active_layer(obj).name
        edits = edits_of(obj, name)
        said = f"Edited: {frames_of(obj, edits)}" if edits else "No edited keys"
    except MannerismError as error:
        name, said = "", str(error).rstrip(".")
    _edited[obj.session_uid] = name, said


def forget() -> None:
    """Know nothing: another file is open, or undo has changed everything."""
    _edited.clear()
