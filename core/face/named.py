"""The face's channels by the names of other programs: tables of weights, and what they make of ARKit's shapes."""

from collections.abc import Mapping

import numpy as np

from ..types import Array
from .shape_keys import SETS, KeySet, Weights
from .visemes import SILENCE, visemes_of

_BOTH = {"Left": "Left", "Right": "Right"}


def _columns(chosen: KeySet, prefix: str = "", sides: Mapping[str, str] = _BOTH) -> dict[str, Weights]:
    """Each key of a set in its first spelling, with what moves it; `*` becomes each side."""
    return {
        prefix + row.names[0].replace("*", short): row.on_side(side)
        for row in chosen.rows
        for side, short in (sides.items() if "*" in row.names[0] else (("", ""),))
    }


NAMED: Mapping[str, Mapping[str, Weights]] = {
    "metahuman": _columns(SETS["METAHUMAN"], "CTRL_expressions_", {"Left": "L", "Right": "R"}),
    "vrm": _columns(SETS["VRM"]),
    # facefx.com/documentation, Default Character Setup; its targets of the tongue and FV have nothing that moves them.
    "facefx": {
        "open": {"jawOpen": 1.0},
        "W": {"viseme_U": 1.0},
        "ShCh": {"mouthFunnel": 1.0},
        "PBM": {"viseme_PP": 1.0},
        "wide": {"viseme_E": 1.0},
        "Blink": {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5},
        "Eyebrow_Raise": {"browInnerUp": 1.0},
        "Squint": {"eyeSquintLeft": 0.5, "eyeSquintRight": 0.5},
    },
}
"""Names by naming, each with the channels of ARKit and the visemes that move it."""


def named(shapes: Mapping[str, Array], naming: str) -> dict[str, Array]:
    """Weights (T,), 0 to 1, by the names of a naming of NAMED, from those of ARKit's shapes."""
    return weighted(shapes, NAMED[naming])


def weighted(shapes: Mapping[str, Array], keys: Mapping[str, Weights]) -> dict[str, Array]:
    """Weights (T,), 0 to 1, of keys that channels move, from those of ARKit's shapes."""
    moving = {**visemes_of(shapes), **shapes}
    moving.pop(SILENCE, None)
    rest = np.zeros_like(next(iter(shapes.values())))
    return {
        key: np.clip(
            np.sum([weight * moving.get(channel, rest) for channel, weight in parts.items()], axis=0),
            0.0,
            1.0,
        )
        for key, parts in keys.items()
    }
