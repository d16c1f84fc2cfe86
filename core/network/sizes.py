"""Hyperparameters of the manner network: layer sizes, standardisation of its inputs, sampling of its output."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..motion import GRID_HZ
from .mixture import DIMENSIONS
from .mixture import SIZE as MIXTURE_SIZE

PER_STEP = 2
"""Samples of the grid in a step of the network."""

STEP_S = PER_STEP / GRID_HZ

_RATES = 3


@dataclass(frozen=True)
class Sizes:
    """Hyperparameters of the manner network, kept as metadata of its weights file.

    speech, speech_mean, speech_sd : speech features by name, and the mean and standard deviation that standardise them
    statistics, statistics_mean, statistics_sd : the same of the statistics of a style
    vector_sd : standard deviation, in each dimension, of the prior of the style vector around the encoder's output
    past : past increments among the decoder's inputs
    memories_s : time constants of the running means of log speed among its inputs
    statistics_embedding : channels that the statistics are embedded in
    temperature : factor of the standard deviations of the mixture when a take is sampled
    gain : factor of the poses of a take
    """

    speech: tuple[str, ...]
    speech_mean: tuple[float, ...]
    speech_sd: tuple[float, ...]
    statistics: tuple[str, ...]
    statistics_mean: tuple[float, ...]
    statistics_sd: tuple[float, ...]
    vector: int = 16
    vector_sd: float = 0.4
    encoder: int = 64
    encoder_taps: int = 5
    encoder_dilations: tuple[int, ...] = (1, 2, 4, 8)
    code: int = 40
    code_taps: int = 5
    code_dilations: tuple[int, ...] = (1, 2, 4)
    statistics_embedding: int = 24
    past: int = 3
    memories_s: tuple[float, ...] = (0.25, 1.0, 3.0)
    hidden: int = 160
    layers: int = 1
    head: int = 96
    components: int = 6
    temperature: float = 1.0
    gain: float = 1.0

    @property
    def inputs(self) -> int:
        """Size of the input of a step: a pose, past increments and running means."""
        return DIMENSIONS * (1 + self.past) + len(self.memories_s)

    @property
    def condition(self) -> int:
        """Size of the condition: embedded statistics, then the style vector."""
        return self.statistics_embedding + self.vector

    @property
    def reach(self) -> int:
        """Receptive field of the speech encoder: steps to either side that a step's code depends on."""
        return sum(self.code_taps // 2 * dilation for dilation in self.code_dilations)

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The weights by name, in torch's layout."""
        speech, gates = PER_STEP * len(self.speech), 3 * self.hidden
        found: dict[str, tuple[int, ...]] = {}

        def add(name: str, outputs: int, *inputs: int) -> None:
            found[f"{name}.weight"], found[f"{name}.bias"] = (outputs, *inputs), (outputs,)

        add("encoder.first", self.encoder, PER_STEP * _RATES + speech, 1)
        for i in range(len(self.encoder_dilations)):
            add(f"encoder.layers.{i}", self.encoder, self.encoder, self.encoder_taps)
        add("encoder.score", 1, self.encoder, 1)
        add("encoder.last", self.vector, 2 * self.encoder)
        for i in range(len(self.code_dilations)):
            add(f"speech_encoder.{i}", self.code, self.code if i else speech, self.code_taps)
        add("statistics_embedding", self.statistics_embedding, len(self.statistics))
        for layer in range(self.layers):
            inputs = self.hidden if layer else self.inputs + self.code + self.condition
            found[f"unit.weight_ih_l{layer}"] = (gates, inputs)
            found[f"unit.weight_hh_l{layer}"] = (gates, self.hidden)
            found[f"unit.bias_ih_l{layer}"] = found[f"unit.bias_hh_l{layer}"] = (gates,)
        add("head", self.head, self.hidden + self.code + self.condition)
        add("mixture", self.components * MIXTURE_SIZE, self.head)
        return found

    def to_json(self) -> str:
        """Serialise for the metadata of a weights file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Sizes":
        """Parse what `to_json` wrote. Raises ValueError or TypeError for anything else."""
        given = json.loads(text)
        if not isinstance(given, dict) or given.keys() != {field.name for field in fields(cls)}:
            raise ValueError("sizes have other names")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return cls(**values)
