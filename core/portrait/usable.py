"""Which pictures may be drawn from: those with the whole face, and nothing before it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .mesh import Face, unrest
from .person import Clip
from .topology import topology

Array = NDArray[np.float64]

_PROFILE_RAD = np.radians(35.0)
_JUMP = 5.0  # robust deviations above the median
_SMALLEST_SPREAD = 0.1  # of the median, so that a very steady clip loses no picture
_BLUR = 1 / 50  # of the picture, under which colours are taken


def usable_pictures(clip: Clip, face: Face) -> NDArray[np.bool_]:
    """Leave out profiles and what looks unlike the rest: odd shapes, and odd colours at the face's points.

    Returns (N,) bool.
    """
    forward = face.poses.rotation[:, :, 2]
    profile = np.abs(np.arctan2(forward[:, 0], forward[:, 2])) > _PROFILE_RAD
    return ~(profile | _jumps(unrest(face.expression)) | _jumps(_strangeness(clip)))


def _jumps(values: Array) -> NDArray[np.bool_]:
    middle = np.median(values)
    spread = 1.48 * np.median(np.abs(values - middle))
    return np.asarray(values > middle + _JUMP * max(spread, _SMALLEST_SPREAD * middle))


def _strangeness(clip: Clip) -> Array:
    """How unlike the person's usual skin each face is coloured, shape (N,), brightness apart."""
    skin = np.setdiff1d(np.arange(468), [*topology().lips, *np.concatenate(topology().eyes)])
    blur = max(_BLUR * clip.size, 0.5)
    colours = np.empty((len(clip), len(skin), 3), np.float32)
    for index, picture in enumerate(clip.pictures):
        soft = cv2.GaussianBlur(picture, (0, 0), blur)
        at = clip.landmarks[index, skin, :2].astype(np.float32)[None]
        colours[index] = cv2.remap(soft, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0]
    colours /= colours.mean(axis=(1, 2), keepdims=True)
    return np.asarray(np.abs(colours - np.median(colours, axis=0)).mean(axis=(1, 2)), np.float64)
