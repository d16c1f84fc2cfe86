"""Cross-fades between reference frames, aligned by optical flow to avoid ghosting."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from ...types import Array, ByteArray, Float32Array, IntArray
from ..model.optical_flow import FlowPreset, optical_flow, zero_flow
from .sampling import LINEAR, sample

_FLOW_SIZE = 256
"""Image size of the flow, pixels: flow is smooth, and twice the size takes four times as long."""
_CALM_PX = 2.0  # blur of the flow, whose detail is noise


def sources(way: IntArray, picture: int, half: int) -> tuple[IntArray, Array]:
    """Source frames of one output frame, each once, and their weights, which sum to 1.

    The path (T,) through the reference is averaged over `half` frames either side with triangular weights.

    way : (T,) source frame of each output frame
    picture : index of the output frame
    half : frames of the cross-fade on either side
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

    The mesh leaves hair and ears some pixels apart, and their mean would be a ghost. The distance
    is measured by optical flow from the frame of the largest weight to each other one.

    maps : K of shape (h, w, 2), pixels of the k-th reference frame
    shares : (K,) weights that sum to 1
    look : returns the k-th frame in grey, sampled by a map
    """
    height, width = maps[0].shape[:2]
    step = max(1, round(height / _FLOW_SIZE))
    greys = [look(k, np.ascontiguousarray(field[::step, ::step])) for k, field in enumerate(maps)]
    base = int(np.argmax(shares))
    still = zero_flow(greys[base])
    flows = [
        still
        if k == base
        else cv2.GaussianBlur(optical_flow(greys[base], other, FlowPreset.FAST, still), (0, 0), _CALM_PX)
        for k, other in enumerate(greys)
    ]
    middle = np.tensordot(shares.astype(np.float32), np.stack(flows), axes=1)
    straight = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=2).astype(np.float32)
    bent = []
    for field, flow in zip(maps, flows, strict=True):
        bend = cv2.resize(flow - middle, (width, height), interpolation=cv2.INTER_LINEAR) * step
        bent.append(sample(field, (bend + straight).astype(np.float32), LINEAR))
    return bent
