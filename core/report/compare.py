"""Motions against their styles, and against the other lines of one style."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ..batch.manifest_row import Line
from ..errors import StyleError
from ..style.personality import towards
from ..style.population import load_population
from ..style.schema import Style, read_style
from ..types import Array
from .facts import Facts
from .findings import LEAST_MAD, LEAST_PEERS
from .motion_figures import COMPARED, MotionFigures
from .row import Comparison

_LEAST_INTENSITY = 0.05
_MODEL_SD = 0.25  # of the engines, in the logarithm: short lines rest at both ends


def compare(lines: Sequence[tuple[Line, Facts]]) -> list[Comparison]:
    """Compare each motion with its style and with the other lines of that; what has no figures is not compared."""
    expected = _Expected()
    against = [_against_style(line, facts, expected) for line, facts in lines]
    groups: dict[Path, list[int]] = defaultdict(list)
    for at, ((line, _), found) in enumerate(zip(lines, against, strict=True)):
        if found.times_style is not None:
            groups[line.style].append(at)
    for members in groups.values():
        if len(members) >= LEAST_PEERS:
            logs = np.log([against[at].times_style or 1.0 for at in members])
            for at, z, away in zip(members, robust_z(logs), logs - np.median(logs), strict=True):
                found = against[at]
                against[at] = Comparison(found.times_style, float(z), float(np.exp(away)), found.z_style)
    return against


def robust_z(values: Array) -> Array:
    """Deviations from the median over 1.4826 times the median absolute deviation (Iglewicz and Hoaglin 1993), shape (N,)."""
    away = values - np.median(values)
    return np.asarray(0.6745 * away / max(float(np.median(np.abs(away))), LEAST_MAD))


class _Expected:
    """The six statistics of a style at a personality."""

    def __init__(self) -> None:
        self._found = cache(self._of)

    def of(self, style: Path, personality: float) -> Array | None:
        return self._found(style, personality)

    def _of(self, style: Path, personality: float) -> Array | None:
        found = _style(style)
        return None if found is None else towards(found, personality).vector(*COMPARED)


def _style(path: Path) -> Style | None:
    try:
        return read_style(path)
    except StyleError:
        return None


def _against_style(line: Line, facts: Facts, expected: _Expected) -> Comparison:
    motion, intensity = facts.motion, line.settings.intensity
    if motion is None or intensity < _LEAST_INTENSITY:  # rest is wanted
        return Comparison()
    wanted = expected.of(line.style, line.settings.personality)
    if wanted is None:
        return Comparison()
    wanted = wanted + np.log(intensity)
    speed = float(np.sqrt(np.square(np.exp(wanted[3:])).sum()))
    deviations = (np.array(motion.statistics) - wanted) / _deviation(motion)
    return Comparison(motion.speed_deg_s / speed, None, None, float(np.sqrt(np.square(deviations).mean())))


def _deviation(motion: MotionFigures) -> Array:
    """Standard deviations of one person's recordings of this length, of the six statistics, with that of the engines."""
    population = load_population().spreads
    length_s = max(motion.duration_s, 1.0)
    variances = [population[name].situation + population[name].sampling / length_s for name in COMPARED]
    return np.sqrt(np.array(variances) + _MODEL_SD**2)
