"""Rigs, without Blender: detection of head and neck bones, and retargeting of head motion to them.

Blender imports this room for the names of its settings: all comes on first use.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..lazy import exported

if TYPE_CHECKING:
    from .detect import RigMap, find_rig_map
    from .families import FAMILIES, Family
    from .retarget import Base, Channel, Joint, MotionCurves, Rig

__all__ = [
    "FAMILIES",
    "Base",
    "Channel",
    "Family",
    "Joint",
    "MotionCurves",
    "Rig",
    "RigMap",
    "find_rig_map",
]

_HOMES: Mapping[str, str] = {
    "FAMILIES": "families",
    "Base": "retarget",
    "Channel": "retarget",
    "Family": "families",
    "Joint": "retarget",
    "MotionCurves": "retarget",
    "Rig": "retarget",
    "RigMap": "detect",
    "find_rig_map": "detect",
}


def __getattr__(name: str) -> Any:
    return exported(name, _HOMES, __package__)
