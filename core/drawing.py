"""Smooth lines in pictures, drawn with numpy alone: what pictures of styles and of takes share."""

from collections.abc import Sequence

import numpy as np

from .types import Array, BoolArray, ByteArray

_FINE = 4  # pixels drawn for each pixel that is kept


def blank(height: int, width: int, colour: Sequence[int]) -> ByteArray:
    """An opaque RGBA picture (height, width, 4) of one colour."""
    canvas = np.empty((height, width, 4), np.uint8)
    canvas[:] = (*colour, 255)
    return canvas


def stroke(canvas: ByteArray, points: Array, radius: float, colour: Sequence[int]) -> None:
    """Draw a line through points (n, 2) onto an RGBA picture, top row first; what leaves it ends at its edge.

    points : x and y in pixels from the upper left corner
    radius : half of the line's width, pixels
    """
    height, width = canvas.shape[:2]
    points = np.clip(points, 0.0, [width - 1e-6, height - 1e-6])
    reach = radius + 1.0
    left, top = np.maximum(np.floor(points.min(axis=0) - reach), 0).astype(int)
    right, bottom = np.minimum(np.ceil(points.max(axis=0) + reach), [width, height]).astype(int)
    origin = np.array([left, top])
    cover = _covered(points - origin, radius, bottom - top, right - left)[..., None]
    part = canvas[top:bottom, left:right, :3]
    part[...] = np.round(part * (1 - cover) + np.array(colour) * cover)


def tint(canvas: ByteArray, where: BoolArray, colour: Sequence[int], share: float = 1.0) -> None:
    """Mix a colour into the pixels (height, width) of a picture where `where` is true; a share of 1 replaces them."""
    canvas[where, :3] = np.round(canvas[where, :3] * (1 - share) + np.array(colour) * share)


def _covered(points: Array, radius: float, height: int, width: int) -> Array:
    """Share (height, width) of each pixel that a line covers."""
    length = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(points, axis=0)).max(axis=1))]) * _FINE
    steps = np.linspace(0.0, length[-1], int(np.ceil(length[-1])) + 1)  # none longer than a drawn pixel
    dense = np.column_stack([np.interp(steps, length, column) for column in points.T]) * _FINE
    x, y = dense.astype(int).T
    line: BoolArray = np.zeros((height * _FINE, width * _FINE), bool)
    line[np.minimum(y, height * _FINE - 1), np.minimum(x, width * _FINE - 1)] = True
    drawn = line.copy()
    brush_radius = max(radius * _FINE, 1.0)
    brush = range(-int(brush_radius), int(brush_radius) + 1)
    for down, across in ((y, x) for x in brush for y in brush if 0 < x * x + y * y <= brush_radius**2):
        drawn[_from(down), _from(across)] |= line[_from(-down), _from(-across)]
    return np.asarray(drawn.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3)))


def _from(shift: int) -> slice:
    """What is left of an axis that is moved by `shift`; with its opposite, as much of the other."""
    return slice(shift, None) if shift > 0 else slice(None, shift or None)
