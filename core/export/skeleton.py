"""The small head of every exported file: Root, Neck, Head, upright, with the axes of the head frame."""

from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..rig.retarget import NECK_SHARE
from ..types import Array


@dataclass(frozen=True)
class Bone:
    """A bone that stands upright on its parent's tip, so that at rest no joint is turned."""

    name: str
    length_m: float


SKELETON = (Bone("Root", 0.10), Bone("Neck", 0.09), Bone("Head", 0.17))
"""One chain: chest to the base of the neck, to the skull, to the crown."""


def joint_rotations(motion: HeadMotion) -> tuple[Array, Array, Array]:
    """Rotation of each bone of SKELETON against its parent, quaternions (T, 4) each.

    The shares compose to the motion exactly: the head's rotation in the world is the motion's.
    """
    neck = rot.power(motion.rotation, NECK_SHARE)
    head = rot.multiply(rot.inverse(neck), motion.rotation)
    return np.broadcast_to(rot.IDENTITY, neck.shape), rot.continuous(neck), rot.continuous(head)
