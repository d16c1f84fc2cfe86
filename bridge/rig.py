"""Rig of an object of Blender: its head and neck, and how they turn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HEAD_HEIGHT_M
from ..core.rig import Joint, Rig, RigMap, find_rig_map, modes
from ..core.rig.head_frame import head_axes, head_height
from .constraints import PLACES, REPLACES_ROTATION, TURNS, held


def editable(obj: bpy.types.Object | None) -> bpy.types.Object:
    """The object, if a layer can be put on it.

    Raises
    ------
    RigError : there is none, it is linked from another file, or its NLA is being tweaked
    """
    if obj is None:
        raise RigError("Nothing is selected", "Select the armature of a character, or any object")
    override = obj.override_library
    if not obj.is_editable or (override is not None and override.is_system_override):
        raise RigError(f"“{obj.name}” is linked from another file", "Make a library override of it first")
    if obj.animation_data is not None and obj.animation_data.use_tweak_mode:
        raise RigError(
            f"A strip of “{obj.name}” is being tweaked", "Leave tweak mode with Tab in the NLA editor"
        )
    return obj


def read_rig(obj: bpy.types.Object, rig_map: RigMap | None = None) -> Rig:
    """Head and neck of an armature, or any other object as one joint.

    rig_map : the bones to use; by default they are looked for

    Raises
    ------
    RigError : no head is found, or the map names bones that the armature lacks
    """
    drivers = obj.animation_data.drivers if obj.animation_data else ()
    others = _Others({curve.data_path for curve in drivers}, held(obj, TURNS), held(obj, PLACES))
    if not isinstance(obj.data, bpy.types.Armature):
        joint = _joint(obj, "", others)
        return Rig(joint, (), head_axes(np.array([0.0, 0.0, 1.0]), {}))
    bones = obj.data.bones
    rig_map = rig_map or find_rig_map(
        {bone.name: bone.parent.name if bone.parent else None for bone in bones}
    )
    missing = [name for name in (rig_map.head, *rig_map.neck) if name not in bones]
    if missing:
        raise RigError(f"“{obj.name}” has no bone “{missing[0]}”", "Choose the head and neck bones again")
    head = bones[rig_map.head]
    above = {bone.name for bone in head.parent_recursive}
    positions = {bone.name: np.array(bone.head_local) for bone in bones}
    spine = positions[(head.parent_recursive or [head])[-1].name]
    upward = positions[head.name] - spine
    return Rig(
        head=_joint(obj, head.name, others),
        neck=tuple(_joint(obj, name, others, head) for name in rig_map.neck if name in above),
        axes=head_axes(upward if upward.any() else np.array(head.y_axis), positions),
        units_per_m=head_height(head.name, head.length, _crown(head), positions) / HEAD_HEIGHT_M,
    )


def channel_path(joint: str, attribute: str) -> str:
    """Path of a channel from the object; an empty joint is the object itself."""
    return f'pose.bones["{bpy.utils.escape_identifier(joint)}"].{attribute}' if joint else attribute


def owner_of(obj: bpy.types.Object, joint: str) -> Any:
    """The pose bone that a joint names, or the object itself; evaluated if the object is."""
    pose: Any = obj.pose
    return pose.bones[joint] if joint else obj


@dataclass(frozen=True)
class _Others:
    """Other influences on joints: paths of driven channels, and joints that constraints turn and place."""

    driven: set[str]
    turned: Mapping[str, str]
    placed: Mapping[str, str]


def _joint(obj: bpy.types.Object, name: str, others: _Others, head: bpy.types.Bone | None = None) -> Joint:
    """A joint; one of the neck if its `head` is given. What a driver moves or a constraint places is locked."""
    owner = owner_of(obj, name)
    mode = str(owner.rotation_mode)

    def locked(attribute: str, locks: Iterable[bool]) -> tuple[bool, bool, bool]:
        if channel_path(name, attribute) in others.driven:
            return (True, True, True)
        x, y, z = locks
        return (x, y, z)

    bone = owner.bone if name else None
    return Joint(
        name=name,
        mode=mode,
        rest=rot.from_matrix(np.array(bone.matrix_local)[:3, :3]) if bone else rot.IDENTITY,
        follow=_follow(obj, bone, head) if bone and head else 1.0,
        locked_rotation=locked(modes.attribute(mode), owner.lock_rotation),
        locked_location=locked("location", [lock or name in others.placed for lock in owner.lock_location]),
        held=others.turned.get(name, ""),
        connected=bone is not None and bone.use_connect and bone.parent is not None,
        local_location=bone is None or bone.use_local_location,
    )


def _follow(obj: bpy.types.Object, neck: bpy.types.Bone, head: bpy.types.Bone) -> float:
    """How much of the neck's rotation reaches the head past what lies between, as Rigify's Head Follow."""
    follow = 1.0
    for bone in _between(neck, head):
        follow *= bone.use_inherit_rotation
        if bone != head:
            for constraint in owner_of(obj, bone.name).constraints:
                if constraint.type in REPLACES_ROTATION and not constraint.mute:
                    follow *= 1.0 - constraint.influence
    return follow


def _between(neck: bpy.types.Bone, head: bpy.types.Bone) -> Iterator[bpy.types.Bone]:
    """The head and its parents up to the neck, without it."""
    bone: bpy.types.Bone | None = head
    while bone is not None and bone != neck:
        yield bone
        bone = bone.parent


def _crown(head: bpy.types.Bone) -> str | None:
    names = (child.name for child in head.children)
    return next((name for name in names if name.lower().endswith(("headtop_end", "head_end"))), None)
