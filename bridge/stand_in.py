"""An object's channels as Blender evaluates them, on a stand-in in a scene of its own.

The open scene is neither played nor changed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from ..core.types import Array
from .layer_tracks import LAYER, MARKS, evaluated, is_marked, marked, remove_track

_open = 0


@contextmanager
def stand_in(obj: bpy.types.Object, layer: str = "", *, by_nla: bool = False) -> Iterator[Any]:
    """A copy of the object with its animation alone: no constraints, drivers, parents, nor layers of ours but one.

    layer : name of the action of a layer to keep, which is then shown whatever is muted
    by_nla : have the NLA evaluated with no track soloed, and what counts of the animator's the same all the same
    """
    global _open  # noqa: PLW0603  one Blender
    copy: Any = obj.copy()
    _open += 1
    try:
        copy.parent = None
        copy.hide_viewport = False  # what is hidden Blender does not evaluate
        copy.modifiers.clear()
        data = copy.animation_data
        for driver in list(data.drivers) if data else ():
            data.drivers.remove(driver)
        for track in {track: None for track, action in marked(copy, LAYER) if action.name != layer}:
            remove_track(data, track)
        if by_nla and data is not None:
            _without_switches(copy)
        for track, _ in marked(copy, LAYER):
            _show(track, layer)
        for owner in (copy, *(copy.pose.bones if copy.pose else ())):
            for constraint in list(owner.constraints):
                owner.constraints.remove(constraint)
        yield copy
    finally:
        bpy.data.objects.remove(copy)
        _open -= 1


def in_use() -> bool:
    """Whether a stand-in is being evaluated, of which nothing is to be kept in line."""
    return _open > 0


def sample(obj: Any, paths: Iterable[str], frames: Array) -> dict[str, Array]:
    """Evaluated values (T, k) of an object's channels, by data path, at `frames` (T,), whole or not."""
    wanted = list(paths)
    values: dict[str, list[list[float]]] = {path: [] for path in wanted}
    scene = bpy.data.scenes.new("stand-in")
    try:
        scene.collection.objects.link(obj)
        for frame in frames.tolist():
            scene.frame_set(int(frame // 1), subframe=frame % 1)
            depsgraph: Any = scene.view_layers[0].depsgraph
            evaluated = obj.evaluated_get(depsgraph)
            for path in wanted:
                values[path].append([float(value) for value in evaluated.path_resolve(path)])
    finally:
        bpy.data.scenes.remove(scene)
    return {path: np.array(rows) for path, rows in values.items()}


def _without_switches(obj: Any) -> None:
    """Turn the NLA on, and solo off, with the animator's tracks that did not count muted; solo of our own is passed over."""
    data = obj.animation_data
    own = [track for track in data.nla_tracks if any(is_marked(track, mark) for mark in MARKS)]
    for track in own:
        if track.is_solo:
            track.is_solo = False
    counting = evaluated(obj) if data.use_nla else []
    if any(track.is_solo for track in data.nla_tracks):
        data.action = None  # which solo silences
    data.use_nla = True
    for track in data.nla_tracks:
        if track.is_solo:
            track.is_solo = False
        track.mute = track not in counting and track not in own


def _show(track: Any, layer: str) -> None:
    track.mute = False
    for strip in track.strips:
        strip.mute = strip.action is None or strip.action.name != layer
