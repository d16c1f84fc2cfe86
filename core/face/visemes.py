"""Common visemes, as sums of ARKit shapes."""

from collections.abc import Mapping

import numpy as np

from ..types import Array

VISEMES: Mapping[str, Mapping[str, float]] = {
    "viseme_aa": {"jawOpen": 2.0},
    "viseme_E": {"mouthStretchLeft": 2.0, "mouthSmileLeft": 0.7},
    "viseme_O": {"mouthFunnel": 4.0},
    "viseme_U": {"mouthPucker": 1.0},
    "viseme_PP": {"mouthPressLeft": 1.5},
}
"""How much ARKit's shapes give to each viseme; what all together leave of 1 is `SILENCE`."""

SILENCE = "viseme_sil"


def visemes_of(shapes: Mapping[str, Array]) -> dict[str, Array]:
    """Viseme weights of VISEMES and SILENCE, each (T,), 0 to 1, that sum to 1.

    shapes : weights (T,) as `arkit` gives them; one that is missing rests
    """
    rest = np.zeros_like(next(iter(shapes.values())))
    found = {
        name: np.sum([weight * shapes.get(shape, rest) for shape, weight in parts.items()], axis=0)
        for name, parts in VISEMES.items()
    }
    whole = np.sum(list(found.values()), axis=0)
    shares = {name: values / np.maximum(whole, 1.0) for name, values in found.items()}
    return {**shares, SILENCE: np.maximum(1.0 - whole, 0.0)}
