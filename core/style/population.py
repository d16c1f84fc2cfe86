"""Population statistics of head motion, and shrinkage of a short measurement towards them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..types import Array
from .schema import DRIVES, STATISTICS

PATH = Path(__file__).with_name("population.json")
VERSION = 1


@dataclass(frozen=True)
class Spread:
    """One statistic among people, in its own unit.

    mean : over persons
    between : variance of persons' true values
    situation : variance of one person's value from one recording to another
    sampling : variance of a recording's value times its seconds of speech: it falls with length
    """

    mean: float
    between: float
    situation: float
    sampling: float

    def trust(self, speech_s: float) -> float:
        """Share of a measured deviation from the mean that is the person's: between / total."""
        total = self.between + self.situation + self.sampling / max(speech_s, 1e-3)
        return self.between / total if total > 0 else 0.0


@dataclass(frozen=True)
class Population:
    """The statistics of many speakers, and how their voices' drives are distributed.

    speech_share : share of time in speech
    drive_mean, drive_sd, drive_correlation : (3,), (3,), (3, 3) of `coupling.raw_drives` in speech
    made_of : kinds of sources, persons, clips and minutes
    """

    spreads: Mapping[str, Spread]
    speech_share: float
    drive_mean: Array
    drive_sd: Array
    drive_correlation: Array
    made_of: Mapping[str, Any]

    def means(self) -> dict[str, float]:
        """The statistics of nobody in particular."""
        return {name: spread.mean for name, spread in self.spreads.items()}

    def shrink(self, measured: Mapping[str, float], speech_s: float) -> dict[str, float]:
        """Each measured statistic drawn to the mean as far as it is not to be trusted.

        The best linear prediction of the person's own value (James and Stein 1961; Efron and
        Morris 1975, with variances that are known). What was not measured is the mean.
        """
        shrunken = self.means()
        for name, value in measured.items():
            spread = self.spreads[name]
            shrunken[name] += spread.trust(speech_s) * (value - spread.mean)
        return shrunken


@cache
def load_population() -> Population:
    """The population that ships with the package."""
    content = json.loads(PATH.read_text(encoding="utf-8"))
    if content["version"] != VERSION or content["statistics"].keys() != STATISTICS.keys():
        raise ValueError(f"{PATH.name} does not belong to this version; run training/data/population.py")
    drives = content["drives"]
    return Population(
        spreads={name: Spread(**values) for name, values in content["statistics"].items()},
        speech_share=content["speech_share"],
        drive_mean=np.array([drives[name]["mean"] for name in DRIVES]),
        drive_sd=np.array([drives[name]["sd"] for name in DRIVES]),
        drive_correlation=np.array(content["drive_correlation"]),
        made_of=content["made_of"],
    )
