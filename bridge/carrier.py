"""The armature that carries an object: where a skinned mesh is active, its rig is meant."""

from typing import Any

import bpy

from ..core.errors import RigError
from .bones import rig_map_of
from .drawn import kept_until_change
from .rig import editable
from .settings import character

_SHAPES = {"MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT"}


def carrier_of(obj: bpy.types.Object) -> bpy.types.Object | None:
    """The armature with a head that moves this shape: by a modifier, or as a parent of it or of its parents."""
    if obj.type not in _SHAPES:
        return None
    owner: Any = obj
    while owner is not None:
        modifiers = [each.object for each in owner.modifiers if each.type == "ARMATURE" and each.object]
        for armature in (*modifiers, owner.parent):
            if armature is not None and armature.type == "ARMATURE" and _has_head(armature):
                return armature  # type: ignore[no-any-return]
        owner = owner.parent
    return None


def mover(obj: bpy.types.Object | None) -> bpy.types.Object:
    """The object, if head motion may be put on it.

    Raises
    ------
    RigError : see `rig.editable`; or an armature carries it, which would leave it behind, or is shown by it
    """
    obj = editable(obj)
    if not character(obj).by_itself and (inside := instanced(obj)) is not None:
        raise RigError(
            f"“{obj.name}” shows a collection with the armature “{inside.name}”, and would turn as a whole",
            "Make a library override of it or its instances real, or switch on Move by Itself",
        )
    carrier = None if character(obj).by_itself else carrier_of(obj)
    if carrier is not None:
        raise RigError(
            f"“{obj.name}” is carried by the armature “{carrier.name}” and would run away from it",
            f"Select “{carrier.name}”, or switch on Move by Itself",
        )
    return obj


def instanced(obj: bpy.types.Object) -> bpy.types.Object | None:
    """The armature with a head in the collection that an empty shows."""
    if obj.instance_type != "COLLECTION" or obj.instance_collection is None:
        return None
    found = (each for each in obj.instance_collection.all_objects if each.type == "ARMATURE")
    return next((each for each in found if _has_head(each)), None)


instanced_on_show = kept_until_change(instanced)
"""The same for a panel."""


def use_carrier(obj: bpy.types.Object, context: Any) -> bpy.types.Object:
    """Make the armature active in place of a shape that it carries; it gets the settings that were made there.

    Raises
    ------
    RigError : no armature carries it, or it is not in the view layer
    """
    carrier = carrier_of(obj)
    if carrier is None:
        raise RigError(f"No armature with a head carries “{obj.name}”", "Generate for the object itself")
    if context.view_layer.objects.get(carrier.name) != carrier:
        raise RigError(f"“{carrier.name}” is not in the view layer", "Show its collection there")
    wanted, there = character(obj), character(carrier)
    for field in ("source", "style", "audio", "speaker", "strip", "reference", "engine", "start", "seed"):
        if wanted.is_property_set(field) and not there.is_property_set(field):
            setattr(there, field, getattr(wanted, field))
    for other in context.view_layer.objects:
        other.select_set(other == carrier)
    context.view_layer.objects.active = carrier
    return carrier


def _has_head(armature: bpy.types.Object) -> bool:
    try:
        rig_map_of(armature)
    except RigError:
        return False
    return True
