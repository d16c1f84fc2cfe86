"""Hyperparameters of the training of the manner network."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, fields, replace
from typing import Any

from mannerism.core.speech import NAMES

LICENCES = ("all", "clear")


@dataclass(frozen=True)
class Options:
    """One training; what is stored beside the weights, and whoever has the dataset can repeat.

    licence : all, or clear: only CC BY 4.0 and what is in the public domain
    share : of the persons who are learned from; those of a smaller share are among those of a larger one
    columns : of speech, the first so many
    code, statistics_embedding, vector, past, hidden, layers, head, components, vector_sd, temperature, gain : see `Sizes`
    window_s, reference_s : of what is predicted, and of what is known of the person at most
    batch : windows, over all processes
    warm_up, patience : steps; and checks without a better likelihood before it ends
    average : of the weights' running mean, per step
    dropout, input_noise, vector_noise, statistics_noise : the last three are standard deviations
    no_vector, no_statistics, no_voice, no_column : shares of the examples in which the network has to do without
    size, stretch, turn : augmentation: of size and duration (logarithms), of the axes (radians)
    contrast, contrast_temperature : weight of pulling vectors of one person together, and how sharply
    """

    steps: int = 1400
    seed: int = 0
    licence: str = "all"
    share: float = 1.0
    columns: int = NAMES.index("mel_01")
    code: int = 24
    statistics_embedding: int = 24
    vector: int = 16
    past: int = 3
    hidden: int = 224
    layers: int = 1
    head: int = 96
    components: int = 12
    vector_sd: float = 0.4
    temperature: float = 0.85
    gain: float = 1.25
    window_s: float = 9.6
    reference_s: float = 12.0
    batch: int = 40
    rate: float = 2e-3
    weight_decay: float = 0.03
    warm_up: int = 100
    average: float = 0.995
    check_every: int = 100
    patience: int = 8
    dropout: float = 0.1
    input_noise: float = 0.0
    vector_noise: float = 0.3
    statistics_noise: float = 0.15
    no_vector: float = 0.5
    no_statistics: float = 0.1
    no_voice: float = 0.25
    no_column: float = 0.1
    size: float = 0.35
    stretch: float = 0.0
    turn: float = 0.1
    contrast: float = 0.3
    contrast_temperature: float = 0.15


TOY = Options(
    steps=60,
    code=8,
    statistics_embedding=8,
    hidden=24,
    head=16,
    components=2,
    window_s=4.8,
    reference_s=6.0,
    batch=8,
    warm_up=10,
    average=0.9,
    check_every=20,
)
"""Seconds on one core; learns next to nothing."""


def add_arguments(parser: ArgumentParser) -> None:
    """An argument for each option, and --toy for the defaults of TOY."""
    parser.add_argument("--toy", action="store_true", help="small and short: only shows that it runs")
    for field in fields(Options):
        name = "--" + field.name.replace("_", "-")
        choices = LICENCES if field.name == "licence" else None
        parser.add_argument(
            name, type=type(field.default), choices=choices, help=f"{field.default} unless given"
        )


def options_of(arguments: Namespace) -> Options:
    """What was given, the rest as in Options, or TOY."""
    given: dict[str, Any] = {field.name: getattr(arguments, field.name) for field in fields(Options)}
    return replace(
        TOY if arguments.toy else Options(), **{k: value for k, value in given.items() if value is not None}
    )
