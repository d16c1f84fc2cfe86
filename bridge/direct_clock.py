"""The clock of the line that an animator directs: which layer shows it, and where its speech begins."""

from dataclasses import dataclass
from typing import Any

import bpy

from ..core.errors import RigError
from ..core.timing import FrameRate
from .layer_motion import start_of
from .nla import Layer, list_layers
from .settings import character
from .takes import active_layer, take_of
from .timing import frame_rate


@dataclass(frozen=True)
class DirectedLine:
    """The line of the active layer.

    line : its name
    layer : the active layer
    rate : the scene's frame rate, with t = 0 where the layer's speech begins
    """

    line: str
    layer: Layer
    rate: FrameRate


def directed_line(obj: bpy.types.Object, scene: Any) -> DirectedLine:
    """The line that is directed. Raises RigError where there is no layer, or nobody generated it."""
    layer = active_layer(obj)
    take = take_of(bpy.data.actions[layer.name])
    if take is None:
        raise RigError(f"“{layer.name}” is no take of a speech", "Choose a layer that was generated")
    return DirectedLine(take.line, layer, frame_rate(scene, start_of(obj, layer.name)))


def layer_of(obj: bpy.types.Object, line: str) -> Layer | None:
    """The active layer where that is a take of the line, else the newest that is; None without any."""
    takes = []
    for layer in list_layers(obj):
        take = take_of(bpy.data.actions[layer.name])
        if take is not None and take.line == line:
            takes.append(layer)
    if not takes:
        return None
    active = active_layer(obj)
    return active if active.name in [layer.name for layer in takes] else takes[-1]


def chosen(obj: bpy.types.Object) -> Any:
    """The direction's settings of an object."""
    return character(obj).direct
