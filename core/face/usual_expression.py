"""Expression of people in general: seeded noise with their size, spectrum and bursts, and their coupling to the voice.

What is known of them lies in expression.json, learned by `training/face/expression.py`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..motion import GRID_HZ
from ..noise import Channel, normals
from ..speech.windows import smooth
from ..types import Array
from .drives import voice_drive
from .expression_parts import NUMBERS, PARTS

LEARNED = Path(__file__).with_name("expression.json")
_BURST_S = 1.5


@dataclass(frozen=True, eq=False)
class UsualExpression:
    """Pooled statistics of people's numbers.

    sizes_m : (8,) standard deviations
    alike : (8, 8) correlations
    smoothed_s : (S,) widths of the Gaussians that noise is smoothed by; shares : (8, S) of the variance
    drive : (2,) mean and standard deviation of the voice's drive
    voice : (8,) what a standard deviation of it adds, standard deviations
    bursts : (3,) standard deviations of the logarithm of the size, from moment to moment, of each of PARTS
    """

    sizes_m: Array
    alike: Array
    smoothed_s: Array
    shares: Array
    drive: Array
    voice: Array
    bursts: Array


def generated(loud: Array, seed: int, sizes: Array | None = None) -> Array:
    """Numbers (N, 8) at GRID_HZ, metres. What is said 0.8 s later changes nothing.

    loud : (N,) at GRID_HZ, tens of dB about the speaker's own mean
    seed : whole number below 2^64
    sizes : (8,) factors
    """
    usual = usual_expression()
    drawn = _coloured(usual, len(loud), seed)
    mean, deviation = usual.drive
    drawn += ((voice_drive(loud) - mean) / deviation)[:, None] * usual.voice
    drawn /= np.sqrt(1.0 + np.square(usual.voice))
    for part, columns in enumerate(PARTS.values()):
        drawn[:, columns] *= _burst(usual.bursts[part], len(loud), seed, part)[:, None]
    return np.asarray(drawn * usual.sizes_m * (1.0 if sizes is None else sizes))


def _coloured(usual: UsualExpression, count: int, seed: int) -> Array:
    """Gaussian noise (count, 8) of unit variance, correlated as people's numbers are."""
    kinds, numbers = len(usual.smoothed_s), len(NUMBERS)
    reach = int(np.ceil(3.0 * usual.smoothed_s.max() * GRID_HZ))
    each = kinds * numbers
    drawn = normals(seed, Channel.BROWS, -reach * each, (count + 2 * reach) * each)
    drawn = drawn.reshape(-1, kinds, numbers) @ np.linalg.cholesky(usual.alike).T
    found = np.zeros((count, numbers))
    for kind, width_s in enumerate(usual.smoothed_s):
        # Of a Gaussian of width s samples, the squares of the weights sum to 1 / (2 s √π).
        unit = np.sqrt(2.0 * width_s * GRID_HZ * np.sqrt(np.pi))
        part = unit * smooth(drawn[:, kind], width_s)[reach : reach + count]
        found += np.sqrt(usual.shares[:, kind]) * part
    return found


def _burst(deviation: float, count: int, seed: int, part: int) -> Array:
    """A slowly changing factor (count,) whose square is 1 on average."""
    parts = len(PARTS)
    reach = int(np.ceil(3.0 * _BURST_S * GRID_HZ))
    drawn = normals(seed, Channel.EXPRESSION_BURSTS, -reach * parts, (count + 2 * reach) * parts)
    slow = smooth(drawn.reshape(-1, parts)[:, part], _BURST_S)[reach : reach + count]
    unit = np.sqrt(2.0 * _BURST_S * GRID_HZ * np.sqrt(np.pi))
    return np.asarray(np.exp(deviation * (unit * slow - deviation)))


@cache
def usual_expression() -> UsualExpression:
    """What was learned of people."""
    learned: dict[str, Any] = json.loads(LEARNED.read_text(encoding="utf-8"))
    return UsualExpression(
        **{name: np.array(learned[name], np.float64) for name in UsualExpression.__dataclass_fields__}
    )
