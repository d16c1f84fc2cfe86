"""Motions that win popular figures and are no good: what the scorecard must not be fooled by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..style.grid import GridTrack
from .take import Take

Make = Callable[[Take, Sequence[Take], np.random.Generator], GridTrack]
"""A take, one take a pair of all others persons, randomness: to a motion on the samples of the target."""


@dataclass(frozen=True)
class Cheat:
    """make : see Make; exposed_by : the figure that is meant to expose it"""

    make: Make
    exposed_by: str


CHEATS: Mapping[str, Cheat] = {}
"""constant, half gain, over-smoothed, jitter, spectrum noise, reversed, wrong audio, other person, mean model"""


def cheat_takes(name: str, takes: Sequence[Take], seed: int = 0) -> list[Take]:
    """The takes of a cheat on the given pairs, one each, its name as system."""
    raise NotImplementedError
