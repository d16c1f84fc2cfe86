"""How a stored frame is shown: its orientation by the display matrix, and the shape of its pixels."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..types import ByteArray

_WIDEST_PIXEL = 4.0  # width over height, or height over width; what says more is damaged
_SQUARE_WITHIN = 0.005  # 1280:1281 and the like: an encoder rounded the width, and nothing is squeezed


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to show a stored frame: exchanged axes first, then mirrored ones.

    transposed : whether columns become rows
    mirrored_x, mirrored_y : whether left and right, and top and bottom, are exchanged after that
    """

    transposed: bool = False
    mirrored_x: bool = False
    mirrored_y: bool = False

    @property
    def rotation_deg(self) -> int:
        """Counter-clockwise rotation that shows the frame, after a mirror of left and right where `is_mirrored`."""
        if self.transposed:
            return 270 if self.mirrored_x else 90
        return 180 if self.mirrored_y else 0

    @property
    def is_mirrored(self) -> bool:
        """Whether the frame is stored as a mirror shows it."""
        return self.transposed ^ self.mirrored_x ^ self.mirrored_y

    def shown(self, rgb: ByteArray) -> ByteArray:
        """Put a stored frame (H, W, 3) upright; contiguous."""
        if self.transposed:
            rgb = rgb.swapaxes(0, 1)
        return np.ascontiguousarray(rgb[:: -1 if self.mirrored_y else 1, :: -1 if self.mirrored_x else 1])


def orientation_of(picture: Any) -> Orientation:
    """Orientation of a decoded frame by its display matrix, the nearest of the eight; as stored without one."""
    from av.sidedata.sidedata import SideDataContainer, Type

    # Not `picture.side_data`: picture and container would hold each other, and pictures pile up until garbage is collected.
    container: Any = SideDataContainer
    matrix = container(picture).get(Type.DISPLAYMATRIX)
    if matrix is None:
        return Orientation()
    return nearest_orientation(np.frombuffer(bytes(matrix)[:36], "=i4").astype(np.float64))


def nearest_orientation(matrix: np.ndarray[Any, np.dtype[np.float64]]) -> Orientation:
    """The orientation nearest to a display matrix, (9,): x' = m0·x + m3·y, y' = m1·x + m4·y, y down, to any scale."""
    a, b, c, d = matrix[[0, 1, 3, 4]]
    straight, exchanged = abs(a) + abs(d), abs(b) + abs(c)
    if exchanged > straight:
        return Orientation(True, mirrored_x=c < 0, mirrored_y=b < 0)
    return Orientation(False, mirrored_x=a < 0, mirrored_y=d < 0)


def pixel_aspect(stated: Any) -> float:
    """Width of a stored pixel over its height; 1 where nothing credible is stated."""
    aspect = float(stated or 1)
    if not 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL or abs(aspect - 1.0) < _SQUARE_WITHIN:
        return 1.0
    return aspect


def square_size(width: int, height: int, aspect: float) -> tuple[int, int]:
    """Width and height of a stored frame in square pixels: the coarser axis is enlarged, so that no detail is lost."""
    if aspect < 1.0:
        return width, max(round(height / aspect), 1)
    return max(round(width * aspect), 1), height


def with_shape(rgb: ByteArray, width: int, height: int) -> ByteArray:
    """Bring a frame to the shape of `width` × `height` with black borders, at its own resolution.

    A frame whose shape differs by less than a pixel is returned as it is.
    """
    high, wide = rgb.shape[:2]
    full_width = max(wide, round(high * width / height))
    full_height = max(high, round(wide * height / width))
    if full_width - wide <= 1 and full_height - high <= 1:
        return rgb
    framed = np.zeros((full_height, full_width, 3), np.uint8)
    top, left = (full_height - high) // 2, (full_width - wide) // 2
    framed[top : top + high, left : left + wide] = rgb
    return framed


def enlarged(rgb: ByteArray, factor: int) -> ByteArray:
    """A picture (H, W, 3) at a whole multiple of its size, by Lanczos' kernel; contiguous."""
    import av

    height, width = rgb.shape[:2]
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24")
    larger = frame.reformat(width * factor, height * factor, interpolation="LANCZOS")
    return np.ascontiguousarray(larger.to_ndarray())
