"""Ragged edges: where the mesh is folded or squeezed, neighbouring pixels come from places that are far apart.

The raster decides for each pixel as a whole, so that such an edge is a staircase, and what is squeezed is sampled too
rarely. Both are aliasing, and a blur of a pixel just there hides it.
"""

import cv2
import numpy as np

from ...types import Float32Array

_EVEN, _RAGGED = 1.8, 2.8
"""Steps from one pixel to the next, in pixels of the source, up to which all is even, and from which on it is ragged."""


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
