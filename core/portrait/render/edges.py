"""Edges that the mesh draws: where it is ragged, and where it folds.

Ragged: where the mesh is folded or squeezed, neighbouring pixels come from places that are far apart.

The raster decides for each pixel as a whole, so that such an edge is a staircase, and what is squeezed is sampled too
rarely. Both are aliasing, and a blur of a pixel just there hides it.

Folds: where the cheek of a turned head hides the mesh's outline, the sampling map runs back on itself, and shows a line of
skin in the hair, or of hair in the skin. It is filled from beside.
"""

from math import ceil

import cv2
import numpy as np

from ...types import BoolArray, Float32Array

_EVEN, _RAGGED = 1.8, 2.8
"""Steps from one pixel to the next, in pixels of the source, up to which all is even, and from which on it is ragged."""

_LARGE = 384  # pixels of the frame, from which on slivers are two wide
_BACK = (
    0.5  # pixels of the source from one pixel to the next, against their order, from which on the map folds
)
_ENOUGH = 0.05  # share of a fold's neighbourhood that is not folded
_REACH = 4.0  # deviations from a fold on which nothing counts
_BESIDE = 1 / 200  # deviation of the blur that fills a fold, widths of the frame


def without_slivers(field: Float32Array) -> Float32Array:
    """A sampling map (h, w, 2) by medians over 3 x 3 pixels, or 5 x 5 from 384 pixels on.

    Where the mesh folds, triangles behind it show through as lines a pixel wide that come from elsewhere. Even maps
    are their own medians, and cuts stay where they are.
    """
    reach = 3 if len(field) < _LARGE else 5
    return np.asarray(cv2.merge([cv2.medianBlur(part, reach) for part in cv2.split(field)]), np.float32)


def raggedness(field: Float32Array) -> Float32Array:
    """How ragged each pixel of a sampling map (h, w, 2) is, (h, w), 0 to 1: by its larger step to a neighbour."""
    ragged = np.zeros(field.shape[:2], np.float32)
    across, down = cv2.split(field)
    for here, there in (
        ((slice(None), slice(1, None)), (slice(None), slice(-1))),
        ((slice(1, None), slice(None)), (slice(-1), slice(None))),
    ):
        step = np.asarray(cv2.magnitude(across[here] - across[there], down[here] - down[there]), np.float32)
        share = np.clip((step - _EVEN) / (_RAGGED - _EVEN), 0.0, 1.0)
        for side in (here, there):
            np.maximum(ragged[side], share, out=ragged[side])
    return ragged


def folds(field: Float32Array, face: BoolArray) -> Float32Array:
    """Where a sampling map (h, w, 2) runs backwards over the outline of the face, (h, w): 1 on both sides, else 0.

    Beside the face it is 1 as far as the map shows again what it has shown already.

    face : (h, w) pixels that show the face's own mesh
    """
    folded = np.zeros(field.shape[:2], np.float32)
    for axis in (0, 1):
        # Views along the rows, and along the columns.
        places, within, marked = (
            (each if axis == 0 else each.swapaxes(0, 1)) for each in (field[..., axis], face, folded)
        )
        rows, before = np.nonzero(within[:, 1:] != within[:, :-1])  # a line: the rest need not be looked at
        step = places[rows, before + 1] - places[rows, before]
        back = step < -_BACK
        rows, before, again = rows[back], before[back], np.ceil(1.0 - step[back]).astype(np.intp)
        outwards = np.where(within[rows, before], 1, -1)
        outside = before + (outwards > 0)
        marked[rows, outside - outwards] = 1
        for further in range(int(again.max(initial=0))):
            reached = np.clip(outside + outwards * further, 0, marked.shape[1] - 1)
            marked[rows[further < again], reached[further < again]] = 1
    return folded


def filled(picture: Float32Array, folded: Float32Array) -> Float32Array:
    """A picture, (h, w, 3), whose folded pixels, (h, w), are blended from those beside them."""
    rows, columns = np.nonzero(folded)
    if len(rows) == 0:
        return picture
    deviation = _BESIDE * len(picture)
    reach = ceil(_REACH * deviation)
    about = tuple(slice(max(index.min() - reach, 0), index.max() + reach + 1) for index in (rows, columns))
    part, kept = picture[about], 1 - folded[about]
    around = cv2.GaussianBlur(part * kept[..., None], (0, 0), deviation)
    share = cv2.GaussianBlur(kept, (0, 0), deviation)
    certain = folded[about] * np.minimum(share / _ENOUGH, 1.0)  # amid many folds nothing is beside
    found = around / np.maximum(share, np.finfo(np.float32).eps)[..., None]
    mended = picture.copy()
    mended[about] += certain[..., None] * (found - part)
    return mended
