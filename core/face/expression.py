"""Numbers of what a face does beside speaking: brows, cheeks and nose, lids.

Distances between landmarks in the head frame, metres about the person's own rest, without what goes with the head's
turn (a tracker's depth is flat, so a nod lifts brows), with the gaze, and of cheeks and nose without what the mouth does.
"""

import numpy as np

from ..types import Array, BoolArray
from .expression_parts import NUMBERS, PARTS
from .mouth import mouth_shape

_INNER = ((336, 285, 296, 295), (107, 55, 66, 65))  # of the left brow, of the right one
_OUTER = ((300, 276, 293, 283), (70, 46, 63, 53))
_KNIT = ((336, 285), (107, 55))
_CHEEKS = (346, 347, 330, 280, 117, 118, 101, 50)
_WINGS = (358, 279, 331, 294, 129, 49, 102, 64)
_UPPER_LIDS = (386, 385, 387, 384, 159, 158, 160, 157)
_LOWER_LIDS = (374, 373, 380, 381, 145, 144, 153, 154)
_IRISES, _CORNERS = (468, 473), (33, 133, 263, 362)
_BLINK_REACH = 3  # pictures to each side
_RIDGE = 1e-2  # share of a regressor's own variance
_LARGEST_M = 0.012  # farther moves no brow


def expression_of(head_points: Array, turn: Array | None, shut: BoolArray) -> Array:
    """Measure the numbers of a recording, (N, 8), about their medians.

    head_points : (N, ≥ 468, 3) metres in the head frame; without the irises, what lids do with the gaze stays
    turn : (N, 3) rotation vectors of the head; None where they are not known
    shut : (N,) where lids are shut; numbers are bridged there and a little to each side
    """
    near = np.convolve(shut, np.ones(2 * _BLINK_REACH + 1), "same") > 0
    if near.all():
        return np.zeros((len(head_points), len(NUMBERS)))
    found = bridged(heights(head_points), near)
    if turn is not None:
        found = without(found, _leaking(turn))
    if head_points.shape[1] > max(_IRISES):
        found[:, PARTS["squint"]] = without(found[:, PARTS["squint"]], bridged(_gaze(head_points), near))
    found[:, PARTS["cheeks"]] = without(found[:, PARTS["cheeks"]], mouth_shape(head_points))
    return np.clip(found - np.median(found, axis=0), -_LARGEST_M, _LARGEST_M)


def bridged(values: Array, gaps: BoolArray) -> Array:
    """Values (N, C) with a straight line over each gap, held at the ends."""
    index = np.arange(len(values))
    return np.stack([np.interp(index, index[~gaps], column[~gaps]) for column in values.T], axis=1)


def without(values: Array, known: Array) -> Array:
    """What a ridge regression of values (N, C) on (N, D) leaves, about 0."""
    about = (known - known.mean(axis=0)) / (known.std(axis=0) + 1e-9)
    values = values - values.mean(axis=0)
    square = about.T @ about + _RIDGE * len(about) * np.eye(about.shape[1])
    return np.asarray(values - about @ np.linalg.solve(square, about.T @ values))


def heights(head_points: Array) -> Array:
    """The numbers as they lie in the points, (N, 8): about no rest, with all that moves them."""
    up, across = head_points[..., 1], head_points[..., 0]
    inner, outer = ([up[:, side].mean(axis=1) for side in ends] for ends in (_INNER, _OUTER))
    left, right = (across[:, side].mean(axis=1) for side in _KNIT)
    raised = [0.5 * (one + other) for one, other in zip(inner, outer, strict=True)]
    lifted = [up[:, part].mean(axis=1) for part in (_CHEEKS, _WINGS, _UPPER_LIDS, _LOWER_LIDS)]
    tilt = 0.5 * (inner[0] + inner[1] - outer[0] - outer[1])
    return np.column_stack([*raised, tilt, left - right, *lifted])


def _gaze(points: Array) -> Array:
    return np.asarray((points[:, _IRISES].mean(axis=1) - points[:, _CORNERS].mean(axis=1))[:, :2])


def _leaking(turn: Array) -> Array:
    """What of turns (N, 3) leaks into the numbers; more terms would take away what a face does in a few seconds."""
    about = turn - turn.mean(axis=0)
    return np.column_stack([about, np.square(about[:, :2])])
