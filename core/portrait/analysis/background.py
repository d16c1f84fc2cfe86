"""Background without the person, as a masked temporal median; only for a static camera.

Where few frames show it, gradients are medians instead of levels (`background_fusion.py`).
"""

import cv2
import numpy as np

from ...types import BoolArray, ByteArray, IntArray
from ..model.person import Clip
from .background_fusion import Levels, fuse_gradients

_MOST_PICTURES = 60
_FEWEST_VIEWS = 3  # of a pixel, to count as visible
_FAR = (1 / 50, 1 / 128, 0.0)
"""Distances from the person, widths of the frame: what is seen from the first on is certain, for mattes miss fine hair; the
others are for pixels that nothing so far from the person ever shows."""
_TRUSTED = 0.5  # of the frames; the median of fewer may be of another time than the pixels beside it
_CERTAIN = 25  # of 255 in the matte; below it is background
_LEAST_SEEN = 0.03  # of the frame
_EDGES = 90  # per cent of the background's pixels are less steep than what counts as an edge
_STILL = 5.0
"""Levels at the edges: cameras on a stand gave up to 3.1 in the trial clips, and one in the hand 8."""
_FILL_SIZE = 128
_RIM = 1 / 40
"""Reach beyond the visible background over which it is filled and alpha fades out, widths of the frame: a head that goes a
little farther than ever uncovers so much."""
_UNSEEN = 999
_PARTS = 8  # of the frame, one after the other, to bound memory


def clean_background(clip: Clip, matte: ByteArray) -> ByteArray | None:
    """Temporal median of the visible background, (S, S, 4) RGBA; alpha is 0 where it was never visible.

    None where the camera moves, or where hardly any background is visible.

    matte : (N, S, S) as `person_matte`
    """
    sampled = np.unique(np.linspace(0, len(clip) - 1, min(len(clip), _MOST_PICTURES)).astype(int))
    nearness = np.stack([_nearness(matte[frame]) for frame in sampled])
    nearest = _nearest_needed(nearness)
    certain, known = nearest == 0, nearest < len(_FAR)
    if certain.mean() < _LEAST_SEEN:
        return None
    visible = np.full((len(sampled), *clip.pictures.shape[1:]), _UNSEEN, np.int16)
    for order, frame in enumerate(sampled):
        background = known & (nearness[order] <= nearest)
        visible[order][background] = clip.pictures[frame][background]
    views = (visible[..., 0] != _UNSEEN).sum(axis=0)
    median = np.concatenate(
        [_median(visible[:, rows], views[rows]) for rows in np.array_split(np.arange(clip.size), _PARTS)]
    )
    if _shift_levels(visible, median, certain) > _STILL:
        return None
    trusted = certain & ((nearness == 0).sum(axis=0) >= _TRUSTED * len(sampled))
    fused = fuse_gradients(visible, median, _UNSEEN, known, trusted)
    return np.dstack([_filled(fused, known), _soft(known)])


def _nearness(matte: ByteArray) -> ByteArray:
    """How near to the person each pixel of a matte (S, S) is: how many of _FAR it is within, all of them for the person."""
    near = np.zeros(matte.shape, np.uint8)
    for far in _FAR:
        reach = 2 * round(far * len(matte)) + 1
        near += cv2.dilate(matte, np.ones((reach, reach), np.uint8)) >= _CERTAIN
    return near


def _nearest_needed(nearness: ByteArray) -> ByteArray:
    """Least nearness up to which enough of the frames (K, S, S) show each pixel, (S, S); len(_FAR) where none do."""
    needed = np.full(nearness.shape[1:], len(_FAR), np.uint8)
    for near in reversed(range(len(_FAR))):
        needed[(nearness <= near).sum(axis=0) >= _FEWEST_VIEWS] = near
    return needed


def _median(visible: Levels, views: IntArray) -> Levels:
    """Median of the visible levels of each pixel, (h, w, 3)."""
    middle = np.maximum(views - 1, 0)[None, ..., None] // 2
    ordered = np.sort(visible, axis=0)  # hidden pixels go last
    return np.take_along_axis(ordered, np.broadcast_to(middle, (1, *visible.shape[1:])), axis=0)[0]


def _shift_levels(visible: Levels, median: Levels, known: BoolArray) -> float:
    """Mean absolute difference, levels, between frames and the median at its strongest edges.

    A plain wall looks the same from a moving camera, and may then stay.
    """
    grey = cv2.cvtColor(np.where(known[..., None], median, 0).astype(np.uint8), cv2.COLOR_RGB2GRAY)
    steep = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    inside = cv2.erode(known.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0  # holes have rims
    if not inside.any():
        return 0.0
    edges = inside & (steep >= np.percentile(steep[inside], _EDGES))
    there = visible[:, edges]
    away = np.abs(there - median[edges])[there[..., 0] != _UNSEEN]
    return float(away.mean())


def _filled(median: Levels, known: BoolArray) -> ByteArray:
    """Background with holes inpainted at a small size: only their rim is visible, and that faintly."""
    colours = np.where(known[..., None], median, 0).astype(np.uint8)
    holes = (~known).astype(np.uint8)
    share = min(1.0, _FILL_SIZE / len(median))
    small = cv2.resize(colours, None, fx=share, fy=share, interpolation=cv2.INTER_NEAREST)
    small_holes = cv2.resize(holes, small.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    filled = cv2.inpaint(small, small_holes, 3, cv2.INPAINT_TELEA)
    large = cv2.resize(filled, colours.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(known[..., None], colours, large).astype(np.uint8)


def _soft(known: BoolArray) -> ByteArray:
    """Alpha, (S, S): 255 where the background is visible, falling to 0 at _RIM beyond it."""
    reach = 2 * round(_RIM / 2 * len(known)) + 1
    about = cv2.dilate(known.astype(np.uint8), np.ones((reach, reach), np.uint8))
    return np.asarray(cv2.blur(255 * about, (reach, reach)), np.uint8)
