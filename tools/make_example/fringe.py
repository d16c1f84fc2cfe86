"""Lashes and brows: short strands that stand on the skin and go with it. Head frame, centimetres."""

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.types import Array
from mannerism.tools.make_example import topology as topo

STEPS = 5
UPPER_LASHES, LOWER_LASHES, BROW_HAIRS = 90, 34, 340

# Upper and lower edge of each brow, from the nose outwards.
_BROWS = {
    1.0: ([336, 296, 334, 293, 300], [285, 295, 282, 283, 276]),
    -1.0: ([107, 66, 105, 63, 70], [55, 65, 52, 53, 46]),
}


class Lashes:
    """Rows of lashes on the edges of the lids."""

    def __init__(self, random: np.random.Generator) -> None:
        rows = []  # two points of the skin, share of the way between them, outward sign, upper, along
        for side, ring in topo.EYES.items():
            outward = 1.0 if side == "left" else -1.0
            upper, lower = [*ring[8:16], ring[0]], ring[0:9]
            for at in np.linspace(0.9, 7.9, UPPER_LASHES):
                i = min(int(at), 7)
                rows.append((upper[i], upper[i + 1], at - i, outward, 1, at / 8))
            for at in np.linspace(0.6, 6.0, LOWER_LASHES):
                i = min(int(at), 7)
                rows.append((lower[i], lower[i + 1], at - i, outward, 0, 1 - at / 8))
        table = np.array(rows)
        self._ends = table[:, :2].astype(int)
        self._share, self._outward, self._upper, self._along = table[:, 2:].T
        self._jitter = random.normal(0, 1, (len(rows), 3))

    def points(self, surface: Array, lids: float, rotation: Array) -> Array:
        """Strands (L, STEPS, 3) on the posed skin; `lids` is how far the upper lids are down."""
        a, b = self._ends.T
        root = surface[a] + self._share[:, None] * (surface[b] - surface[a])
        upper = self._upper > 0
        length = np.where(upper, 0.48 + 0.42 * self._along, 0.26) * (1 + 0.12 * self._jitter[:, 0])
        lift = np.where(upper, 0.55 - 1.15 * lids, -0.55)
        fan = self._outward * (self._along - 0.35) * 0.9
        out = rot.rotate(rotation, np.stack([fan, 0.2 * lift, np.ones(len(fan))], 1)) + 0.10 * self._jitter
        curl = rot.rotate(rotation, np.stack([0.5 * fan, lift, np.full(len(fan), 0.2)], 1))
        u = np.linspace(0, 1, STEPS)[None, :, None]
        reach = 0.75 * u * out[:, None] + 0.55 * u**2 * curl[:, None]
        return np.asarray(root[:, None] + length[:, None, None] * reach)


class Brows:
    """Hairs between the edges of the brows: upright at the nose, flat and falling at the temples."""

    def __init__(self, random: np.random.Generator) -> None:
        self._jitter = random.normal(0, 1, (2 * BROW_HAIRS, 3))
        self._along, self._across = random.uniform(0, 1, (2, BROW_HAIRS))

    def points(self, surface: Array, rotation: Array) -> Array:
        """Strands (2 BROW_HAIRS, STEPS, 3) on the posed skin."""
        halves = zip(_BROWS.items(), np.split(self._jitter, 2), strict=True)
        return np.concatenate(
            [self._half(surface, rotation, outward, edges, jitter) for (outward, edges), jitter in halves]
        )

    def _half(
        self,
        surface: Array,
        rotation: Array,
        outward: float,
        edges: tuple[list[int], list[int]],
        jitter: Array,
    ) -> Array:
        along, across = self._along, self._across
        top, bottom = (
            np.stack([np.interp(along, np.linspace(0, 1, 5), surface[edge, axis]) for axis in range(3)], 1)
            for edge in edges
        )
        width = np.interp(along, [0, 0.15, 0.55, 1], [0.62, 0.66, 0.50, 0.10])
        root = 0.5 * (top + bottom) + (1.2 * (across - 0.5) * width)[:, None] * (top - bottom)
        dip = np.stack([0 * along, -0.22 * (1 - along) ** 2, 0 * along + 0.04], 1)
        root += rot.rotate(rotation, dip)
        rise = np.interp(along, [0, 0.2, 0.6, 1], [0.75, 0.40, 0.02, -0.35]) + 0.5 * (0.5 - across)
        direction = np.stack([np.full(len(along), outward), rise, -0.55 * along**1.5], 1) + 0.09 * jitter
        direction = rot.rotate(rotation, direction / np.linalg.norm(direction, axis=1, keepdims=True))
        bulge = rot.rotate(rotation, [0.0, 0.0, 1.0])
        u = np.linspace(0, 1, STEPS)[None, :, None]
        length = (0.50 * (1 + 0.15 * jitter[:, 0]))[:, None, None]
        return np.asarray(
            root[:, None] + length * (u * direction[:, None] + 0.14 * np.sin(np.pi * u) * bulge)
        )
