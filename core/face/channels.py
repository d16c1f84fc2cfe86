"""Face motion as named blendshape channels: ARKit shapes.

What our numbers add to ARKit's shapes lies in channels.json, learned by `training/face/blendshapes.py` from
what Google's blendshape model (Apache-2.0) sees in the same frames.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..types import Array
from .doses import USUAL, ExpressionDoses
from .expression_parts import PARTS
from .motion import FaceMotion

LEARNED = Path(__file__).with_name("channels.json")
_SIDES = ("Left", "Right")
_JAW = "jawOpen"
_BY_GEOMETRY = {
    "cheekSquint*": [0.0, 0.0, 0.0, 0.0, 200.0, 0.0, 0.0, 0.0],
    "noseSneer*": [0.0, 0.0, 0.0, 0.0, 0.0, 250.0, 0.0, 0.0],
}
"""Google's model says nothing of these: a cheek that rises by 5 mm, a wing of the nose by 4 mm, is all that they can do."""


def arkit(face: FaceMotion, doses: ExpressionDoses = USUAL) -> dict[str, Array]:
    """ARKit blendshape weights of mouth, lids, brows and cheeks, each (T,), 0 to 1; those not listed rest.

    doses : a part with a dose of 0 is not listed; how much it moves is in the motion
    """
    moved = {name: face.mouth @ np.array(weights) for name, weights in table().items()}
    # ARKit's lips part with the jaw, and mouthClose brings them together again: for the part of the jaw's
    # opening that does not go with the lips' own.
    jaw = _unit(moved[_JAW])
    parted = face.mouth[:, 0] * table()[_JAW][0]
    return {
        **{name: _unit(values) for name, values in moved.items()},
        "mouthClose": np.clip(jaw - np.maximum(parted, 0.0), 0.0, 1.0),
        **{f"eyeBlink{side}": _unit(face.blink) for side in _SIDES},
        **{
            name: _unit(face.expression @ weights)
            for part, columns in PARTS.items()
            if getattr(doses, part)
            for name, weights in expression_table().items()
            if weights[columns].any()
        },
    }


@cache
def table() -> Mapping[str, list[float]]:
    """ARKit weights by name for one metre of each mouth coefficient."""
    learned: dict[str, list[float]] = _learned()["shapes"]
    return {
        name.replace("*", side): row
        for name, row in learned.items()
        for side in (_SIDES if "*" in name else ("",))
    }


@cache
def expression_table() -> Mapping[str, Array]:
    """ARKit weights by name for one metre of each number of `expression.py`, (8,), each of one part's numbers.

    The learned rows stand for the left; the right ones have the brows' first two numbers the other way round.
    """
    found: dict[str, Array] = {}
    rows: dict[str, list[float]] = {**_learned()["expression"], **_BY_GEOMETRY}
    for name, row in rows.items():
        weights = np.array(row, np.float64)
        mirrored = weights[[1, 0, *range(2, len(weights))]]
        if "*" in name:
            found |= {name.replace("*", _SIDES[0]): weights, name.replace("*", _SIDES[1]): mirrored}
        else:
            found[name] = 0.5 * (weights + mirrored)
    return found


def _learned() -> Any:
    return json.loads(LEARNED.read_text(encoding="utf-8"))


def _unit(values: Array) -> Array:
    return np.asarray(np.clip(values, 0.0, 1.0))
