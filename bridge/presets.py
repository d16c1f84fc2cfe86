"""What presets hold of a character: settings of its motion, and the bones that were picked for it."""

import bpy

from ..core.errors import RigError
from ..core.generate.settings import SLIDERS
from ..core.rig.map_file import PickedBones
from . import bones, settings

MOTION_FOLDER = "mannerism/motion"
"""Below the presets of the user's scripts, as Blender keeps all presets."""
MOTION = ("engine", *SLIDERS, "neck_share", "translation", "shape.as_text")
"""Settings in a preset of the motion: how a head moves, not which take of which speech."""
_BONES = ("head_bone", "neck_bone", "upper_neck_bone", "neck_share", "translation")


def picked_bones(obj: bpy.types.Object) -> PickedBones:
    """The bones of an armature as its settings name them; a head that is found is named as well.

    Raises
    ------
    RigError : it is no armature, no head is found, or a picked bone cannot be used
    """
    rig_map, chosen = bones.rig_map_of(obj), settings.character(obj)
    if rig_map is None:
        raise RigError(f"“{obj.name}” has no bones", "Select the armature of a character")
    return PickedBones(
        rig_map.head, chosen.neck_bone, chosen.upper_neck_bone, chosen.neck_share, chosen.translation
    )


def pick_bones(obj: bpy.types.Object, picked: PickedBones) -> None:
    """Put picked bones into the settings of an armature.

    Raises
    ------
    RigError : it has no such bones, or they cannot be used; nothing is changed
    """
    chosen = settings.character(obj)
    before = {name: getattr(chosen, name) for name in _BONES}
    values = (picked.head, picked.neck, picked.upper_neck, picked.neck_share, picked.translation)
    try:
        _put(chosen, dict(zip(_BONES, values, strict=True)))
        picked_bones(obj)
    except RigError:
        _put(chosen, before)
        raise


def _put(chosen: object, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(chosen, name, value)
