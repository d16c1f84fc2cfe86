"""Cross-fades between reference frames, aligned by optical flow to avoid ghosting."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from ...types import Array, BoolArray, ByteArray, Float32Array, IntArray
from ..model.optical_flow import FlowPreset, optical_flow, zero_flow
from .sampling import LINEAR, sample

_FLOW_SIZE = 256
"""Image size of the flow, pixels: flow is smooth, and twice the size takes four times as long."""
_CONFLICT = 1 / 40
"""Blur of differences, widths of the frame: grain and edges that do not quite meet cancel, hands do not."""
_COARSER = 4  # pixels of the frame beside one of the picture of differences
_ALIKE, _UNLIKE = 10.0, 20.0  # levels, so blurred, up to which pictures fade, and from which on they are cut
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


def mean_of(pictures: Sequence[Float32Array], shares: Array) -> Float32Array:
    """Weighted mean of pictures of one shape, with weights that sum to 1."""
    total = np.zeros_like(pictures[0], np.float32)
    for picture, share in zip(pictures, shares, strict=True):
        total += np.float32(share) * picture
    return total


def conflicts(pictures: Sequence[Float32Array], single: Float32Array, face: BoolArray) -> Float32Array:
    """Where pictures (h, w, 3), aligned, have nothing in common with a single one, (h, w), 0 to 1.

    A hand in one and none in the other would be seen through in a fade.

    face : (h, w) pixels of the face, which all show, and whose differences do not count
    """
    height, width = single.shape[:2]
    small = (max(width // _COARSER, 1), max(height // _COARSER, 1))
    found = np.zeros(small[::-1], np.float32)
    around = (~face[..., None]).astype(np.float32)
    for picture in pictures:
        apart = cv2.resize(around * (picture - single), small, interpolation=cv2.INTER_AREA)
        apart = np.abs(cv2.GaussianBlur(apart, (0, 0), _CONFLICT * len(apart))).max(axis=2)
        np.maximum(found, np.clip((apart - _ALIKE) / (_UNLIKE - _ALIKE), 0.0, 1.0), out=found)
    return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
