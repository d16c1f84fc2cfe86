"""Settings of one take, and the table of their sliders. No numpy: the command line's help reads it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import SettingsError
from ..slider import Slider, slider, sliders_of
from .engine import DEFAULT_ENGINE

LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class GenerationSettings:
    """One take.

    seed : another one, another take; 0 to LARGEST_SEED
    engine : a name in ENGINES

    The others are SLIDERS: 0 for without, 1 as the person does. A new one is one row here: the command line, manifests, the worker and the
    sidebar read the table, and the engines read the field.

    Raises
    ------
    SettingsError : the seed or a slider lies outside its range
    """

    seed: int = 0
    engine: str = DEFAULT_ENGINE
    personality: float = slider(
        "Personality",
        2.0,
        "How strongly the manner is this person's: 0 is people in general, 1 is the person, more exaggerates",
    )
    voice: float = slider(
        "Follow Voice",
        2.0,
        "How closely the head follows the voice: 0 is not at all, 1 is as the person does",
    )
    intensity: float = slider(
        "Intensity",
        4.0,
        "How far the head moves: 0 is rest, 1 is as the person does",
    )

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise SettingsError(
                f"The seed {self.seed} is out of range", f"Choose one from 0 to {LARGEST_SEED}"
            )
        for name, limits in SLIDERS.items():
            value = getattr(self, name)
            if value != limits.usual and not limits.allows(value):
                problem = f"The {name} {value:g} is out of range"
                raise SettingsError(problem, f"Choose one from 0 to {limits.largest:g}")


SLIDERS: Mapping[str, Slider] = sliders_of(GenerationSettings)
"""Sliders by the name of their field, in the order in which the sidebar shows them."""


def first_seed(line: str) -> int:
    """The seed that a line's first take has unless another one is asked for, from 0 to 999,999.

    A seed is a take: the same on every line, so that a line which is recorded again keeps its take.
    That is why lines start from different ones, by their name: a file's stem, or a manifest's id.
    """
    return int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big") % 1_000_000
