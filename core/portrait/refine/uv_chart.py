"""UV chart of the head: a frontal map in the neutral pose that aligns frames of all poses."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Array, Float32Array
from ..model.person import Person
from ..model.topology import topology
from ..render.raster import Raster, paint
from ..render.sampling import SHARP, Number, sample
from ..render.warp import head_points

TEXELS = 200
_ROOM = 1.5  # sides of the face
_EDGE = 3.0  # texels: deviation with which the chart ends
_BEHIND_M = -1.0  # what is about the face lies behind it


@dataclass(frozen=True)
class Chart:
    """Frontal UV chart of a person's head, `TEXELS` wide and high, chin down as in images."""

    person: Person

    def take(self, picture: NDArray[Number], points_px: Array) -> NDArray[Number]:
        """Sample a frame at each texel, (TEXELS, TEXELS, C). points_px : (V, 2) its mesh, pixels"""
        return sample(picture, self._raster.spread(points_px), SHARP)

    def put(self, texels: Float32Array, head: Float32Array) -> Float32Array:
        """Sample the chart at head points (h, w, 3); 0 beyond it."""
        across = (head[..., :2] * [1, -1] - self._corner) / self._texel_m
        nothing = np.empty(0, np.float32)
        where = across.astype(np.float32)
        return np.asarray(
            cv2.remap(texels, where, nothing, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.float32
        )

    @cached_property
    def inside(self) -> Float32Array:
        """Mask of the chart, 1 inside and softly 0 at its border, (TEXELS, TEXELS, 1)."""
        inner = np.zeros((TEXELS, TEXELS), np.float32)
        border = round(2 * _EDGE)
        inner[border:-border, border:-border] = 1
        return np.asarray(cv2.GaussianBlur(inner, (0, 0), _EDGE)[..., None], np.float32)

    @cached_property
    def _raster(self) -> Raster:
        points = head_points(self.person)
        nearness = np.where(np.arange(len(points)) < len(self.person.mesh), points[:, 2], _BEHIND_M)
        return paint(self._places(points), nearness, topology().triangles, TEXELS)

    @cached_property
    def _oval(self) -> Array:
        return self.person.mesh[topology().oval]

    @cached_property
    def _corner(self) -> Array:
        """Corner of the chart, metres to the right and down."""
        flat = self._oval[:, :2] * [1, -1]
        return (flat.min(axis=0) + flat.max(axis=0) - self._texel_m * (TEXELS - 1)) / 2

    @cached_property
    def _texel_m(self) -> float:
        return float(np.ptp(self._oval[:, :2], axis=0).max()) * _ROOM / (TEXELS - 1)

    def _places(self, points: Array) -> Array:
        """Texel coordinates, (K, 2), of head points (K, 3)."""
        return (points[:, :2] * [1, -1] - self._corner) / self._texel_m
