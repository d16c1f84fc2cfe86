"""The network of the learned manner: a reference to a vector, and a vector, a voice and a past to what comes next.

It sees two samples of the grid as one step. Angles and translation are told in the person's own units:
poses in their standard deviations, rates and increments in their mean speeds. Three parts:

- the *encoder* turns a reference's rates and its speech into a unit vector, by dilated convolutions and
  attentive pooling;
- the *ear* turns speech into a code of each step, by convolutions that see a second or so to either side;
- the *decoder*, recurrent, gives a mixture of normal distributions of the next increment from the code,
  the condition (statistics and vector) and what it did before (`decoder.py`).

Where a part is dropped in training, zeros stand for it: a vector of zeros, statistics of zeros (the mean
of all), speech of zeros (its mean).
"""

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..errors import MissingPartError
from ..types import Array, BoolArray, Float32Array
from .layers import Floats, attentive_pool, conv, layer_norm, linear, silu
from .recurrent import Unit
from .sizes import PER_STEP, Sizes
from .weights import Weights, read_weights

_log = logging.getLogger(__name__)

PATH = Path(__file__).parents[1] / "weights" / "manner.safetensors"

LARGEST_STATISTIC = 4.0
"""Standardised statistics are heard up to it."""

SIZES, VERSION, OPTIONS = "sizes", "version", "options"
"""Names in the metadata of a weights file: of `Sizes` as JSON, of what tells its encoder from others, and of
the training's options as JSON, which no network needs."""


class Manner:
    """The network, ready to run; all of it in float64.

    version : tells the encoder, and so what its vectors mean, from those of other weights
    """

    def __init__(self, sizes: Sizes, arrays: Mapping[str, Floats], version: str) -> None:
        self.sizes = sizes
        self.version = version
        self._arrays = arrays
        self.units = [Unit.named(arrays, "unit.", layer) for layer in range(sizes.layers)]

    def encode(self, rates: Floats, heard: Floats, valid: BoolArray) -> Array:
        """The unit vector of a reference.

        rates : (T, 3) over the person's mean rates
        heard : (T, F) as from `hears`
        valid : (T,), True somewhere
        """
        steps = len(rates) // PER_STEP
        x = _steps(np.concatenate([rates, heard], axis=1))
        inside = valid[: steps * PER_STEP].reshape(1, steps, PER_STEP).all(axis=2)
        h = self._conv(x, "encoder.first") * inside[..., None]
        for i, dilation in enumerate(self.sizes.encoder_dilations):
            h += silu(self._conv(layer_norm(h), f"encoder.layers.{i}", dilation)) * inside[..., None]
        pooled = attentive_pool(h, self._conv(h, "encoder.score"), inside)
        vector = linear(pooled, *self.matrix("encoder.last"))[0]
        return np.asarray(vector / np.linalg.norm(vector))

    def hears(self, columns: Float32Array) -> Array:
        """Speech, its columns as `Sizes.heard` names them, standardised."""
        return (columns - np.array(self.sizes.heard_mean)) / np.array(self.sizes.heard_sd)

    def code(self, heard: Array) -> Array:
        """The codes (T / 2, C) of speech (T, F) as from `hears`, T even; beyond its ends there is silence."""
        x = _steps(heard)
        h = silu(self._conv(x, "ear.0", self.sizes.code_dilations[0]))
        for i, dilation in enumerate(self.sizes.code_dilations[1:], 1):
            h += silu(self._conv(layer_norm(h), f"ear.{i}", dilation))
        return h[0]

    def deaf_code(self) -> Array:
        """The code (C,) of not hearing."""
        reach = self.sizes.reach
        return self.code(np.zeros((PER_STEP * (2 * reach + 1), len(self.sizes.heard))))[reach]

    def condition(self, statistics: ArrayLike, vectors: Array) -> Array:
        """Conditions (B, P) of statistics (S,), as `Sizes.statistics` names them, and vectors (B, V)."""
        sizes = self.sizes
        standard = (np.asarray(statistics) - np.array(sizes.statistics_mean)) / np.array(sizes.statistics_sd)
        standard = np.clip(standard, -LARGEST_STATISTIC, LARGEST_STATISTIC)
        told = silu(linear(standard, *self.matrix("tell")))
        return np.concatenate([np.repeat(told[None], len(vectors), axis=0), vectors], axis=1)

    def matrix(self, name: str) -> tuple[Floats, Floats]:
        """Weight (I, O) and bias (O,) of a linear layer."""
        return self._arrays[f"{name}.weight"].T, self._arrays[f"{name}.bias"]

    def _conv(self, x: Floats, name: str, dilation: int = 1) -> Floats:
        weight = np.ascontiguousarray(self._arrays[f"{name}.weight"].transpose(2, 1, 0))
        return conv(x, weight, self._arrays[f"{name}.bias"], dilation)


def has_manner() -> bool:
    """Whether weights are installed."""
    return PATH.exists()


def load_manner() -> Manner:
    """The network with the weights that are installed.

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
    """The network in a weights file, read once. Raises MissingPartError where it does not fit this version."""
    return _loaded(read_weights(path), path.name)


@lru_cache(maxsize=2)
def _loaded(weights: Weights, name: str) -> Manner:
    try:
        sizes = Sizes.from_json(weights.metadata[SIZES])
        fits = {key: array.shape for key, array in weights.arrays.items()} == sizes.shapes
        version = weights.metadata[VERSION]
    except (KeyError, TypeError, ValueError):
        fits = False
    if not fits:
        raise MissingPartError(
            f"The weights “{name}” are not of this version's network", "Install Mannerism again"
        )
    _log.info("Weights %s, version %s", name, version)
    return Manner(sizes, weights.arrays, version)


def _steps(samples: Floats) -> Floats:
    """Samples (T, C) as one sequence of steps (1, T / PER_STEP, PER_STEP C); of an odd number, all but the last."""
    steps = len(samples) // PER_STEP
    return np.ascontiguousarray(samples[: steps * PER_STEP]).reshape(1, steps, -1)
