"""Background that few frames show, joined to what most show by its gradients instead of its levels.

Next to a person each pixel is visible in other frames than its neighbour, when the light, the exposure or somebody who
passed were others, so that medians of levels leave contours about the head. Medians of differences between neighbours,
each over the frames that show both, do not (Weiss, "Deriving intrinsic images from image sequences", 2001); levels follow
from them by a Poisson equation with the well-seen background as its boundary (Pérez, Gangnet and Blake 2003).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...types import Array, BoolArray, IntArray

Levels = NDArray[np.int16]

_MOST_STEPS = 400
_EXACT = 0.05  # levels that the solution may still change by, per link
_TIE = 1e-3  # weight of the median's own level, for parts that nothing else determines
_CERTAIN_VIEWS = 5  # of a difference; more do not count more
_SHIFTS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def fuse_gradients(
    visible: Levels, median: Levels, unseen: int, known: BoolArray, trusted: BoolArray
) -> Levels:
    """Median background with the levels of known pixels that are not trusted made consistent with their neighbours.

    visible : (K, S, S, 3) levels of K frames, `unseen`, which is beyond 255, where the background is hidden
    median : (S, S, 3) of them; it stays where `trusted`
    known, trusted : (S, S) seen in some frames, and in so many that the median holds
    """
    free = known & ~trusted
    if not free.any():
        return median
    system = _system(visible, median, unseen, known, free)
    solved = median.copy()
    solved[free] = np.clip(np.rint(_solve(system, median[free].astype(np.float64))), 0, 255)
    return solved


@dataclass(frozen=True)
class _System:
    """Normal equations of n pixels: diagonal * u - sum of weight * u[neighbour] = right.

    neighbour : (n, 4) index, n for one whose level is fixed or that there is not; weight : (n, 4), 0 for such
    diagonal : (n,); right : (n, 3)
    """

    neighbour: IntArray
    weight: Array
    diagonal: Array
    right: Array

    def left(self, levels: Array) -> Array:
        """The left side for levels (n, 3)."""
        padded = np.concatenate([levels, np.zeros((1, levels.shape[1]))])
        left = self.diagonal[:, None] * levels
        for side in range(len(_SHIFTS)):
            left -= self.weight[:, side, None] * padded[self.neighbour[:, side]]
        return left


def _system(visible: Levels, median: Levels, unseen: int, known: BoolArray, free: BoolArray) -> _System:
    height, width = free.shape
    row, column = np.nonzero(free)
    count = len(row)
    order = np.full(free.shape, count)
    order[free] = np.arange(count)
    here = visible[:, row, column]
    neighbour, weight = np.full((count, 4), count), np.zeros((count, 4))
    diagonal, right = np.full(count, _TIE), _TIE * median[free].astype(np.float64)
    for side, (down, across) in enumerate(_SHIFTS):
        inside = (
            (row + down >= 0) & (row + down < height) & (column + across >= 0) & (column + across < width)
        )
        at = np.where(inside, row + down, row), np.where(inside, column + across, column)
        difference, views = _median_difference(here, visible[:, at[0], at[1]], unseen)
        linked = inside & known[at] & (views > 0)
        strength = np.where(linked, np.minimum(views, _CERTAIN_VIEWS), 0.0)
        moves = linked & free[at]
        neighbour[moves, side] = order[at][moves]
        weight[:, side] = np.where(moves, strength, 0.0)
        fixed = np.where((linked & ~moves)[:, None], median[at], 0.0)
        right += strength[:, None] * (fixed - np.where(linked[:, None], difference, 0.0))
        diagonal += strength
    return _System(neighbour, weight, diagonal, right)


def _median_difference(here: Levels, there: Levels, unseen: int) -> tuple[Array, IntArray]:
    """Median over frames (K, n, 3) of how much brighter pixels are than their neighbours, (n, 3), and frames with both.

    Of an even number the mean of both middle ones: the way back must be the same with the other sign, or the levels drift.
    """
    hidden = (here[..., :1] == unseen) | (there[..., :1] == unseen)
    views = (~hidden[..., 0]).sum(axis=0)
    ordered = np.sort(np.where(hidden, np.int16(unseen), there - here), axis=0)  # hidden ones go last
    last = np.maximum(views - 1, 0)
    middle = [
        np.take_along_axis(ordered, np.broadcast_to(at[None, :, None], (1, *ordered.shape[1:])), axis=0)[0]
        for at in (last // 2, (last + 1) // 2)
    ]
    return np.asarray(0.5 * (middle[0] + middle[1])), views


def _solve(system: _System, start: Array) -> Array:
    """Conjugate gradients with the diagonal as preconditioner, from `start`, (n, 3)."""
    levels = start
    residual = system.right - system.left(levels)
    scaled = residual / system.diagonal[:, None]
    direction, product = scaled, (residual * scaled).sum(axis=0)
    for _ in range(_MOST_STEPS):
        if np.abs(scaled).max() < _EXACT / len(_SHIFTS):
            break
        image = system.left(direction)
        length = product / np.maximum((direction * image).sum(axis=0), 1e-12)
        levels = levels + length * direction
        residual = residual - length * image
        scaled = residual / system.diagonal[:, None]
        before, product = product, (residual * scaled).sum(axis=0)
        direction = scaled + product / np.maximum(before, 1e-12) * direction
    return levels
