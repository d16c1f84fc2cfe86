"""Axes and size of a rig's head, from the rest positions of its bones."""

import re
from collections.abc import Mapping

import numpy as np

from .. import rotation as rot
from ..motion import HEAD_HEIGHT_M
from ..types import Array
from .sides import pairs

EYE_DISTANCE_M = 0.063  # between the pupils of an adult (Dodgson 2004), for a head of HEAD_HEIGHT_M
X, Y, Z = np.eye(3)
_EYE = re.compile(r"eye(?:ball)?(?:[._\- ]?[lr])?$", re.IGNORECASE)


def head_axes(chest_to_head: Array, positions: Mapping[str, Array]) -> Array:
    """Rotation from the head frame (left, up, face) to the armature's axes, as a quaternion (4,).

    Blender's own rigs stand along +Z and look along -Y; rigs from Y-up programs stand along +Y
    and look along +Z, and their object is turned. The spine decides which of the two; bones with a
    left and a right twin define where the left is, so a rig may look anywhere around.

    chest_to_head : (3,) from the base of the spine to the head, armature axes
    positions : rest position (3,) of each bone in armature axes
    """
    up = Y if chest_to_head[1] > abs(chest_to_head[2]) else Z
    across = [positions[left] - positions[right] for left, right in pairs(positions)]
    left = np.sum(across, axis=0) if across else X
    left = left - (left @ up) * up
    nearest = int(np.argmax(np.abs(left)))
    left = np.eye(3)[nearest] * np.sign(left[nearest]) if left.any() else X
    return rot.from_matrix(np.stack([left, up, np.cross(left, up)], axis=1))


def head_height(head: str, length: float, crown: str | None, positions: Mapping[str, Array]) -> float:
    """Height of the head, chin to crown, in the armature's units.

    To the end bone at the crown; else from the distance of the eyes; else the length of the head
    bone, which importers sometimes make up.

    head : the head bone, `length` long
    crown : a bone that begins at the top of the head, if there is one
    positions : rest position (3,) of each bone
    """
    if crown is not None and (height := float(np.linalg.norm(positions[crown] - positions[head]))) > 0:
        return height
    eyes = [pair for pair in pairs(positions) if _EYE.search(pair[0])]
    apart = max((float(np.linalg.norm(positions[a] - positions[b])) for a, b in eyes), default=0.0)
    return apart * HEAD_HEIGHT_M / EYE_DISTANCE_M if apart > 0 else length
