"""Personality: interpolation of a style between the population's mean and the person."""

from dataclasses import replace

import numpy as np

from .population import load_population
from .schema import Style

FURTHEST_SD = 3.0
"""How far from the mean, in standard deviations of persons, a statistic may be exaggerated."""


def towards(style: Style, personality: float) -> Style:
    """The style with each statistic on the line from the population's mean to the person's.

    personality : 0 is the mean, 1 the style itself; above 1 the person is exaggerated, up to FURTHEST_SD
        or as far as they are from the mean themselves, whichever is further

    What is no statistic stays: the learned vector, the recorded motion, the confidence.
    """
    if personality == 1.0:
        return style  # the sums below would round
    moved = {}
    for name, spread in load_population().spreads.items():
        away = style.statistics[name] - spread.mean
        limit = max(abs(away), FURTHEST_SD * spread.between**0.5)
        moved[name] = spread.mean + float(np.clip(personality * away, -limit, limit))
    return replace(style, statistics=moved)
