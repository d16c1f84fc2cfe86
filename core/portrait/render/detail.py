"""Detail of a single picture in place of that of a fade."""

import cv2
import numpy as np

from ...types import ByteArray, Float32Array, IntArray
from ..model.topology import MOUTH, topology

_FINE, _LIPS = 1 / 128, 1 / 64
"""Deviations of the blurs that bound the finest band, and that of the lips, widths of the frame."""
_LEAST = 1e-3
_EDGE = 1 / 256  # softness of the line between lips and what is between them


def single_detail(
    faded: Float32Array, single: ByteArray | Float32Array, dose: float, size: int
) -> Float32Array:
    """A fade, (h, w, 3), with the finest band of a single picture in place of its own.

    size : width of the whole frame, pixels
    """
    lacks = single - faded
    return faded + np.float32(dose) * (lacks - _blurred(lacks, _FINE * size))


def single_mouth(
    faded: Float32Array, single: ByteArray | Float32Array, triangle: IntArray, dose: float, size: int
) -> Float32Array:
    """The same for a mouth: what is between the lips is all of a single picture, and its lips have their own detail.

    triangle : (h, w) visible triangle of each pixel, beyond the last where none is
    """
    lacks = single - faded
    between = _between_lips(triangle)
    lips, inside = (
        _blurred(each, deviation * size) for each, deviation in ((1 - between, _LIPS), (between, _EDGE))
    )
    # What is between the lips does not count for the lips' own broad band, else an open mouth would shade pressed lips.
    broad = _blurred(lacks * (1 - between)[..., None], _LIPS * size) / np.maximum(lips, _LEAST)[..., None]
    return np.asarray(faded + np.float32(dose) * (lacks - (1 - inside)[..., None] * broad), np.float32)


def _between_lips(triangle: IntArray) -> Float32Array:
    between = np.append(topology().label == MOUTH, np.False_)
    return np.asarray(between[triangle], np.float32)


def _blurred(values: Float32Array, deviation: float) -> Float32Array:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), deviation), np.float32)
