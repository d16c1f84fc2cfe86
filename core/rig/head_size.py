"""Height of a rig's head, from everything that shows how large the character is."""

from collections.abc import Mapping

import numpy as np

from ..motion import HEAD_HEIGHT_M
from ..types import Array
from .detect import ancestors
from .head_frame import Parents, eye_distance, leg_pairs
from .words import HEAD, HIPS, words

# Of an adult whose head is HEAD_HEIGHT_M high, in metres.
EYE_DISTANCE_M = 0.063  # between the pupils (Dodgson 2004)
FEET_TO_HEAD_M = 1.5  # from the joints of the feet to that of the skull, of a stature of 1.75
HIPS_TO_HEAD_M = 0.6
HEAD_TO_CROWN_M = 0.21  # rigs begin a head between the chin and the joint of the skull
_WIDELY = 1.3
_CROWN = {"top", "end", "nub", "tip", "leaf", "先"}


def head_height(
    head: str,
    length: float,
    up: Array,
    parents: Parents,
    positions: Mapping[str, Array],
    *,
    crown: float = 0.0,
) -> float:
    """Height of the head, chin to crown, in the armature's units.

    The median of what the skin, the eyes, the stature and a bone at the crown say: importers make up the
    length of a last bone, and hats and hair add to the skin. Of two that differ widely the smaller, so that
    a head rather moves too little. The head bone counts where nothing else does.

    head : the head bone, `length` long
    up : (3,) of the head, unit length
    parents : what carries each bone
    positions : position (3,) of each bone
    crown : how far the skin of the head reaches above that bone; 0 where there is none
    """
    found = [
        crown / HEAD_TO_CROWN_M,
        eye_distance(head, parents, positions) / EYE_DISTANCE_M,
        _stature(head, up, parents, positions),
        _end(head, parents, positions) / HEAD_TO_CROWN_M,
    ]
    units = sorted(each for each in found if each > 0)
    if not units:
        return length
    if len(units) == 2 and units[1] > _WIDELY * units[0]:
        return HEAD_HEIGHT_M * units[0]
    return HEAD_HEIGHT_M * float(np.exp(np.median(np.log(units))))


def _stature(head: str, up: Array, parents: Parents, positions: Mapping[str, Array]) -> float:
    """Units a metre by the height of the head above the feet, or else above the hips."""

    def height(bone: str) -> float:
        return float((positions[head] - positions[bone]) @ up)

    hips = next((bone for bone in ancestors(parents, head) if HIPS.intersection(words(bone))), None)
    trunk = height(hips) / HIPS_TO_HEAD_M if hips else 0.0
    legs = leg_pairs(parents, positions)
    whole = max((height(bone) for pair in legs[1:] for bone in pair), default=0.0) / FEET_TO_HEAD_M
    # Legs that end at the knee, or lie level, say less than the trunk.
    return max(whole, trunk)


def _end(head: str, parents: Parents, positions: Mapping[str, Array]) -> float:
    """Distance to a bone at the end of the head, 0 without."""
    ends = [
        float(np.linalg.norm(positions[bone] - positions[head]))
        for bone, parent in parents.items()
        if parent == head and HEAD.intersection(own := words(bone)) and _CROWN.intersection(own)
    ]
    return max(ends, default=0.0)
