"""What the animator sets, and how it acts on a finished take; numpy only, so a slider can call it."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..errors import SettingsError
from ..motion import HeadMotion
from ..types import Array
from .names import ENGINE_SUMMARIES

RAMP_S = 0.6
"""Time to leave rest at the start and to come back at the end, both inside the sound."""

DEFAULT_ENGINE = next(iter(ENGINE_SUMMARIES))

STRENGTHS: Mapping[str, float] = {"intensity": 4.0, "personality": 2.0, "voice": 2.0}
"""The largest value of each setting that is 0 for without, and 1 for as the person does."""

LARGEST_SEED = 2**63 - 1

_FREE_RAD, _FURTHEST_RAD = math.radians(45.0), math.radians(80.0)


@dataclass(frozen=True)
class GenerationSettings:
    """One take.

    seed : another one, another take; 0 to LARGEST_SEED
    engine : a name in ENGINES
    intensity : how far the head moves; 0 is rest
    personality : how strongly the manner is this person's rather than everybody's; 0 is the population's mean
    voice : how strongly the head follows the voice; 0 is not at all

    The last three are STRENGTHS: 1 is the person.

    Raises
    ------
    SettingsError : the seed or a strength lies outside its range
    """

    seed: int = 0
    engine: str = DEFAULT_ENGINE
    intensity: float = 1.0
    personality: float = 1.0
    voice: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise SettingsError(
                f"The seed {self.seed} is out of range", f"Choose one from 0 to {LARGEST_SEED}"
            )
        for name, largest in STRENGTHS.items():
            value = getattr(self, name)
            if not 0.0 <= value <= largest:
                problem = f"The {name} {value:g} is out of range"
                raise SettingsError(problem, f"Choose one from 0 to {largest:g}")


def first_seed(line: str) -> int:
    """The seed that a line's first take has unless another one is asked for, from 0 to 999,999.

    A seed is a take: the same on every line, so that a line which is recorded again keeps its take.
    That is why lines start from different ones, by their name: a file's stem, or a manifest's id.
    """
    return int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big") % 1_000_000


def finished(time_s: Array, channels: Array, intensity: float) -> HeadMotion:
    """A take as a motion: scaled, led from rest and back to it, kept within what a neck can do.

    channels : (T, 6) rotation vectors in radians and translation in metres
    intensity : 0 gives exactly rest
    """
    gain = intensity * _ramps(time_s)[:, None]
    # Adding 0 turns a negative zero into zero, so that rest has one form.
    rotation = _within_reach(channels[:, :3] * gain) + 0.0
    return HeadMotion(time_s, rot.continuous(rot.from_rotvec(rotation)), channels[:, 3:] * gain + 0.0)


def _ramps(time_s: Array) -> Array:
    """0 at the first and last sample, 1 between, with no jump in velocity or acceleration."""
    length = min(RAMP_S, float(time_s[-1]) / 2.0)
    if length == 0.0:
        return np.zeros(len(time_s))
    s = np.clip(np.minimum(time_s, time_s[-1] - time_s) / length, 0.0, 1.0)
    return np.asarray(s**3 * (10.0 - 15.0 * s + 6.0 * s**2))


def _within_reach(vectors: Array) -> Array:
    """Rotation vectors (T, 3) as they are up to 45°, bent towards 80° beyond."""
    angle = np.linalg.norm(vectors, axis=1, keepdims=True)
    room = _FURTHEST_RAD - _FREE_RAD
    bent = _FREE_RAD + room * np.tanh(np.maximum(angle - _FREE_RAD, 0.0) / room)
    return vectors * np.where(angle > _FREE_RAD, bent / np.maximum(angle, _FREE_RAD), 1.0)
