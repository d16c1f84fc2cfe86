"""Software rasteriser: triangle visibility by the painter's algorithm, interpolation of vertex values.

There is no graphics card in this: triangles are painted from the farthest to the nearest, and as anything
linear in a triangle is an affine function of the pixel, spreading values costs two products a pixel.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from ...types import Array, BoolArray, Float32Array, IntArray

_SUBPIXEL_BITS = 4
_THIN_PX = 0.5
"""Edge-on triangles reach half a pixel beyond themselves when painted; thinner than this, what they
carry would run away on that half pixel and is flattened."""


@dataclass(frozen=True)
class Raster:
    """Visible triangle of each pixel of a frame S pixels wide.

    triangle : (S, S) the visible triangle, F where none is
    to_corners : (F, 3, 3) shares of the three corners = to_corners · (x, y, 1)
    corners : (F, 3) vertices
    """

    triangle: IntArray
    to_corners: Array
    corners: IntArray

    def spread(self, values: Array, window: tuple[slice, slice] = (slice(None), slice(None))) -> Float32Array:
        """Interpolate vertex values, (V, C), over the pixels of a window: (h, w, C); zero where no triangle is."""
        # C planes of three coefficients, with a row of zeros for the pixels without a triangle.
        linear = np.einsum("fkc,fkp->cpf", values[self.corners], self.to_corners)
        linear = np.concatenate([linear, np.zeros((*linear.shape[:2], 1))], axis=2).astype(np.float32)
        visible = self.triangle[window]
        y, x = (np.arange(len(self.triangle), dtype=np.float32)[part] for part in window)
        out = np.empty((*visible.shape, values.shape[1]), np.float32)
        for channel, (along_x, along_y, constant) in enumerate(linear):
            plane = np.take(along_x, visible)
            plane *= x
            down = np.take(along_y, visible)
            down *= y[:, None]
            plane += down
            plane += np.take(constant, visible)
            out[..., channel] = plane
        return out


def paint(
    points: Array, nearness: Array, corners: IntArray, size: int, painted: BoolArray | None = None
) -> Raster:
    """Rasterise a mesh by the painter's algorithm.

    points : (V, 2) pixels
    nearness : (V,) grows towards the camera
    corners : (F, 3) vertices
    painted : (F,) which triangles to paint, all of them without
    """
    order = np.argsort(nearness[corners].mean(axis=1), kind="stable")
    order = order if painted is None else order[painted[order]]
    outline = np.round(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)[corners[order]]
    triangles = np.full((size, size), len(corners), np.int32)
    for triangle, three in zip(order.tolist(), outline, strict=True):
        cv2.fillConvexPoly(triangles, three, triangle, cv2.LINE_8, _SUBPIXEL_BITS)
    return Raster(triangles.astype(np.intp), _to_corners(points[corners]), corners)


def _to_corners(corners_px: Array) -> Array:
    """Barycentric coordinate maps (F, 3, 3) of triangles with corners (F, 3, 2)."""
    first, sides = corners_px[:, 0], (corners_px[:, 1:] - corners_px[:, :1]).swapaxes(1, 2)
    inverse = np.zeros_like(sides)
    area = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
    thin = np.abs(area) <= _THIN_PX * np.linalg.norm(sides, axis=1).max(axis=1)
    good = ~thin
    adjugate = np.stack([sides[:, 1, 1], -sides[:, 0, 1], -sides[:, 1, 0], sides[:, 0, 0]], axis=1)
    inverse[good] = adjugate[good].reshape(-1, 2, 2) / area[good, None, None]
    left, stretch, right = np.linalg.svd(sides[thin])
    inverse[thin] = (right.swapaxes(1, 2) / np.maximum(stretch, _THIN_PX)[:, None]) @ left.swapaxes(1, 2)
    offset = -np.einsum("fij,fj->fi", inverse, first)
    last_two = np.concatenate([inverse, offset[:, :, None]], axis=2)
    shares = np.concatenate([-last_two.sum(axis=1, keepdims=True), last_two], axis=1)
    shares[:, 0, 2] += 1
    return shares
