"""Area of a video that holds the picture, without the black bars that some films have about it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...types import Array, BoolArray, ByteArray

_DARK = 16  # levels; black, with a codec's noise
_STRAIGHT = 0.6  # of the places along a bar's edge are lit just inside it; about a head before black few are
_SOFT = 3  # pixels of the small frame over which the edge may be blurred
_LEAST = 0.02  # of the frame; narrower bars are a blanking line


@dataclass(frozen=True)
class Area:
    """Box in shares of the frame's width and height, from its left and top edge."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def is_whole(self) -> bool:
        """Whether there are no bars."""
        return self == Area()

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels of a frame, inside the area."""
        return (
            int(np.ceil(self.left * width)),
            int(np.ceil(self.top * height)),
            int(self.right * width),
            int(self.bottom * height),
        )


def picture_area(smalls: Iterable[ByteArray]) -> Area:
    """Find the black bars that no frame lights, with straight edges.

    smalls : grey frames (h, w) of the whole film, of one size
    """
    lit: BoolArray | None = None
    for small in smalls:
        here = small > _DARK
        lit = here if lit is None or lit.shape != here.shape else lit | here
    if lit is None or not lit.any():
        return Area()
    (top, bottom), (left, right) = _ends(lit), _ends(lit.T)
    return Area(left, top, right, bottom)


def _ends(lit: BoolArray) -> tuple[float, float]:
    """First and last row of the picture, as shares of all."""
    across = lit.any(axis=0)
    share = lit[:, across].mean(axis=1)
    return _bar(share), 1.0 - _bar(share[::-1])


def _bar(share: Array) -> float:
    """Height of the bar at the beginning of rows with such shares of lit places, 0 without one."""
    first = int(np.argmax(share > 0))
    is_bar = first >= _LEAST * len(share) and share[first : first + _SOFT].max() >= _STRAIGHT
    return min(first + 1, len(share) - 1) / len(share) if is_bar else 0.0
