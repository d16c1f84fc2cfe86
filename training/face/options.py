"""Hyperparameters of the training of the mouth network."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """One training; stored beside the weights.

    phonetic : numbers that are kept of each phonetic feature
    window : steps of the network; batch, made_up : windows of talks and of made-up lines
    lines : how many made-up lines there are
    others : weight of the numbers beside the opening
    velocity : weight of how the shape changes
    small : additional weight of openings that are nearly closed
    closures : weight of how likely lips are closed
    sounds : weight of which sound is spoken
    average : of the weights' running mean, per step
    """

    steps: int = 800
    seed: int = 0
    phonetic: int = 64
    width: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 2, 1)
    dropout: float = 0.3
    window: int = 160
    batch: int = 16
    made_up: int = 4
    lines: int = 48
    rate: float = 2e-3
    weight_decay: float = 0.03
    others: float = 0.4
    velocity: float = 0.5
    small: float = 0.5
    closures: float = 3.0
    sounds: float = 0.5
    average: float = 0.995
    check_every: int = 100


TOY = Options(steps=30, phonetic=8, width=16, dilations=(1, 2), batch=4, made_up=2, lines=4, check_every=10)
"""Seconds on one core; learns next to nothing."""
