"""Frame selection for rendering: excludes profiles and occluded faces; one rule for preflight and analysis.

The check of a reference and its analysis both ask here, so that they say the same.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from ... import rotation as rot
from ...track.head_pose import INNER_LIPS
from ...types import Array, BoolArray, ByteArray, IntArray
from ..model.person import Clip
from ..model.topology import topology
from .face_fit import Face, unrest

_PROFILE_RAD = np.radians(35.0)
# Robust deviations above the median. Clear frames of the trial clips reach 6 in colour, and a hand before
# the face is above it; shapes are rare where they are not wrong, up to 6.
_ODD_COLOUR = 6.0
_ODD_SHAPE = 8.0
_SMALLEST_SPREAD = 0.1  # of the median, so that a very steady clip loses no frame
_COLOUR_SIZE = 32  # pixels of the clip's frame in which colours are taken
_ROUNDS = 2
_STRANGE, _DEVIATIONS = 0.2, 3.0  # of the face's brightness, and usual deviations of that colour
_HIDDEN = 0.12  # of the skin's points; clear frames of the trial clips reach 0.07
_OUTSIDE = 0.03  # of the frame's width; so far the tracked outline may lie beyond it, where hair is cut
_ALIKE_RAD = np.radians(25.0)  # a face turned further shows other colours than usual


@dataclass(frozen=True)
class Visibility:
    """Visibility of the face in N frames.

    profile : (N,) bool, turned too far from the camera
    covered : (N,) bool, something is before the face, or it looks unlike itself, and it is no profile
    """

    profile: BoolArray
    covered: BoolArray

    @property
    def usable(self) -> BoolArray:
        """(N,) bool, whether the frame may be rendered from."""
        return ~(self.profile | self.covered)


def usable_pictures(clip: Clip, face: Face) -> BoolArray:
    """Mask of a clip's frames that may be rendered from, (N,) bool, see `visibility`."""
    colours = np.empty((len(clip), len(skin_points()), 3))
    for index, picture in enumerate(clip.pictures):
        colours[index] = skin_colours(picture, clip.landmarks[index, :, :2], _COLOUR_SIZE / clip.size)
    return visibility(face, colours).usable & _inside(clip)


def _inside(clip: Clip) -> BoolArray:
    """Mask of frames in which the whole face is inside the frame, (N,)."""
    oval = clip.landmarks[:, topology().oval, :2]
    room = _OUTSIDE * clip.size
    return np.asarray(((oval > -room) & (oval < clip.size - 1 + room)).all(axis=(1, 2)))


def visibility(face: Face, skin: Array) -> Visibility:
    """Detect profiles and occlusions: outliers in shape and in colour at the face's points.

    face : fitted to all N frames
    skin : (N, S, 3) as `skin_colours`
    """
    forward = face.poses.rotation[:, :, 2]
    profile = np.abs(rot.arctan2(forward[:, 0], forward[:, 2])) > _PROFILE_RAD
    colours, terms = skin.reshape(len(skin), -1), _terms(face)
    odd = profile | (_oddness(unrest(face.expression)) > _ODD_SHAPE) | _hidden(colours, forward)
    for _ in range(_ROUNDS):
        if odd.all():
            break
        inverse = np.linalg.pinv(terms[~odd])
        rest = np.abs(colours - terms @ (inverse @ colours[~odd])).mean(axis=1)
        own = np.einsum("nk,kn->n", terms[~odd], inverse)
        rest[~odd] /= np.maximum(1.0 - own, 0.1)  # as if a frame had not been learned from itself
        odd |= _oddness(rest) > _ODD_COLOUR
    return Visibility(profile, odd & ~profile)


@cache
def skin_points() -> IntArray:
    """Indices of the landmarks on skin: all but lips and lids, (S,)."""
    points = np.setdiff1d(np.arange(468), [*topology().lips, *np.concatenate(topology().eyes)])
    points.setflags(write=False)
    return points


def skin_colours(picture: ByteArray, landmarks: Array, scale: float) -> Array:
    """Colours at the skin points of a downscaled frame, normalised by brightness, shape (S, 3).

    landmarks : (≥ 468, 2) pixels
    scale : of the reduction, at most 1
    """
    height, width = picture.shape[:2]
    size = (max(round(scale * width), 1), max(round(scale * height), 1))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    shares = np.array(size) / [width, height]
    at = ((landmarks[skin_points()] + 0.5) * shares - 0.5).astype(np.float32)
    sampled = cv2.remap(small, at[:, 0], at[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colours = sampled[:, 0].astype(np.float64)
    return np.asarray(colours / (np.median(colours) + 1e-9))


def _oddness(values: Array) -> Array:
    middle = np.median(values)
    spread = 1.48 * np.median(np.abs(values - middle))
    return np.asarray((values - middle) / max(spread, _SMALLEST_SPREAD * middle, 1e-9))


def _hidden(colours: Array, forward: Array) -> BoolArray:
    """Mask of frames in which much of the skin deviates in colour from the median, as behind a hand, (N,).

    It holds where the least squares over pose and mouth would learn the hand, which is in many frames.
    """
    turn = rot.arctan2(forward[:, 0], forward[:, 2])
    alike = np.abs(turn - np.median(turn)) < _ALIKE_RAD
    hidden = np.zeros(len(colours), np.bool_)
    for _ in range(_ROUNDS):  # what is found no longer widens what counts as usual
        usual = np.median(colours[~hidden], axis=0)
        away = np.abs(colours - usual)
        limit = _STRANGE + _DEVIATIONS * np.median(away[~hidden], axis=0)
        strange = (away > limit).reshape(len(colours), -1, 3).any(axis=2)
        hidden |= (strange.mean(axis=1) > _HIDDEN) & alike
        if not hidden.any() or hidden.all():
            break
    return hidden


def _terms(face: Face) -> Array:
    """Regressors of shading in even light, shape (N, 7): head rotation and mouth opening."""
    right, up, roll = (face.poses.rotation[:, row, column] for row, column in ((0, 2), (1, 2), (1, 0)))
    upper, lower = (face.expression[:, lip, 1] for lip in INNER_LIPS)
    return np.stack([np.ones(len(right)), right, up, roll, right**2, up**2, upper - lower], axis=1)
