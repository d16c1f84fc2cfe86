"""Cross-fades between reference frames, aligned by optical flow to avoid ghosting."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from ...types import Array, ByteArray, Float32Array, IntArray
from .sampling import LINEAR, sample

_FLOW_SIZE = 256
"""Flow is looked for in pictures of about this size: it is smooth, and larger ones take four times as long."""
_CALM_PX = 2.0  # blur of the flow, whose detail is noise


def sources(way: IntArray, picture: int, half: int) -> tuple[IntArray, Array]:
    """Source frames of one output frame, each once, and their weights, which sum to 1.

    The way (T,) through the reference is averaged over `half` pictures either side with triangular weights.
    """
    by = np.arange(-half, half + 1)
    near = way[np.clip(picture + by, 0, len(way) - 1)]
    unique, which = np.unique(near, return_inverse=True)
    shares = np.bincount(which, weights=half + 1.0 - np.abs(by))
    return unique, shares / shares.sum()


def aligned(
    maps: Sequence[Float32Array], shares: Array, look: Callable[[int, Float32Array], ByteArray]
) -> list[Float32Array]:
    """Align sampling maps by optical flow to their weighted mean, so that a blend does not ghost.

    The mesh leaves hair and ears some pixels apart, and their mean would be a ghost. Optical flow (Kroeger et
    al. 2016, dense inverse search) from the picture of the largest share to each other tells how far.

    maps : K of shape (h, w, 2), pixels of the k-th picture of the reference
    look : the k-th picture in grey, sampled by a map
    """
    height, width = maps[0].shape[:2]
    step = max(1, round(height / _FLOW_SIZE))
    seen = [look(k, np.ascontiguousarray(field[::step, ::step])) for k, field in enumerate(maps)]
    base = int(np.argmax(shares))
    find = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    none = np.zeros((*seen[base].shape, 2), np.float32)
    flows = [
        none if k == base else cv2.GaussianBlur(find.calc(seen[base], other, none.copy()), (0, 0), _CALM_PX)
        for k, other in enumerate(seen)
    ]
    middle = np.tensordot(shares.astype(np.float32), np.stack(flows), axes=1)
    straight = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=2).astype(np.float32)
    bent = []
    for field, flow in zip(maps, flows, strict=True):
        bend = cv2.resize(flow - middle, (width, height), interpolation=cv2.INTER_LINEAR) * step
        bent.append(sample(field, (bend + straight).astype(np.float32), LINEAR))
    return bent
