"""What Blender does not evaluate, as it is hidden: shown for as long as something is read off it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy

from ..core.errors import RigError
from .layer_tracks import curves_of, strips_in

_HIDES = "hide_viewport"


@contextmanager
def unhidden(objects: Iterable[bpy.types.Object]) -> Iterator[None]:
    """Objects as if nothing hid them, neither the switch *Disable in Viewports* nor its animation."""
    changed: list[tuple[Any, str, Any]] = []
    try:
        for obj in objects:
            for curve in _hiding(obj):
                changed.append((curve, "mute", curve.mute))
                curve.mute = True
            if obj.hide_viewport:
                changed.append((obj, _HIDES, True))
                obj.hide_viewport = False
        yield
    finally:
        for owner, name, value in reversed(changed):
            setattr(owner, name, value)


@contextmanager
def evaluated(objects: Iterable[bpy.types.Object]) -> Iterator[None]:
    """The same, of objects that have to be read in the open scene.

    Raises
    ------
    RigError : one is hidden with its collection, is in none of this scene, or shows no pose
    """
    wanted = list(objects)
    with unhidden(wanted):
        depsgraph = bpy.context.evaluated_depsgraph_get()
        for obj in wanted:
            if why := unposed(obj):
                raise RigError(*why)
            if not obj.evaluated_get(depsgraph).is_evaluated:
                raise RigError(f"“{obj.name}” is not in the view layer", "Show its collection there")
        yield


def unposed(obj: bpy.types.Object) -> tuple[str, str] | None:
    """Why an armature shows no pose at all, and what to do; None where it does."""
    if not isinstance(obj.data, bpy.types.Armature):
        return None
    if obj.mode == "EDIT":
        return f"“{obj.name}” is in Edit Mode, so no pose shows", "Leave it with Tab"
    if obj.data.pose_position == "REST":
        return f"“{obj.name}” is set to its Rest Position, so no pose shows", "Set it to Pose Position"
    return None


def _hiding(obj: bpy.types.Object) -> Iterator[Any]:
    """Curves and drivers that hide an object, as far as they may be changed."""
    data: Any = obj.animation_data
    if data is None:
        return
    used = [(data.action, data.action_slot)]
    used += [
        (strip.action, strip.action_slot) for track in data.nla_tracks for strip in strips_in(track.strips)
    ]
    for action, slot in used:
        if action is not None and slot is not None and action.is_editable:
            yield from (curve for (path, _), curve in curves_of(action, slot).items() if path == _HIDES)
    yield from (driver for driver in data.drivers if driver.data_path == _HIDES and not driver.mute)
