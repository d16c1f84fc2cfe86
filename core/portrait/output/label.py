"""Visible label in a corner of the frame that marks it as synthetic."""

from functools import lru_cache

import cv2
import numpy as np

from ...types import ByteArray, Float32Array

WORD = "synthetic"

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_HEIGHT = 1 / 32  # of the frame's, capital letters
_LEAST_PX = 7  # below it letters run together
_MARGIN = 1 / 48


def labelled(picture: ByteArray) -> ByteArray:
    """Copy of a frame, (H, W, 3), with the label at the lower right: white with a dark outline.

    A frame that is too narrow for it gets as much of the word as fits.
    """
    letters, ring = _stencil(*picture.shape[:2])
    out = picture * (1 - ring) + 255 * letters * ring
    return np.asarray(np.round(out), np.uint8)


@lru_cache(maxsize=4)
def _stencil(height: int, width: int) -> tuple[Float32Array, Float32Array]:
    """Alpha of white in the label and of the label in the frame, shape (H, W, 1)."""
    tall = max(_LEAST_PX, round(height * _HEIGHT))
    scale = cv2.getFontScaleFromHeight(_FONT, tall)
    stroke = max(1, round(tall / 12))
    (wide, _), below = cv2.getTextSize(WORD, _FONT, scale, stroke)
    margin = max(2, round(height * _MARGIN))
    at = (max(margin, width - margin - wide), height - margin - below)
    shares = []
    for thickness in (stroke, stroke + 2 * max(1, round(tall / 6))):
        drawn = np.zeros((height, width), np.uint8)
        cv2.putText(drawn, WORD, at, _FONT, scale, (255,), thickness, cv2.LINE_AA)
        shares.append(drawn[..., None].astype(np.float32) / np.float32(255))
    return shares[0], shares[1]
