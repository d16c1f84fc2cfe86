"""What a line of the batch must do, and where it begins: as the sidebar makes a take of the same speech.

A line that names a direction's file is made by that; pins of the line, markers and edited keys count besides.
"""

from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

import bpy

from ..core.direct.direction_file import read_direction
from .direct_take import NOTHING, Directed, direct
from .sound import Speech
from .timing import frame_rate


def directed_line(scene: Any, line: Any, obj: bpy.types.Object) -> tuple[Speech, Directed]:
    """The speech of a line at its place, and what its take must do.

    A line that becomes a file has a place only where it has a start of its own, or a layer: else no marker of the scene is
    a gesture of it.

    Raises
    ------
    DirectionError, TableError : the direction's file cannot be read, or pins contradict each other
    """
    placed = scene.mannerism.target == "LAYERS" or line.own_start or line.end
    start = float(start_of_line(scene, line)) if placed else 0.0
    speech = Speech(line.name, Path(bpy.path.abspath(line.audio)), start)
    given = read_direction(Path(bpy.path.abspath(line.direct))) if line.direct else NOTHING
    directed = direct(obj, speech, line.seed, scene if placed else None, given)
    if directed.offset and scene.mannerism.target != "LAYERS":
        said = "What is added on top of takes is in layers alone, and not in this file"
        directed = replace(directed, notes=(*directed.notes, said))
    return speech, directed


def start_of_line(scene: Any, line: Any) -> int:
    """Where a line begins: where it wants to, where it was before, or else after all that have a place."""
    if line.own_start or line.end:
        return int(line.start)
    ends = [other.end for other in scene.mannerism.lines if other.end]
    if not ends:
        return int(scene.frame_start)
    return ceil(max(ends) + scene.mannerism.pause_s * frame_rate(scene).fps)
