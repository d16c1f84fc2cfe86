"""Dense optical flow by dense inverse search (DIS; Kroeger, Timofte, Dai and Van Gool 2016)."""

from enum import IntEnum

import cv2
import numpy as np

from ...types import ByteArray, Float32Array

_LEAST_PX = 16
_LEAST_ASPECT = 0.5  # height by width; its scales need 0.4


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
    height, width = before.shape
    # OpenCV takes the number of its scales from the width alone, and reads beyond images that are too low for them.
    wide = max(width, _LEAST_PX)
    border = (0, max(height, _LEAST_PX, round(_LEAST_ASPECT * wide)) - height, 0, wide - width)
    images = [cv2.copyMakeBorder(image, *border, cv2.BORDER_REPLICATE) for image in (before, after)]
    start = (
        np.empty(0, np.float32)
        if initial is None
        else cv2.copyMakeBorder(initial, *border, cv2.BORDER_REPLICATE)
    )
    flow = cv2.DISOpticalFlow.create(preset).calc(images[0], images[1], start)
    return np.asarray(flow[:height, :width], np.float32)


def zero_flow(image: ByteArray) -> Float32Array:
    """Initial flow without motion, (h, w, 2), for a grey image (h, w)."""
    return np.zeros((*image.shape, 2), np.float32)
