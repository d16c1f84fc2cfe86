"""Window: the square of the frame that a video shows.

A head that touches the frame's edge may move so that a pixel beyond that edge would be needed. None is invented:
the video shows the largest square in which every pixel was recorded.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from ...types import Array, BoolArray, ByteArray


@dataclass(frozen=True)
class Window:
    """Square of a frame that is shown as large as the whole frame.

    left, top, side : pixels from the frame's corner
    size : of the frame, S pixels
    """

    left: float
    top: float
    side: float
    size: int

    @property
    def zoom(self) -> float:
        """How much larger the frame is shown."""
        return self.size / self.side

    def places(self, points_px: Array) -> Array:
        """Where points of the frame, (..., 2) pixels, lie in what is shown."""
        corner = np.array([self.left, self.top])
        return np.asarray((points_px + 0.5 - corner) * self.zoom - 0.5)

    def of(self, picture: ByteArray) -> ByteArray:
        """What is shown of a frame, (S, S, C), as large as the frame."""
        across, down = self.places(np.zeros(2))
        matrix = np.array([[self.zoom, 0.0, across], [0.0, self.zoom, down]])
        size = (self.size, self.size)
        shown = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(shown, np.uint8)


def largest_window(
    missing: BoolArray, face: tuple[int, int, int, int], size: int, least: float
) -> Window | None:
    """Largest square without a missing cell that holds the face, nearest to the middle among equals; None if too small.

    missing : (K, K) cells of the frame
    face : left, top, right and bottom of the face, cells; the last two count as the first beyond it
    size : of the frame, pixels
    least : side of the smallest one, share of the frame's
    """
    cells = len(missing)
    sums = np.zeros((cells + 1, cells + 1), np.intp)
    sums[1:, 1:] = missing.cumsum(axis=0).cumsum(axis=1)
    left, top, right, bottom = face
    for side in range(cells, int(np.ceil(least * cells)) - 1, -1):
        count = sums[side:, side:] - sums[side:, :-side] - sums[:-side, side:] + sums[:-side, :-side]
        rows, columns = np.indices(count.shape)
        holds = (columns <= left) & (columns + side >= right) & (rows <= top) & (rows + side >= bottom)
        free = np.argwhere((count == 0) & holds)
        if len(free):
            away = np.linalg.norm(free - (cells - side) / 2, axis=1)
            row, column = free[np.argmin(away)]
            unit = size / cells
            return Window(float(column * unit), float(row * unit), float(side * unit), size)
    return None
