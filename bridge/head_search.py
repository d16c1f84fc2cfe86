"""Head and neck of an armature, found by names, carriers and skin."""

import re
from dataclasses import dataclass
from functools import lru_cache

import bpy

from ..core.errors import RigError
from ..core.rig import RigMap, find_rig_map
from ..core.rig.detect import necks_below
from .carriers import carriers, followed_by, turned_by
from .constraints import TURNS, held
from .skin import read_skin

_ROTATION = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]\.rotation')
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
    found = _search(parents, skull, followed_by(obj, skull) if skull else frozenset(), turned)
    seen = [found.rig_map.head]
    while seen[-1] in turned and (control := turned_by(obj, seen[-1])) and control not in seen:
        seen.append(control)
    if len(seen) == 1 or seen[-1] in turned:
        return found
    rig_map = RigMap(seen[-1], necks_below(dict(parents), seen[-1]))
    return Found(
        rig_map,
        (*found.notes, f"“{seen[0]}” turns as “{seen[-1]}” does, so that takes the motion of the head"),
    )


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
    """Bones whose rotation is driven."""
    paths = [curve.data_path for curve in obj.animation_data.drivers] if obj.animation_data else []
    found = (_ROTATION.match(path) for path in paths)
    return frozenset(bpy.utils.unescape_identifier(match[1]) for match in found if match)
