"""Rig of an object of Blender: its head and neck, and how they turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HEAD_HEIGHT_M
from ..core.rig import Joint, Rig, RigMap, modes
from ..core.rig.detect import ancestors
from ..core.rig.head_frame import head_axes, is_front_evident, shoulders_on
from ..core.rig.head_size import head_height
from ..core.rig.neutral_pose import NeutralBone, RestBone, at_rest, neutral_pose
from ..core.types import Array
from .animated_turns import animated_turns
from .carriers import carriers, shares
from .constraints import PLACES, TURNS, held
from .head_search import find_head
from .skin import read_skin


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
        return Rig(_joint(obj, "", others), (), head_axes("", None, {"": None}, {"": np.zeros(3)}))
    bones = obj.data.bones
    rig_map = rig_map or find_head(obj).rig_map
    missing = [name for name in (rig_map.head, *rig_map.neck) if name not in bones]
    if missing:
        raise RigError(f"“{obj.name}” has no bone “{missing[0]}”", "Choose the head and neck bones again")
    parents = carriers(obj)
    head = bones[rig_map.head]
    line = [head.name, *ancestors(parents, head.name)]
    neck = [name for name in reversed(line[1:]) if name in rig_map.neck]
    chest = parents[[*neck, head.name][0]]
    neutral = _neutral(obj, line, chest, parents)
    positions = _positions(obj, line, parents, neutral)
    axes = head_axes(
        head.name,
        chest,
        parents,
        positions,
        default_up=rot.rotate(neutral[head.name].turn, [0.0, 1.0, 0.0]),
        world_up=np.array(obj.matrix_world.inverted_safe())[:3, :3] @ [0.0, 0.0, 1.0],
    )
    up = rot.rotate(axes, [0.0, 1.0, 0.0])
    # Where the skin rests as no body stands, it says nothing of the head's height.
    rests = bool(np.allclose(neutral[head.name].place, np.array(head.head_local)))
    crown = read_skin(obj).crown(head.name, np.array(head.head_local), up, parents) if rests else 0.0
    height = head_height(head.name, head.length, up, parents, positions, crown=crown)
    return Rig(
        head=_joint(obj, head.name, others, neutral),
        neck=tuple(
            replace(_joint(obj, name, others, neutral), follow=follow, carries=along)
            for name in neck
            for follow, along in [_follow(obj, line[: line.index(name) + 1])]
        ),
        axes=axes,
        units_per_m=height / HEAD_HEIGHT_M,
        is_front_evident=is_front_evident(head.name, parents, positions, up),
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


def _joint(
    obj: bpy.types.Object, name: str, others: _Others, neutral: Mapping[str, NeutralBone] | None = None
) -> Joint:
    """A joint; a bone with the neutral pose. What a driver moves or a constraint places is locked."""
    owner = owner_of(obj, name)
    mode = str(owner.rotation_mode)

    def locked(attribute: str, locks: Iterable[bool]) -> tuple[bool, bool, bool]:
        if channel_path(name, attribute) in others.driven:
            return (True, True, True)
        x, y, z = locks
        return (x, y, z)

    joint = Joint(
        name=name,
        mode=mode,
        locked_rotation=locked(modes.attribute(mode), owner.lock_rotation),
        locked_location=locked("location", [lock or name in others.placed for lock in owner.lock_location]),
        held=others.turned.get(name, ""),
    )
    if neutral is None:
        return joint
    bone, own = owner.bone, neutral[name]
    return replace(
        joint,
        rest=own.turn,
        connected=bone.use_connect and bone.parent is not None,
        location_axes=own.channels if bone.use_local_location else _turn_of(bone.parent, neutral),
        place=own.place,
    )


def _turn_of(bone: Any, neutral: Mapping[str, NeutralBone]) -> Array:
    """Rotation (4,) of a parent, along whose axes a bone without *Local Location* shifts; without one, the armature's."""
    if bone is None:
        return rot.IDENTITY
    if bone.name in neutral:
        return neutral[bone.name].turn
    return rot.from_matrix(np.array(bone.matrix_local)[:3, :3])


def _follow(obj: bpy.types.Object, line: list[str]) -> tuple[float, bool]:
    """How much of the rotation of a neck reaches the head past what lies between, as Rigify's Head Follow.

    line : from the head to that neck; with the share comes whether the head shifts along
    """
    follow, along = 1.0, True
    for bone, carrier in pairwise(line):
        share, shifts = shares(obj, owner_of(obj, bone), carrier)
        # What turns the head itself is its own affair: it stays when the layer turns the neck.
        follow *= share
        along = along and shifts
    return follow, along


def _neutral(
    obj: bpy.types.Object, line: list[str], chest: str | None, parents: Mapping[str, str | None]
) -> dict[str, NeutralBone]:
    """Bones from where the shoulders hang, or from the chest, to the head, in the pose that looks ahead."""
    armature: Any = obj.data
    rest = [
        RestBone(
            name,
            rot.from_matrix(np.array(armature.bones[name].matrix_local)[:3, :3]),
            np.array(armature.bones[name].head_local),
        )
        for name in reversed(line)
    ]
    resting = {bone.name: bone.place for bone in rest}
    resting |= {bone.name: np.array(bone.head_local) for bone in armature.bones}
    lowest = [each for each in (chest, shoulders_on(line[0], parents, resting)) if each in line]
    start = min((len(line) - 1 - line.index(each) for each in lowest), default=0)
    chain = rest[start:]
    moved = neutral_pose(chain, animated_turns(obj, [bone.name for bone in chain[1:]]))
    return {bone.name: at_rest(bone) for bone in rest[:start]} | moved


def _positions(
    obj: bpy.types.Object,
    line: list[str],
    parents: Mapping[str, str | None],
    neutral: Mapping[str, NeutralBone],
) -> dict[str, Array]:
    """Where all bones are when those of the line are as in the neutral pose: (3,) by name."""
    armature: Any = obj.data
    places = {bone.name: np.array(bone.head_local) for bone in armature.bones}
    moved = {name: neutral[name] for name in line if not np.allclose(neutral[name].place, places[name])}
    moved |= {name: neutral[name] for name in line if not _rests(armature.bones[name], neutral[name])}
    if not moved:
        return places
    found: dict[str, Array] = {}
    for name, place in places.items():
        on = next((each for each in (name, *ancestors(parents, name)) if each in line), None)
        found[name] = place
        if on in moved:
            back = rot.inverse(rot.from_matrix(np.array(armature.bones[on].matrix_local)[:3, :3]))
            offset = rot.rotate(back, place - places[on])
            found[name] = moved[on].place + rot.rotate(moved[on].turn, offset)
    return found


def _rests(bone: Any, neutral: NeutralBone) -> bool:
    return bool(np.allclose(rot.to_matrix(neutral.turn), np.array(bone.matrix_local)[:3, :3], atol=1e-5))
