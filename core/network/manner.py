"""Manner network: encodes a reference as a style vector, and predicts head motion step by step from it.

Two samples of the grid are one step of the network. Angles and translation are expressed in the person's own units:
poses in their standard deviations, rates and increments in their mean speeds. Three parts:

- the *encoder* turns a reference's rates and its speech into a unit vector, by dilated convolutions and
  attentive pooling;
- the *speech encoder* turns speech into a code of each step, by convolutions with
  a receptive field of a second or so to either side;
- the *decoder*, a recurrent mixture density network, gives a mixture of normal distributions of the next increment from the code,
  the condition (statistics and vector) and the motion so far (`decoder.py`).

Where a part is dropped in training, zeros stand for it: a vector of zeros, statistics of zeros (the mean
of all), speech of zeros (its mean).
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MissingPartError
from ..types import Array, BoolArray, Float32Array
from .correction import Calibration, Correction
from .layers import Floats, attentive_pool, conv, layer_norm, linear, silu
from .recurrent import Unit
from .sizes import PER_STEP, Sizes
from .weights import Weights, network_of

_log = logging.getLogger(__name__)

PATH = Path(__file__).parents[1] / "weights" / "manner.safetensors"

LARGEST_STATISTIC = 4.0
"""Clipping limit of standardised statistics."""

SIZES, VERSION, OPTIONS, CALIBRATION = "sizes", "version", "options", "calibration"
"""Keys in the metadata of a weights file: `Sizes` as JSON, an identifier of the encoder, the training's
options as JSON, which inference does not need, and `Calibration` as JSON, which may be missing."""


class Manner:
    """Manner network for inference, in float64.

    version : identifier of the encoder: style vectors of other versions mean something else
    calibration : None where nothing is corrected
    """

    def __init__(
        self,
        sizes: Sizes,
        arrays: Mapping[str, Floats],
        version: str,
        calibration: Calibration | None = None,
    ) -> None:
        self.sizes = sizes
        self.version = version
        self.calibration = calibration
        self._arrays = arrays
        self.units = [Unit.named(arrays, "unit.", layer) for layer in range(sizes.layers)]

    def encode(self, rates: Floats, speech: Floats, valid: BoolArray) -> Array:
        """Style vector of a reference, (V,), of unit length.

        rates : (T, 3) over the person's mean rates
        speech : (T, F) as from `standardise_speech`
        valid : (T,), True somewhere
        """
        steps = len(rates) // PER_STEP
        x = _steps(np.concatenate([rates, speech], axis=1))  # (1 x steps x PER_STEP (3 + F))
        inside = valid[: steps * PER_STEP].reshape(1, steps, PER_STEP).all(axis=2)  # (1 x steps)
        h = self._conv(x, "encoder.first") * inside[..., None]  # (1 x steps x C)
        for i, dilation in enumerate(self.sizes.encoder_dilations):
            h += silu(self._conv(layer_norm(h), f"encoder.layers.{i}", dilation)) * inside[..., None]
        pooled = attentive_pool(h, self._conv(h, "encoder.score"), inside)  # (1 x 2 C)
        vector = linear(pooled, *self.matrix("encoder.last"))[0]  # (V,)
        return np.asarray(vector / np.linalg.norm(vector))

    def standardise_speech(self, columns: Float32Array) -> Array:
        """Standardise speech features, columns as in `Sizes.speech`."""
        return (columns - np.array(self.sizes.speech_mean)) / np.array(self.sizes.speech_sd)

    def code(self, speech: Array) -> Array:
        """Encode speech as codes (T / 2, C); (T, F) as from `standardise_speech`, T even; beyond its ends there is silence."""
        x = _steps(speech)  # (1 x T / 2 x 2 F)
        h = silu(self._conv(x, "speech_encoder.0", self.sizes.code_dilations[0]))  # (1 x T / 2 x C)
        for i, dilation in enumerate(self.sizes.code_dilations[1:], 1):
            h += silu(self._conv(layer_norm(h), f"speech_encoder.{i}", dilation))
        return h[0]

    def code_without_speech(self) -> Array:
        """Code (C,) of a step without speech input: the unconditional branch of classifier-free guidance."""
        reach = self.sizes.reach
        return self.code(np.zeros((PER_STEP * (2 * reach + 1), len(self.sizes.speech))))[reach]

    def condition(self, statistics: ArrayLike, vectors: Array) -> Array:
        """Conditions (B, P) from statistics (S,), in the order of `Sizes.statistics`, and style vectors (B, V)."""
        embedded = silu(linear(self.standardised(statistics), *self.matrix("statistics_embedding")))  # (E,)
        return np.concatenate(
            [np.repeat(embedded[None], len(vectors), axis=0), vectors], axis=1
        )  # (B x (E + V))

    def standardised(self, statistics: ArrayLike) -> Array:
        """Statistics (S,), in the order of `Sizes.statistics`, in standard deviations from their means, clipped."""
        sizes = self.sizes
        standard = (np.asarray(statistics) - np.array(sizes.statistics_mean)) / np.array(sizes.statistics_sd)
        return np.clip(standard, -LARGEST_STATISTIC, LARGEST_STATISTIC)

    def correction(self, statistics: Mapping[str, float], vector: Array) -> Correction:
        """What is done to increments in a style: its statistics by name, and its vector (V,)."""
        if self.calibration is None:
            return Correction()
        standardised = self.standardised([statistics[name] for name in self.sizes.statistics])
        return self.calibration.correction(statistics, standardised, vector)

    def matrix(self, name: str) -> tuple[Floats, Floats]:
        """Weight (I, O) and bias (O,) of a linear layer."""
        return self._arrays[f"{name}.weight"].T, self._arrays[f"{name}.bias"]

    def _conv(self, x: Floats, name: str, dilation: int = 1) -> Floats:
        weight = np.ascontiguousarray(self._arrays[f"{name}.weight"].transpose(2, 1, 0))  # (K x C_in x C_out)
        return conv(x, weight, self._arrays[f"{name}.bias"], dilation)


def has_manner() -> bool:
    """Whether weights are installed."""
    return PATH.exists()


def load_manner() -> Manner:
    """Load the network with the installed weights.

    Raises
    ------
    MissingPartError : there are none, or they do not fit this version
    """
    if not has_manner():
        raise MissingPartError(
            "The engine actor needs weights that are not installed",
            "Install Mannerism again, or choose the engine puppet",
        )
    return read_manner(PATH)


def read_manner(path: Path) -> Manner:
    """Load the network of a weights file, read once. Raises MissingPartError where it does not fit this version."""
    return network_of(path, _manner_of)


def _manner_of(weights: Weights) -> Manner:
    sizes, version = Sizes.from_json(weights.metadata[SIZES]), weights.metadata[VERSION]
    if {key: array.shape for key, array in weights.arrays.items()} != sizes.shapes:
        raise ValueError("arrays of other shapes")
    calibration = None
    if CALIBRATION in weights.metadata:
        inputs = 1 + len(sizes.statistics) + sizes.vector
        calibration = Calibration.from_json(weights.metadata[CALIBRATION], inputs)
    _log.info("Weights of version %s", version)
    return Manner(sizes, weights.arrays, version, calibration)


def _steps(samples: Floats) -> Floats:
    """Stack samples (T, C) into one sequence of steps (1, T / PER_STEP, PER_STEP C); an odd last one is dropped."""
    steps = len(samples) // PER_STEP
    return np.ascontiguousarray(samples[: steps * PER_STEP]).reshape(1, steps, -1)
