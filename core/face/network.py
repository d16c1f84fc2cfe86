"""Mouth network: dilated 1-D convolutions over log-mel and phonetic features, with one output for two frames.

One step takes two frames of `log_mel.py` and one projected feature of `whisper_front.py`. Its outputs are the mouth
coefficients in units of the speaker's own gain, and the logit of lip closure. The weights are the same for every
speaker; trained by `training/face/train.py`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..network.layers import Floats, conv, layer_norm, linear, silu
from ..network.weights import Weights, network_of
from ..types import Array, Float32Array
from .gap_map import LEVELS
from .log_mel import BANDS, LOG_MEL_HZ
from .mouth import basis
from .whisper_front import WIDTH as PHONETIC_WIDTH

PATH = Path(__file__).parents[1] / "weights" / "face.safetensors"

PER_STEP = 2
STEP_HZ = LOG_MEL_HZ // PER_STEP
TAPS = 5
DILATIONS, SCALE, CLOSED_FROM = "dilations", "scale", "closed_from"
"""Names in the metadata: the layers' dilations; what the outputs are multiplied by, beside the gain; from which
probability on lips are closed."""

PREDICTED, SEEN = "predicted_gaps", "seen_gaps"
"""Names in the metadata: quantiles of people's openings at `gap_map.LEVELS` in units of the gain, as the network
predicts them and as they are seen."""

_AT_ONCE = 3000  # steps: a minute, so that an hour needs no more memory than that


class MouthNetwork:
    """Mouth network with its weights, for inference.

    closed_from : probability from which on the lips close
    predicted, seen : (len(LEVELS),) quantiles of people's openings, units of the gain
    """

    def __init__(self, weights: Weights) -> None:
        self._arrays = weights.arrays
        self._dilations: list[int] = json.loads(weights.metadata[DILATIONS])
        self._scale = np.array(json.loads(weights.metadata[SCALE]), np.float64)
        self.closed_from = float(weights.metadata[CLOSED_FROM])
        self.predicted, self.seen = (
            np.array(json.loads(weights.metadata[name]), np.float64) for name in (PREDICTED, SEEN)
        )
        phonetic, width = (len(self._arrays[f"{name}.bias"]) for name in ("project", "first"))
        expected = shapes(phonetic, width, len(self._dilations), len(basis()))
        if {name: array.shape for name, array in self._arrays.items()} != expected:
            raise ValueError("weights are of another network")
        if not self.predicted.shape == self.seen.shape == LEVELS.shape:
            raise ValueError("quantiles are of other levels")

    def project(self, phonetic: Float32Array) -> Float32Array:
        """Project features (N, WIDTH) of `whisper_front.py` to what `predict` takes of them, (N, E)."""
        weight, bias = self._arrays["project.weight"].T, self._arrays["project.bias"]
        return linear(phonetic.astype(np.float64), weight, bias).astype(np.float32)

    def predict(self, log_mel: Floats, phonetic: Floats) -> tuple[Array, Array]:
        """Predict mouth coefficients (N, K) in units of the gain, and lip closure probability (N,), at i / STEP_HZ.

        log_mel : (T, BANDS), T from 1 on
        phonetic : (N, E) as from `project`, N = T / PER_STEP rounded up
        """
        steps = len(phonetic)
        whole = np.pad(log_mel, ((0, steps * PER_STEP - len(log_mel)), (0, 0)), mode="edge")
        x = np.concatenate([whole.reshape(steps, PER_STEP * BANDS), phonetic], axis=1)
        reach = TAPS // 2 * (1 + sum(self._dilations))
        predicted = []
        for first in range(0, steps, _AT_ONCE):
            begin, end = max(0, first - reach), min(steps, first + _AT_ONCE + reach)
            part = self._forward(np.ascontiguousarray(x[None, begin:end]))
            predicted.append(part[first - begin : min(steps, first + _AT_ONCE) - begin])
        outputs = np.concatenate(predicted)
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


def shapes(phonetic: int, width: int, layers: int, numbers: int) -> Mapping[str, tuple[int, ...]]:
    """Weight names and shapes, in torch's layout, for E phonetic features and K mouth coefficients."""
    found: dict[str, tuple[int, ...]] = {}
    parts: dict[str, tuple[int, ...]] = {
        "project": (phonetic, PHONETIC_WIDTH),
        "first": (width, PER_STEP * BANDS + phonetic, TAPS),
        "last": (numbers + 1, width, 1),
    }
    parts |= {f"layers.{i}": (width, width, TAPS) for i in range(layers)}
    for name, shape in parts.items():
        found[f"{name}.weight"], found[f"{name}.bias"] = shape, shape[:1]
    return found


def mouth_network(path: Path = PATH) -> MouthNetwork:
    """Load the network of a weights file, by default the shipped one.

    Raises
    ------
    MissingPartError : the file is missing, damaged, or no such file
    """
    return network_of(path, MouthNetwork)
