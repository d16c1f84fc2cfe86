"""Head and neck of an armature, found by names, carriers and skin."""

from dataclasses import dataclass
from functools import lru_cache

import bpy

from ..core.errors import RigError
from ..core.rig import RigMap, find_rig_map
from .carriers import carriers, followed_by
from .constraints import TURNS, held
from .skin import read_skin

Parents = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Found:
    """Bones that take the motion, and what had to be decided to find them, one sentence each."""

    rig_map: RigMap
    notes: tuple[str, ...] = ()


def find_head(obj: bpy.types.Object) -> Found:
    """Head and neck of an armature.

    Raises
    ------
    RigError : none is found
    """
    parents = tuple(carriers(obj).items())
    turned = frozenset(held(obj, TURNS)) | _driven(obj)
    skull = read_skin(obj).skull_by_name()
    return _search(parents, skull, followed_by(obj, skull) if skull else frozenset(), turned)


@lru_cache(maxsize=32)
def _search(parents: Parents, skull: str | None, followed: frozenset[str], turned: frozenset[str]) -> Found:
    """A panel asks at each redraw."""
    rig_map = find_rig_map(dict(parents), skull=skull, followed=followed, held=turned)
    named = _head_without_skin(parents, turned) if skull else None
    if named is None or named in followed or named == rig_map.head:
        return Found(rig_map)
    return Found(
        rig_map, (f"No skin follows “{named}”, so “{rig_map.head}”, which the skull follows, is the head",)
    )


def _head_without_skin(parents: Parents, turned: frozenset[str]) -> str | None:
    try:
        return find_rig_map(dict(parents), held=turned).head
    except RigError:
        return None


def _driven(obj: bpy.types.Object) -> frozenset[str]:
    pose, data = obj.pose, obj.animation_data
    paths = {curve.data_path for curve in data.drivers if ".rotation" in curve.data_path} if data else set()
    return frozenset(
        bone.name
        for bone in (pose.bones if pose and paths else ())
        if any(path.startswith(f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"]') for path in paths)
    )
