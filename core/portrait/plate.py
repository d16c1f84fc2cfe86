"""The background without the person, where the camera stands still."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .person import Clip, Picture

_MOST_PICTURES = 60
_FEWEST_VIEWS = 3  # of a pixel, to be called seen
_FAR = 1 / 28  # from the person, widths of the picture
_CERTAIN = 25  # of 255 in the matte; below it is background
_LEAST_SEEN = 0.03  # of the picture
_STILL = 4.0  # levels between a picture's background and the plate, on average
_FILL_SIZE = 128
_UNSEEN = 999


def clean_plate(clip: Clip, matte: Picture) -> Picture | None:
    """The median of what is seen far from the person, shape (S, S, 3), holes filled from their rim.

    None where the camera moves, or where hardly any background is seen.

    matte : (N, S, S) as `person_matte`
    """
    looked = np.unique(np.linspace(0, len(clip) - 1, min(len(clip), _MOST_PICTURES)).astype(int))
    seen = np.full((len(looked), *clip.pictures.shape[1:]), _UNSEEN, np.int16)
    reach = 2 * round(_FAR * clip.size) + 1
    for order, frame in enumerate(looked):
        person = cv2.dilate(matte[frame], np.ones((reach, reach), np.uint8))
        background = person < _CERTAIN
        seen[order][background] = clip.pictures[frame][background]
    views = (seen[..., 0] != _UNSEEN).sum(axis=0)
    known = views >= _FEWEST_VIEWS
    if known.mean() < _LEAST_SEEN:
        return None
    middle = np.maximum(views - 1, 0)[None, ..., None] // 2
    ordered = np.sort(seen, axis=0)  # what is unseen goes last
    plate = np.take_along_axis(ordered, np.broadcast_to(middle, (1, *seen.shape[1:])), axis=0)[0]
    away = np.abs(seen - plate)[(seen[..., 0] != _UNSEEN) & known]
    if away.mean() > _STILL:
        return None
    return _filled(plate, known)


def _filled(plate: NDArray[np.int16], known: NDArray[np.bool_]) -> Picture:
    """Holes filled at a small size, since hardly anything of them is ever seen."""
    colours = np.where(known[..., None], plate, 0).astype(np.uint8)
    holes = (~known).astype(np.uint8)
    share = min(1.0, _FILL_SIZE / len(plate))
    small = cv2.resize(colours, None, fx=share, fy=share, interpolation=cv2.INTER_NEAREST)
    small_holes = cv2.resize(holes, small.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    filled = cv2.inpaint(small, small_holes, 3, cv2.INPAINT_TELEA)
    large = cv2.resize(filled, colours.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(known[..., None], colours, large).astype(np.uint8)
