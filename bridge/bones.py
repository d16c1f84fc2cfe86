"""Bones of a character that take the motion: those picked by hand, else those that are found."""

from collections.abc import Callable

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.rig import RigMap
from ..core.rig.detect import ancestors, necks_below
from .carriers import carriers
from .drawn import kept_until_change
from .head_search import Found, find_head
from .messages import shown_refusal
from .rig import read_rig
from .settings import character
from .translations import filled

_EVEN = 1.02  # of the largest scale to the smallest


def rig_map_of(obj: bpy.types.Object) -> RigMap | None:
    """Head and neck of an armature, as picked in its settings or else found; None for any other object.

    Raises
    ------
    RigError : no head is picked and none is found, or a picked bone cannot be used
    """
    found = chosen_bones(obj)
    return found.rig_map if found else None


def chosen_bones(
    obj: bpy.types.Object, find: Callable[[bpy.types.Object], Found] = find_head
) -> Found | None:
    """The same, with what had to be decided to find them. Raises RigError, see `rig_map_of`."""
    if not isinstance(obj.data, bpy.types.Armature):
        return None
    picked = character(obj)
    bones = obj.data.bones
    neck = [name for name in (picked.neck_bone, picked.upper_neck_bone) if name]
    found = None if picked.head_bone else find(obj)
    head = found.rig_map.head if found else picked.head_bone
    for name in (head, *neck):
        if name not in bones:
            raise RigError(f"“{obj.name}” has no bone “{name}”", "Choose the head and neck bones again")
    if not neck:
        return found or Found(RigMap(head, necks_below(carriers(obj), head)))
    above = list(reversed(list(ancestors(carriers(obj), head))))
    for name in neck:
        if name not in above:
            raise RigError(
                f"The head “{head}” does not follow “{name}”", "Choose a bone between chest and head"
            )
    return Found(RigMap(head, tuple(name for name in above if name in neck)), found.notes if found else ())


def description(obj: bpy.types.Object) -> str:
    """The bones that take the motion, or why none can, as text for the panel."""
    try:
        found = chosen_bones(obj, _head_on_show)
    except RigError as error:
        return shown_refusal(error)
    if found is None:
        return filled("Moves as a whole")
    rig = found.rig_map
    return filled("Head: {} · Neck: {}", rig.head, ", ".join(rig.neck) or filled("none"))


def _head_on_show(obj: bpy.types.Object) -> Found:
    found = _search_on_show(obj)
    if isinstance(found, RigError):
        raise found
    return found


@kept_until_change
def _search_on_show(obj: bpy.types.Object) -> Found | RigError:
    """On 700 bones the search takes 10 ms, which a redraw has not."""
    try:
        return find_head(obj)
    except RigError as error:
        return error


def remarks(obj: bpy.types.Object, rig_map: RigMap | None) -> tuple[str, ...]:
    """What an animator should know of an armature on which a head turns: which way it was taken to look, uneven scale."""
    if rig_map is None:
        return ()
    rig, found = read_rig(obj, rig_map), []
    if not rig.is_front_evident:
        face = rot.rotate(rig.axes, [0.0, 0.0, 1.0])
        axis = int(np.argmax(np.abs(face)))
        where = f"{'+' if face[axis] > 0 else '−'}{'XYZ'[axis]}"
        found.append(
            f"No bones are called left and right, nor eyes or nose, so the face is taken to look along {where} of the armature"
        )
    sizes = np.linalg.svd(np.array(obj.matrix_world)[:3, :3], compute_uv=False)
    if sizes.max() > _EVEN * sizes.min():
        found.append(
            f"“{obj.name}” is scaled unevenly, so the head is squeezed as it turns; apply its scale with Ctrl A"
        )
    return tuple(found)
