"""Systems of the scorecard: engines, and ablations of the default one."""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from mannerism.core.generate import ENGINES
from mannerism.core.generate.actor import Actor
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.core.network.manner import PATH, read_manner
from mannerism.training.evaluation.ablations import (
    Change,
    encoded_by,
    reference_of,
    without_adaptation,
    without_statistics,
    without_vector,
    without_voice,
    wrong_speech,
    wrong_style,
)
from mannerism.training.evaluation.takes import System

CLEAR = "clear licence"
"""The actor with weights that were trained on clips of clear licence alone."""

BASELINE = "baseline"
RIVAL = "puppet"
"""What the default engine must not be worse than."""

WRONG_STYLE, WRONG_SPEECH = "wrong style", "wrong speech"

CHANGED: Mapping[str, Change] = {
    "no style vector": without_vector,
    "no statistics": without_statistics,
    "no adaptation": without_adaptation,
    "no audio": without_voice,
    "reference of 5 s": reference_of(5.0),
    "reference of 10 s": reference_of(10.0),
    "reference of 15 s": reference_of(15.0),
    WRONG_STYLE: wrong_style,
    WRONG_SPEECH: wrong_speech,
}
"""Rows of the default engine, each with one thing changed."""

ROWS = (*ENGINES, CLEAR, BASELINE, *CHANGED)
"""All rows."""

_READ = {"actor": tuple(PATH.parent.glob(PATH.name))}
"""The weights that takes of engines depend on, where they are there."""


def systems(names: Container[str], others: Iterable[System] = ()) -> list[System]:
    """Systems by name, and of others, which this module cannot list, those that are named."""
    engines = [System(name, engine, weights=_READ.get(name, ())) for name, engine in ENGINES.items()]
    engine, weights = ENGINES[DEFAULT_ENGINE], _READ.get(DEFAULT_ENGINE, ())
    changed = [System(name, engine, change, weights) for name, change in CHANGED.items()]
    return [system for system in (*engines, *others, *changed) if system.name in names]


def actor_of(name: str, weights: Path) -> System:
    """A row of the actor with other weights, whose encoder also makes its styles. Raises MissingPartError."""
    manner = read_manner(weights)
    return System(name, Actor(manner), encoded_by(manner), (weights,))
