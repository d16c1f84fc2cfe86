"""What carries each bone of an armature: its parent, or the bone that a constraint or a driver ties it to."""

import re
from collections.abc import Mapping
from typing import Any

import bpy

from ..core.rig.detect import ancestors

_WHOLE = {"COPY_TRANSFORMS", "CHILD_OF", "ARMATURE"}
_LIKE_PARENTS = {"CHILD_OF", "ARMATURE"}
_TURNING = {"COPY_ROTATION"}
_PARTLY = {*_TURNING, "COPY_LOCATION"}
_POINTING = {"DAMPED_TRACK", "STRETCH_TO", "TRACK_TO", "LOCKED_TRACK", "TRANSFORM", "ACTION"}
_HALF = 0.5
_BONE = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]')


def carriers(obj: bpy.types.Object) -> dict[str, str | None]:
    """Each bone with the bone that moves it, None where nothing of this armature does.

    A constraint that puts a bone in the place of another counts before its parent. One that copies only
    rotation or location does where that parent carries the other bone as well, as a root of its own does;
    one that only points it at something, or a driver, where there is no parent.
    """
    driven = _drivers(obj)
    pose: Any = obj.pose
    found: dict[str, str | None] = {
        bone.name: _tied(obj, bone, _WHOLE)
        or (bone.parent.name if bone.parent else None)
        or _tied(obj, bone, _PARTLY)
        or _tied(obj, bone, _POINTING)
        or driven.get(bone.name)
        for bone in pose.bones
    }
    for bone in pose.bones:
        other = _tied(obj, bone, _PARTLY) if bone.parent else None
        if other:
            above = list(ancestors(found, other))
            if found[bone.name] in above and bone.name not in above:
                found[bone.name] = other
    return found


def followed_by(obj: bpy.types.Object, bone: str) -> frozenset[str]:
    """All bones that turn a bone, by parents, constraints or drivers; itself included."""
    driven = _drivers(obj)
    pose: Any = obj.pose
    found: set[str] = set()
    open_ends = [bone]
    while open_ends:
        name = open_ends.pop()
        if name in found or name not in pose.bones:
            continue
        found.add(name)
        each = pose.bones[name]
        whole = _tied(obj, each, _WHOLE - _LIKE_PARENTS)
        if each.parent and whole is None:
            open_ends.append(each.parent.name)
        for constraint in each.constraints:
            target = _target(obj, constraint) if _acts(constraint) else None
            if target is not None and constraint.type in _WHOLE | _TURNING | _POINTING:
                open_ends.append(target)
        if name in driven:
            open_ends.append(driven[name])
    return frozenset(found)


def shares(obj: bpy.types.Object, bone: Any, carrier: str) -> tuple[float, bool]:
    """How much of the rotation of its carrier a bone takes over, 0 to 1; and whether it shifts along."""
    for constraint in reversed(bone.constraints):
        if not _acts(constraint) or constraint.type not in _WHOLE | _TURNING:
            continue
        target = _target(obj, constraint)
        if target is None:
            continue
        influence = float(constraint.influence) * (_weight(constraint, target) if target == carrier else 1.0)
        if target == carrier:
            return influence, constraint.type not in _TURNING or bone.parent is not None
        if constraint.type not in _LIKE_PARENTS:  # it puts something else in the parent's place
            own, along = _inherited(bone, carrier)
            return own * (1.0 - influence), along
    return _inherited(bone, carrier)


def _inherited(bone: Any, carrier: str) -> tuple[float, bool]:
    if bone.parent is None or bone.parent.name != carrier:
        return 0.0, False
    return float(bone.bone.use_inherit_rotation), True


def _tied(obj: bpy.types.Object, bone: Any, kinds: set[str]) -> str | None:
    """The bone that a constraint of these kinds ties a bone to, the last one first."""
    for constraint in reversed(bone.constraints):
        if _acts(constraint) and constraint.type in kinds and constraint.influence > _HALF:
            target = _target(obj, constraint)
            if target is not None and target != bone.name:
                return target
    return None


def _acts(constraint: Any) -> bool:
    added = getattr(constraint, "mix_mode", "REPLACE") != "REPLACE" and constraint.type in _TURNING
    return bool(constraint.influence > 0 and not constraint.mute and not added)


def _target(obj: bpy.types.Object, constraint: Any) -> str | None:
    """The bone of this armature that a constraint follows; of several the one that weighs most."""
    if constraint.type == "ARMATURE":
        own = [each for each in constraint.targets if each.target == obj and each.subtarget]
        return str(max(own, key=lambda each: each.weight).subtarget) if own else None
    if getattr(constraint, "target", None) != obj:
        return None
    return str(constraint.subtarget) or None


def _weight(constraint: Any, target: str) -> float:
    if constraint.type != "ARMATURE":
        return 1.0
    whole = sum(each.weight for each in constraint.targets)
    return float(sum(each.weight for each in constraint.targets if each.subtarget == target) / whole)


def _drivers(obj: bpy.types.Object) -> Mapping[str, str]:
    """Bones whose rotation is driven, each with the bone of this armature that drives it."""
    found: dict[str, str] = {}
    for curve in obj.animation_data.drivers if obj.animation_data else ():
        match = _BONE.match(curve.data_path)
        if match is None or "rotation" not in curve.data_path[match.end() :]:
            continue
        driver: Any = curve.driver
        for variable in driver.variables:
            for target in variable.targets:
                source = _BONE.match(target.data_path or "")
                name = target.bone_target or (bpy.utils.unescape_identifier(source[1]) if source else "")
                if target.id == obj and name and name != match[1]:
                    found.setdefault(bpy.utils.unescape_identifier(match[1]), name)
    return found
