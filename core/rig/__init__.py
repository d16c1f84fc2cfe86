"""Rigs, without Blender: which bones move a head, and what they do for a given head motion."""

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
