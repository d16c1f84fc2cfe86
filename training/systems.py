"""The rows of the table: engines, and the default one with a part of it, or of what it is given, changed."""

from collections.abc import Container, Mapping
from pathlib import Path

from mannerism.core.generate import ENGINES
from mannerism.core.generate.controls import DEFAULT_ENGINE
from mannerism.core.generate.engine import Engine
from mannerism.core.network.manner import PATH
from mannerism.training.given import (
    Change,
    nothing,
    reference_of,
    without_adaptation,
    without_statistics,
    without_vector,
    without_voice,
    wrong_speech,
    wrong_style,
)
from mannerism.training.takes import System

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

ROWS: Mapping[str, tuple[str, Change]] = {
    **{name: (name, nothing) for name in (*ENGINES, BASELINE)},
    **{name: (DEFAULT_ENGINE, change) for name, change in CHANGED.items()},
}
"""All rows: of which engine each is, and what is changed of what that is given."""

WEIGHTS = tuple(PATH.parent.glob(PATH.name))
"""What takes of the default engine depend on, where it is there; no other of ENGINES reads any."""


def systems(names: Container[str], baseline: Engine | None, baseline_weights: Path) -> list[System]:
    """Rows by their names. Without a baseline its row must not be asked for."""
    engines = ENGINES if baseline is None else {**ENGINES, BASELINE: baseline}
    weights = {DEFAULT_ENGINE: WEIGHTS, BASELINE: (baseline_weights,)}
    return [
        System(name, engines[engine], change, weights.get(engine, ()))
        for name, (engine, change) in ROWS.items()
        if name in names
    ]
