"""Dense optical flow by dense inverse search (DIS; Kroeger, Timofte, Dai and Van Gool 2016)."""

from enum import IntEnum

import cv2
import numpy as np

from ...types import ByteArray, Float32Array


class FlowPreset(IntEnum):
    """Trade-off between speed and accuracy."""

    FAST = cv2.DISOPTICAL_FLOW_PRESET_FAST
    MEDIUM = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM


def optical_flow(
    before: ByteArray, after: ByteArray, preset: FlowPreset, initial: Float32Array | None = None
) -> Float32Array:
    """Displacement of each pixel from one grey image to another, (h, w, 2), x and y in pixels.

    before, after : (h, w) uint8 of the same size
    initial : (h, w, 2) start of the search, unchanged; zeros and None differ by up to some hundredths of a pixel
    """
    start = np.empty(0, np.float32) if initial is None else initial.copy()
    return np.asarray(cv2.DISOpticalFlow.create(preset).calc(before, after, start), np.float32)


def zero_flow(image: ByteArray) -> Float32Array:
    """Initial flow without motion, (h, w, 2), for a grey image (h, w)."""
    return np.zeros((*image.shape, 2), np.float32)
