"""Bones of a character that take the motion: those picked by hand, else those that are found."""

from functools import lru_cache

import bpy

from ..core.errors import RigError
from ..core.rig import RigMap, find_rig_map
from .settings import character


def rig_map_of(obj: bpy.types.Object) -> RigMap | None:
    """Head and neck of an armature, as picked in its settings or else found; None for any other object.

    Raises
    ------
    RigError : no head is picked and none is found, or a picked bone cannot be used
    """
    if not isinstance(obj.data, bpy.types.Armature):
        return None
    picked = character(obj)
    bones = obj.data.bones
    neck = [name for name in (picked.neck_bone, picked.upper_neck_bone) if name]
    found = _find(obj.data, default=picked.head_bone)
    head = picked.head_bone or found.head
    for name in (head, *neck):
        if name not in bones:
            raise RigError(f"“{obj.name}” has no bone “{name}”", "Choose the head and neck bones again")
    above = [bone.name for bone in reversed(bones[head].parent_recursive)]
    for name in neck:
        if name not in above:
            raise RigError(
                f"The head “{head}” does not follow “{name}”", "Choose a bone between chest and head"
            )
    wanted = neck or found.neck
    return RigMap(head, tuple(name for name in above if name in wanted))


def description(obj: bpy.types.Object) -> str:
    """The bones that take the motion, or why none can, as text for the panel."""
    try:
        rig = rig_map_of(obj)
    except RigError as error:
        return str(error)
    return f"Head: {rig.head} · Neck: {', '.join(rig.neck) or 'none'}" if rig else "Moves as a whole"


def _find(armature: bpy.types.Armature, default: str) -> RigMap:
    parents = tuple((bone.name, bone.parent.name if bone.parent else None) for bone in armature.bones)
    try:
        return _search(parents)
    except RigError:
        if not default:
            raise
        return RigMap(default)


@lru_cache(maxsize=8)
def _search(parents: tuple[tuple[str, str | None], ...]) -> RigMap:
    """A panel asks at each redraw."""
    return find_rig_map(dict(parents))
