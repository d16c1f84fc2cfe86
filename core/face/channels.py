"""Face motion as named blendshape channels: ARKit shapes, and common visemes.

What our numbers add to ARKit's shapes lies in channels.json, learned by `training/face/blendshapes.py` from
what Google's blendshape model (Apache-2.0) sees in the same frames.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from ..types import Array
from .motion import FaceMotion

LEARNED = Path(__file__).with_name("channels.json")
_SIDES = ("Left", "Right")
_BROW_M = 0.008  # a raise that is all that brows can do
_JAW = "jawOpen"

VISEMES: Mapping[str, Mapping[str, float]] = {
    "viseme_aa": {"jawOpen": 2.0},
    "viseme_E": {"mouthStretchLeft": 2.0, "mouthSmileLeft": 0.7},
    "viseme_O": {"mouthFunnel": 4.0},
    "viseme_U": {"mouthPucker": 1.0},
    "viseme_PP": {"mouthPressLeft": 1.5},
}
"""How much ARKit's shapes give to each viseme; what all together leave of 1 is `SILENCE`."""

SILENCE = "viseme_sil"


def arkit(face: FaceMotion) -> dict[str, Array]:
    """ARKit blendshape weights of mouth, lids and brows, each (T,), 0 to 1; those not listed rest."""
    moved = {name: face.mouth @ np.array(weights) for name, weights in table().items()}
    # ARKit's lips part with the jaw, and mouthClose brings them together again: for the part of the jaw's
    # opening that does not go with the lips' own.
    jaw = _unit(moved[_JAW])
    parted = face.mouth[:, 0] * table()[_JAW][0]
    return {
        **{name: _unit(values) for name, values in moved.items()},
        "mouthClose": np.clip(jaw - np.maximum(parted, 0.0), 0.0, 1.0),
        **{f"eyeBlink{side}": _unit(face.blink) for side in _SIDES},
        "browInnerUp": _unit(face.brows / _BROW_M),
        **{f"browOuterUp{side}": _unit(0.5 * face.brows / _BROW_M) for side in _SIDES},
    }


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


@cache
def table() -> Mapping[str, list[float]]:
    """ARKit weights by name for one metre of each mouth coefficient."""
    learned: dict[str, list[float]] = json.loads(LEARNED.read_text(encoding="utf-8"))["shapes"]
    return {
        name.replace("*", side): row
        for name, row in learned.items()
        for side in (_SIDES if "*" in name else ("",))
    }


def _unit(values: Array) -> Array:
    return np.asarray(np.clip(values, 0.0, 1.0))
