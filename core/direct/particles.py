"""Particles of sequential Monte Carlo: K copies of the decoder and its past that go different ways from one state.

The past is that of `network.decoder.Past`, for all particles at once.
"""

import numpy as np

from ..network.decoder import LARGEST_INPUT, STILL, TURNS, Decoder
from ..network.mixture import DIMENSIONS, components
from ..network.sizes import STEP_S
from ..types import Array, IntArray
from .acting import Acting, State


class Particles:
    """K particles from one state.

    pose : (K, 6) standard deviations
    """

    def __init__(self, acting: Acting, state: State, count: int) -> None:
        self._acting = acting
        self._conditions = len(acting.condition)
        self._count = count
        self.decoder = Decoder(acting.manner, acting.condition, count)
        self.decoder.hidden = tuple(np.repeat(layer, count, axis=0) for layer in state.hidden)
        self.pose = np.repeat(state.pose[None], count, axis=0)
        self._inputs = np.repeat(state.inputs, count, axis=0)  # (K x I)
        self._means = np.repeat(state.means[None], count, axis=0)  # (K x M)
        sizes = acting.manner.sizes
        self._increments = slice(DIMENSIONS, DIMENSIONS * (1 + sizes.past))
        self._kept = np.exp(-STEP_S / np.array(sizes.memories_s))

    def components(self, drive: Array, head: Array) -> tuple[Array, Array, Array]:
        """Components of the next increment of each particle, corrected; see `network.mixture.components`."""
        parts = components(self.mixtures(drive, head), self._acting.manner.sizes.temperature)
        return self._acting.correction.components(parts, self._means)

    def mixtures(self, drive: Array, head: Array) -> Array:
        """Mixtures (K, M) of the next increment of each particle, as the network gives them."""
        inputs = self._inputs
        if self._conditions > 1:  # particles of one condition lie next to each other
            inputs = np.tile(inputs, (self._conditions, 1))
            drive, head = (np.repeat(each, self._count, axis=0) for each in (drive, head))
        return self._acting.mixed(self.decoder.step(inputs, drive, head))

    def add(self, increments: Array) -> None:
        """Move each particle by its increment (K, 6)."""
        self.pose = self.pose + self._acting.strides * increments
        inputs = self._inputs
        past = inputs[:, self._increments]
        past[:, DIMENSIONS:] = past[:, :-DIMENSIONS].copy()
        past[:, :DIMENSIONS] = np.arcsinh(increments)
        speed = np.log(np.linalg.norm(increments[:, :TURNS], axis=1) + STILL)
        self._means = self._means * self._kept + (1.0 - self._kept) * speed[:, None]
        inputs[:, :DIMENSIONS] = self.pose
        inputs[:, self._increments.stop :] = self._means
        np.clip(inputs, -LARGEST_INPUT, LARGEST_INPUT, out=inputs)

    def resample(self, of: IntArray) -> None:
        """Let particle j go on from where particle `of[j]` is."""
        self.pose, self._inputs, self._means = self.pose[of], self._inputs[of], self._means[of]
        of_all = np.concatenate([of + self._count * part for part in range(self._conditions)])
        self.decoder.hidden = tuple(layer[of_all] for layer in self.decoder.hidden)
