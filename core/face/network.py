"""The network from speech to mouth: dilated convolutions over log-mel features.

Two samples of `log_mel.py` are one step. Its output for a step is the mouth's shape in units of the
speaker's own gain, and how likely the lips are closed. It is the same for everybody; trained by
`training/face/train.py`.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..errors import MissingPartError
from ..network.layers import Floats, conv, layer_norm, silu
from ..network.weights import Weights, read_weights
from ..types import Array
from .log_mel import BANDS, HEARD_HZ
from .mouth import basis

PATH = Path(__file__).parents[1] / "weights" / "face.safetensors"

PER_STEP = 2
STEP_HZ = HEARD_HZ // PER_STEP
TAPS = 5
DILATIONS, SCALE, CLOSED_FROM = "dilations", "scale", "closed_from"
"""Names in the metadata: the layers' dilations; what the outputs are multiplied by, beside the gain; from which
probability on lips are closed."""

_AT_ONCE = 3000  # steps: a minute, so that an hour needs no more memory than that


class MouthNetwork:
    """The network, ready to run.

    closed_from : probability from which on the lips close
    """

    def __init__(self, weights: Weights) -> None:
        self._arrays = weights.arrays
        self._dilations: list[int] = json.loads(weights.metadata[DILATIONS])
        self._scale = np.array(json.loads(weights.metadata[SCALE]), np.float64)
        self.closed_from = float(weights.metadata[CLOSED_FROM])
        if {name: array.shape for name, array in self._arrays.items()} != shapes(
            self._arrays["first.bias"].shape[0], len(self._dilations), len(basis())
        ):
            raise ValueError("weights are of another network")

    def tell(self, heard: Floats) -> tuple[Array, Array]:
        """Mouth shapes (N, K) in units of the gain, and the probability of closed lips (N,), at i / STEP_HZ.

        heard : (T, BANDS), T from 1 on, N = T / PER_STEP rounded up
        """
        steps = -(-len(heard) // PER_STEP)
        whole = np.pad(heard, ((0, steps * PER_STEP - len(heard)), (0, 0)), mode="edge")
        x = whole.reshape(steps, PER_STEP * BANDS)
        reach = TAPS // 2 * (1 + sum(self._dilations))
        told = []
        for first in range(0, steps, _AT_ONCE):
            begin, end = max(0, first - reach), min(steps, first + _AT_ONCE + reach)
            part = self._forward(np.ascontiguousarray(x[None, begin:end]))
            told.append(part[first - begin : min(steps, first + _AT_ONCE) - begin])
        outputs = np.concatenate(told)
        closed = 0.5 + 0.5 * np.tanh(0.5 * outputs[:, -1])
        return np.asarray(outputs[:, :-1] * self._scale), np.asarray(closed)

    def _forward(self, x: Floats) -> Floats:
        h = self._conv(x, "first")
        for i, dilation in enumerate(self._dilations):
            h += silu(self._conv(layer_norm(h), f"layers.{i}", dilation))
        return self._conv(silu(layer_norm(h)), "last")[0]

    def _conv(self, x: Floats, name: str, dilation: int = 1) -> Floats:
        weight = np.ascontiguousarray(self._arrays[f"{name}.weight"].transpose(2, 1, 0))
        return conv(x, weight, self._arrays[f"{name}.bias"], dilation)


def shapes(width: int, layers: int, numbers: int) -> Mapping[str, tuple[int, ...]]:
    """The weights by name, in torch's layout, for mouths of so many numbers."""
    found: dict[str, tuple[int, ...]] = {}
    parts = {"first": (width, PER_STEP * BANDS, TAPS), "last": (numbers + 1, width, 1)}
    parts |= {f"layers.{i}": (width, width, TAPS) for i in range(layers)}
    for name, shape in parts.items():
        found[f"{name}.weight"], found[f"{name}.bias"] = shape, shape[:1]
    return found


def mouth_network(path: Path = PATH) -> MouthNetwork:
    """The network of a weights file, by default the shipped one.

    Raises
    ------
    MissingPartError : the file is missing, damaged, or no such file
    """
    weights = read_weights(path)
    try:
        return _ready(weights)
    except (KeyError, TypeError, ValueError) as error:
        raise MissingPartError(
            f"The weights “{path.name}” are not of this version's network", "Install Mannerism again"
        ) from error


@lru_cache(maxsize=2)
def _ready(weights: Weights) -> MouthNetwork:
    return MouthNetwork(weights)
