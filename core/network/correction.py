"""Correction of what the manner network does of itself: couplings of the axes, bursts and speeds, per person.

Under a condition the network misses some of what the condition asks for: it hardly couples the axes as the statistics
say, moves a little too slowly, and rests and bursts too evenly. By how much depends on the condition, and is foretold
linearly from it, by weights that were fitted to long takes in many styles (`training/manner/calibrate.py`) and lie in the
metadata of the weights file. Each increment that is drawn is then multiplied by a matrix and by a factor of
what the head did before. Both are inside the loop, so whatever goes through the network's draws, directed takes and
streams too, is corrected alike; and nothing later in a sound matters for it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from ..types import Array
from .mixture import DIMENSIONS

COUPLINGS = ("correlation_pitch_yaw", "correlation_pitch_roll", "correlation_yaw_roll")
SPEEDS = ("log_speed_pitch", "log_speed_yaw", "log_speed_roll")
SPREAD = "sd_log_speed"
OUTCOMES = (*COUPLINGS, *SPEEDS, SPREAD)
"""Statistics of a style that are corrected."""

_TURNS = 3
_LARGEST_COUPLING = 0.8
_LEAST_EIGENVALUE = 0.1
_LARGEST_GAIN = 0.4  # ln
_LARGEST_BURST = 0.15
_LARGEST_EXPONENT = 1.0


@dataclass(frozen=True)
class Correction:
    """What is done to each increment that is drawn, in the person's mean speeds.

    matrix : (3, 3) lower triangular, of the angles
    burst : power of the head's speed of the last moment over that of the last seconds
    gains : (3,) of the poses
    """

    matrix: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    burst: float = 0.0
    gains: tuple[float, ...] = (1.0, 1.0, 1.0)

    @cached_property
    def mix(self) -> Array:
        """The matrix (6, 6) of all channels; translation stays."""
        found = np.eye(DIMENSIONS)
        found[:_TURNS, :_TURNS] = self.matrix
        return found

    @cached_property
    def _idle(self) -> bool:
        return self == _NOTHING

    @property
    def units(self) -> Array:
        """Gains (6,) of all channels; translation goes with the mean of the angles."""
        return np.array([*self.gains, *[float(np.mean(self.gains))] * _TURNS])

    def factor(self, means: Array) -> Array:
        """Factors (...) of increments after running means (..., M) of log speed, the shortest first."""
        exponent = self.burst * (means[..., 0] - means[..., -1])
        return np.exp(np.minimum(np.maximum(exponent, -_LARGEST_EXPONENT), _LARGEST_EXPONENT))

    def moved(self, increment: Array, means: Array) -> Array:
        """A drawn increment (6,) as the head takes it."""
        if self._idle:
            return increment
        return self.factor(means) * (self.mix @ increment)

    def components(self, parts: tuple[Array, Array, Array], means: Array) -> tuple[Array, Array, Array]:
        """The same of mixtures as `mixture.components` gives them, K particles with running means (K, M)."""
        if self._idle:
            return parts
        weights, centres, factors = parts
        factor = self.factor(means)[:, None]
        # Lower triangular by lower triangular: the factors stay so.
        return weights, self._mixed(centres) * factor, self._mixed(factors) * factor

    def _mixed(self, values: Array) -> Array:
        """Values (6, ...) of the channels, of which the angles are multiplied by the matrix."""
        return (self.mix @ values.reshape(DIMENSIONS, -1)).reshape(values.shape)


_NOTHING = Correction()


@dataclass(frozen=True)
class Calibration:
    """What a network misses, and how it is corrected for.

    missed : (1 + S + V, OUTCOMES) by how much a take exceeds what its style asks for: a constant, then the weights of the
        standardised statistics and of the style vector; of SPREAD, by how much more than takes on average do
    coupling_share : of what couplings miss; below 1, for the network goes on with what it did
    speed_share : of what speeds miss
    burst, burst_of_spread : the power of a style of which SPREAD misses as much as on average, and by how much it grows
        for each unit that is missed
    """

    missed: tuple[tuple[float, ...], ...]
    coupling_share: float
    speed_share: float
    burst: float
    burst_of_spread: float

    def correction(self, statistics: Mapping[str, float], standardised: Array, vector: Array) -> Correction:
        """The correction for a style: its statistics, the same as `Manner.standardised` gives them, its vector."""
        inputs = np.concatenate([[1.0], standardised, vector])
        missed = dict(zip(OUTCOMES, (inputs @ np.array(self.missed)).tolist(), strict=True))
        asked = np.array([statistics[name] for name in COUPLINGS])
        expected = asked + np.array([missed[name] for name in COUPLINGS])
        after = expected + self.coupling_share * (asked - expected)
        matrix = _factor(after) @ np.linalg.inv(_factor(expected))
        gains = np.clip([-self.speed_share * missed[name] for name in SPEEDS], -_LARGEST_GAIN, _LARGEST_GAIN)
        burst = self.burst - self.burst_of_spread * missed[SPREAD]
        return Correction(
            tuple(map(tuple, np.tril(matrix).tolist())),
            min(max(burst, 0.0), _LARGEST_BURST),
            tuple(np.exp(gains).tolist()),
        )

    def to_json(self) -> str:
        """Serialise for the metadata of a weights file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str, inputs: int) -> "Calibration":
        """Parse what `to_json` wrote, for a network of so many inputs. Raises ValueError or TypeError for anything else."""
        given: Any = json.loads(text)
        if not isinstance(given, dict) or given.keys() != {field.name for field in fields(cls)}:
            raise ValueError("a calibration has other names")
        missed = np.array(given.pop("missed"), np.float64)
        numbers = {name: float(value) for name, value in given.items()}
        if (
            missed.shape != (inputs, len(OUTCOMES))
            or not np.isfinite([*missed.flat, *numbers.values()]).all()
        ):
            raise ValueError("a calibration has other numbers")
        return cls(tuple(map(tuple, missed.tolist())), **numbers)


def _factor(couplings: Sequence[float] | Array) -> Array:
    """Cholesky factor of the matrix of three correlations, drawn towards 0 as far as it takes to be one."""
    beside = np.zeros((_TURNS, _TURNS))
    pairs = ((0, 1), (0, 2), (1, 2))  # as COUPLINGS
    for (a, b), value in zip(pairs, couplings, strict=True):
        beside[a, b] = beside[b, a] = min(max(float(value), -_LARGEST_COUPLING), _LARGEST_COUPLING)
    least = float(np.linalg.eigvalsh(beside)[0])  # never above 0: their sum is 0
    room = 1.0 - _LEAST_EIGENVALUE
    return np.linalg.cholesky(np.eye(_TURNS) + beside * min(1.0, room / max(-least, room)))
