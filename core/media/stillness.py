"""Whether the picture of a video changes at all, or is a photo that was made a film."""

import numpy as np

from ..types import ByteArray

_CELLS = 32  # to each side
_EVERY_S = 0.25
_FEWEST, _SHORTEST_S = 5, 1.0
_STILL_LEVELS = (
    6.0  # of 255; the coarsest codecs change the mean of a cell by less, a person who sits still by 20
)


class Stillness:
    """Follows the mean of each cell of the picture, four times a second; feed it every picture in order."""

    def __init__(self) -> None:
        self._lowest = np.full((_CELLS, _CELLS), np.inf)
        self._highest = -self._lowest
        self._count = 0
        self._begin_s = self._last_s = 0.0

    def add(self, time_s: float, rgb: ByteArray) -> None:
        """Take a picture (H, W, 3), or the same part of each, shown at `time_s`."""
        if self._count and time_s < self._last_s + _EVERY_S:
            return
        height, width = (length // _CELLS for length in rgb.shape[:2])
        if not (height and width):
            return
        green = rgb[: height * _CELLS, : width * _CELLS, 1]
        cells = green.reshape(_CELLS, height, _CELLS, width).mean(axis=(1, 3))
        self._lowest = np.minimum(self._lowest, cells)
        self._highest = np.maximum(self._highest, cells)
        self._begin_s = self._begin_s if self._count else time_s
        self._last_s = time_s
        self._count += 1

    @property
    def is_still(self) -> bool:
        """Whether nothing moves; False as long as too little was taken to say so."""
        if self._count < _FEWEST or self._last_s - self._begin_s < _SHORTEST_S:
            return False
        return float((self._highest - self._lowest).max()) < _STILL_LEVELS
