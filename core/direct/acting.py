"""What a network needs from outside to act one speech, and its state between two steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from ..network.correction import Correction
from ..network.decoder import Decoder, Past
from ..network.manner import Manner
from ..network.mixture import DIMENSIONS
from ..types import Array, IntArray

_CHUNK = 256  # steps whose codes are in memory at once


@dataclass(frozen=True, eq=False)
class State:
    """A decoder and its past after a step, B conditions.

    inputs, means : (1, I), (M,) of the past
    pose : (6,) standard deviations
    hidden : (B, H) of each layer
    """

    inputs: Array
    means: Array
    pose: Array
    hidden: tuple[Array, ...]

    @classmethod
    def of(cls, decoder: Decoder, past: Past, pose: Array) -> "State":
        """A copy of what goes on to change."""
        hidden = tuple(layer.copy() for layer in decoder.hidden)
        return cls(past.inputs.copy(), past.means.copy(), pose.copy(), hidden)


@dataclass(frozen=True, eq=False)
class Acting:
    """One speech in one person's manner, as the network is given it.

    condition : (B, P); of B = 2 the first is for a step without speech, the second for one with it
    strides : (6,) by how many standard deviations an increment of 1 moves
    voice : how far beyond the output without speech the draw goes towards that with it, where B = 2
    codes : speech codes (N, B, C) of steps (N,)
    correction : of increments that are drawn
    """

    manner: Manner
    condition: Array
    strides: Array
    voice: float
    codes: Callable[[IntArray], Array]
    correction: Correction = field(default_factory=Correction)

    def mixed(self, outputs: Array) -> Array:
        """Mixtures (K, M) from those of B conditions (B K, M): classifier-free guidance (Ho and Salimans 2022)."""
        if len(self.condition) == 1:
            return outputs
        without, with_speech = np.split(outputs, 2)
        return np.asarray(without + self.voice * (with_speech - without))

    def projected(self, decoder: Decoder, first: int, stop: int) -> Iterator[tuple[int, Array, Array]]:
        """Each step with what `Decoder.step` takes for it."""
        for begin in range(first, stop, _CHUNK):
            index = np.arange(begin, min(begin + _CHUNK, stop))
            yield from zip(index.tolist(), *decoder.project_codes(self.codes(index)), strict=True)


def followed(acting: Acting, state: State, poses: Array, first: int) -> State:
    """The state after the steps from `first` on took these poses (N, 6), from the state before them."""
    decoder = Decoder(acting.manner, acting.condition)
    decoder.hidden = state.hidden
    past = Past(acting.manner.sizes, np.zeros(DIMENSIONS))
    past.inputs[:], past.means[:] = state.inputs, state.means
    before = state.pose
    for step, drive, head in acting.projected(decoder, first, first + len(poses)):
        decoder.step(past.inputs, drive, head)
        pose = poses[step - first]
        past.add(pose, (pose - before) / acting.strides)
        before = pose
    return State.of(decoder, past, before)
