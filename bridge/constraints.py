"""Constraints that act after a joint's own channels, so that what a layer writes there may not show."""

from collections.abc import Mapping
from typing import Any

import bpy

_CHAINS = {"IK", "SPLINE_IK"}
REPLACES_ROTATION = {"COPY_ROTATION", "COPY_TRANSFORMS"}
TURNS = {*REPLACES_ROTATION, *_CHAINS, "DAMPED_TRACK", "LOCKED_TRACK", "TRACK_TO", "TRANSFORM_CACHE"}
PLACES = {*_CHAINS, "COPY_LOCATION", "COPY_TRANSFORMS", "FOLLOW_PATH", "TRANSFORM_CACHE"}


def held(obj: bpy.types.Object, kinds: set[str]) -> Mapping[str, str]:
    """Joints, as `Joint.name`, that constraints of these kinds hold now, each with a constraint's name."""
    owners: Any = {bone.name: bone for bone in obj.pose.bones} if obj.pose else {"": obj}
    found: dict[str, str] = {}
    for name, owner in owners.items():
        for constraint in owner.constraints:
            if constraint.type in kinds and _acts(constraint):
                found |= dict.fromkeys([name, *_chain(owner, constraint)], constraint.name)
    return found


def limits(owner: Any) -> tuple[str, ...]:
    """Names of the constraints that may cut a bone's or an object's rotation short."""
    return tuple(
        constraint.name
        for constraint in owner.constraints
        if constraint.type == "LIMIT_ROTATION"
        and _acts(constraint)
        and (constraint.use_limit_x or constraint.use_limit_y or constraint.use_limit_z)
    )


def _acts(constraint: Any) -> bool:
    """Whether it has an effect, and puts that in place of what was there rather than on top."""
    works = not constraint.mute and constraint.is_valid and constraint.influence > 0
    on_top = getattr(constraint, "mix_mode", "REPLACE") != "REPLACE" or getattr(
        constraint, "use_offset", False
    )
    return works and not on_top


def _chain(owner: Any, constraint: Any) -> list[str]:
    """The parents that inverse kinematics moves along with a bone; a length of 0 means all."""
    if constraint.type not in _CHAINS:
        return []
    return [bone.name for bone in owner.parent_recursive][
        : constraint.chain_count - 1 if constraint.chain_count else None
    ]
