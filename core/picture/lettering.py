"""The few characters that a chart needs, as pixels: numpy writes none, and Blender's own fonts need a window."""

from collections.abc import Sequence

import numpy as np

from ..drawing import tint
from ..types import BoolArray, ByteArray

_ROWS: dict[str, tuple[int, ...]] = {
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    "-": (0, 0, 0, 14, 0, 0, 0),
    ".": (0, 0, 0, 0, 0, 12, 12),
    "°": (12, 18, 18, 12, 0, 0, 0),
    " ": (0, 0, 0, 0, 0, 0, 0),
    "a": (0, 0, 14, 1, 15, 17, 15),
    "c": (0, 0, 14, 16, 16, 17, 14),
    "h": (16, 16, 22, 25, 17, 17, 17),
    "i": (4, 0, 12, 4, 4, 4, 14),
    "l": (12, 4, 4, 4, 4, 4, 14),
    "o": (0, 0, 14, 17, 17, 17, 14),
    "p": (0, 0, 30, 17, 30, 16, 16),
    "r": (0, 0, 22, 25, 16, 16, 16),
    "s": (0, 0, 14, 16, 14, 1, 30),
    "t": (8, 8, 28, 8, 8, 9, 6),
    "w": (0, 0, 17, 17, 21, 21, 10),
    "y": (0, 0, 17, 17, 15, 1, 14),
}
"""Seven rows of five pixels, the leftmost the highest bit."""
HEIGHT, ADVANCE = 7, 6
SCALE = 2
"""Pixels of the picture for each of a character's."""


def letters(text: str) -> BoolArray:
    """The pixels of a line of text (HEIGHT * SCALE, n). Raises KeyError on a character that there is not."""
    shapes = [[[row >> (4 - x) & 1 for x in range(5)] + [0] for row in _ROWS[each]] for each in text]
    return np.kron(np.concatenate(shapes, axis=1), np.ones((SCALE, SCALE))).astype(bool)


def write(
    canvas: ByteArray, text: str, colour: Sequence[int], *, x: float, y: float, anchor: float = 0.0
) -> None:
    """Write a line of text onto an RGBA picture; what leaves it is cut off.

    x, y : pixels from the upper left corner, of the middle of the text's height
    anchor : the share of the text that lies left of x: 0 begins there, 0.5 is centred, 1 ends there
    """
    shape = letters(text)
    top, left = round(y - shape.shape[0] / 2), round(x - anchor * (shape.shape[1] - SCALE))
    above, before = max(-top, 0), max(-left, 0)
    part = canvas[top + above : max(top + shape.shape[0], 0), left + before : max(left + shape.shape[1], 0)]
    tint(part, shape[above:, before:][: part.shape[0], : part.shape[1]], colour)
