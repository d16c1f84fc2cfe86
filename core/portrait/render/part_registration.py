"""The eyes' part of a frame, moved by optical flow to where the frame around it has the same things.

The mesh is the skin's: what stands off it, as the rims of glasses, and what it follows badly, as brows, lies in each
reference frame a little elsewhere. The part for the eyes comes from other reference frames than what is around it, so
that rims would break where one goes over into the other, and double where the part itself fades.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from ...types import BoolArray, ByteArray, Float32Array
from ..model.optical_flow import FlowPreset, optical_flow
from .sampling import LINEAR, sample

_SMOOTH = 1 / 64  # of the whole frame's width, deviation of the flow's blur
_FARTHEST = 1 / 48  # that something may be moved: farther apart are not the same things
_VISIBLE = (
    1 / 200
)  # nearer than this nothing is moved: the mesh is as good there; from twice as far on all of it is
_LEAST = 1e-3


@dataclass(frozen=True)
class Surroundings:
    """What a part is to meet.

    grey : (h, w) the frame around it and under it
    own : (h, w) where the part differs on purpose, and says nothing of where it should be: the eyes themselves
    size : width of the whole frame, pixels
    """

    grey: ByteArray
    own: BoolArray
    size: int


def register(field: Float32Array, part: ByteArray, around: Surroundings) -> Float32Array:
    """Sampling map of a part, (h, w, 2), so that it meets what is around it.

    field : (h, w, 2) its sampling map; part : (h, w) what that gives, in grey
    """
    own, size = around.own, around.size
    flow = optical_flow(around.grey, part, FlowPreset.FAST)
    farthest = np.float32(_FARTHEST * size)
    same = ((np.linalg.norm(flow, axis=2) < 2 * farthest) & ~own).astype(np.float32)
    blurred = cv2.GaussianBlur(flow * same[..., None], (0, 0), _SMOOTH * size)
    moved = blurred / np.maximum(cv2.GaussianBlur(same, (0, 0), _SMOOTH * size), _LEAST)[..., None]
    moved = np.clip(moved, -farthest, farthest)
    far = np.linalg.norm(moved, axis=2, keepdims=True) / np.float32(_VISIBLE * size)
    moved *= np.clip(far - 1, 0, 1)
    height, width = own.shape
    straight = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=2)
    return np.asarray(sample(field, (straight + moved).astype(np.float32), LINEAR), np.float32)
