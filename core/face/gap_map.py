"""Monotone map from predicted lip openings to a person's own: quantile to quantile.

A prediction with the right deviation still has the wrong distribution: lips hardly touch, and mouths hang open.
So each opening becomes the one that is as rare in the person's reference as it is among predictions (histogram
specification, Gonzalez and Woods 2018, §3.3).
"""

import numpy as np

from ..types import Array

LEVELS = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
"""Levels of the quantiles that describe a distribution of openings. The outermost are the means beyond their
neighbours, since extremes of a few seconds are chance."""

_STEEPEST = 4.0  # times the slope of the whole
_BEYOND = (0.1, 0.3)  # of the person's range, that openings go below and above it at most, whatever the sound
_LEAST_SPREAD = 0.4  # units of the gain: predictions that hardly differ mean nothing more
_SPAN = (2, -3)  # the levels between which the slope of the whole is taken


def quantiles(openings: Array) -> Array:
    """Quantiles at LEVELS, (len(LEVELS),), of openings (N,), N from 1 on."""
    found = np.quantile(openings, LEVELS)
    low, high = found[1], found[-2]
    found[0], found[-1] = openings[openings <= low].mean(), openings[openings >= high].mean()
    return np.asarray(found)


def mapped(openings: Array, predicted: Array, own: Array) -> Array:
    """Map predicted openings (N,), in units of the gain, to those of a person, in the unit of `own`.

    predicted : (len(LEVELS),) quantiles of predictions, in units of the gain
    own : (len(LEVELS),) quantiles of the person's openings
    """
    first, last = _SPAN
    slope = (own[last] - own[first]) / max(predicted[last] - predicted[first], _LEAST_SPREAD)
    # Where many predictions are alike, a step would make nothing out of everything: it becomes a slope.
    apart = np.maximum(np.diff(predicted), np.diff(own) / max(_STEEPEST * slope, 1e-9))
    middle = len(LEVELS) // 2
    knots = np.concatenate([[0.0], np.cumsum(apart)])
    knots += predicted[middle] - knots[middle]
    inside = np.interp(openings, knots, own)
    beyond = slope * (openings - np.clip(openings, knots[0], knots[-1]))
    pressed, wide = np.array(_BEYOND) * (own[-1] - own[0])
    return np.asarray(inside + np.clip(beyond, -pressed, wide))
