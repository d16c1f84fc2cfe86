"""Rigs, without Blender: detection of head and neck bones, and retargeting of head motion to them."""

from .detect import RigMap, find_rig_map
from .families import FAMILIES, Family
from .retarget import Base, Channel, Joint, MotionCurves, Rig, retarget

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
    "retarget",
]
