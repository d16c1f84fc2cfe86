"""Autoregressive decoder state of the manner network: inputs from the past, distribution of the next step."""

import math

import numpy as np
from numpy.typing import ArrayLike

from ..types import Array
from .layers import Floats, linear, silu
from .manner import Manner
from .mixture import DIMENSIONS
from .recurrent import Running
from .sizes import STEP_S, Sizes

LARGEST_INPUT = 6.0
"""Clipping limit of input poses and increments, in the person's own units, the latter after asinh."""

STILL = 0.1
"""Added to speeds before taking the logarithm."""

TURNS = 3
"""Number of rotation channels, which come first."""


class Past:
    """Decoder inputs from the motion so far, one step after another, from rest at a pose (6,).

    inputs : (1, I) of the next step: the pose, asinh of the last increments, running means of log speed
    means : (M,) the running means, which `inputs` hold clipped
    """

    def __init__(self, sizes: Sizes, pose: ArrayLike) -> None:
        self.inputs = np.zeros((1, sizes.inputs))
        self._increments = slice(DIMENSIONS, DIMENSIONS * (1 + sizes.past))
        self.means = np.zeros(len(sizes.memories_s))
        self._kept = np.exp(-STEP_S / np.array(sizes.memories_s))
        self.add(pose, np.zeros(DIMENSIONS))

    def add(self, pose: ArrayLike, increment: Array) -> None:
        """Append a step: its increment (6,), and the pose (6,) after it."""
        inputs = self.inputs[0]
        increments = inputs[self._increments]
        increments[DIMENSIONS:] = increments[:-DIMENSIONS]
        increments[:DIMENSIONS] = np.arcsinh(increment)
        turned = increment[:TURNS]
        speed = math.log(math.sqrt(turned @ turned) + STILL)
        self.means *= self._kept
        self.means += (1.0 - self._kept) * speed
        inputs[:DIMENSIONS] = pose
        inputs[self._increments.stop :] = self.means
        # np.clip checks more than all the rest does.
        np.minimum(inputs, LARGEST_INPUT, out=inputs)
        np.maximum(inputs, -LARGEST_INPUT, out=inputs)


class Decoder:
    """Autoregressive decoder on B sequences at once, from hidden states of zero.

    condition : (B, P)
    copies : sequences of each condition, next to each other, so that there are `copies` B in all
    """

    def __init__(self, manner: Manner, condition: Array, copies: int = 1) -> None:
        sizes = manner.sizes
        first, self._further = manner.units[0], manner.units[1:]
        # The inputs of a step are of three kinds, and only the first depends on the step before.
        # (I x 3 H), (C x 3 H), (P x 3 H)
        self._of_inputs, self._of_code, of_condition = _parts(first.of_input, sizes.inputs, sizes.code)
        weight, bias = manner.matrix("head")
        # (H x D), (C x D), (P x D)
        self._head, self._head_of_code, head_of_condition = _parts(weight, sizes.hidden, sizes.code)
        self._mixture = manner.matrix("mixture")
        self._driven_by_condition = condition @ of_condition + first.bias  # (B x 3 H)
        self._head_by_condition = condition @ head_of_condition + bias  # (B x D)
        self._units = [Running(unit, copies * len(condition)) for unit in manner.units]

    @property
    def hidden(self) -> tuple[Array, ...]:
        """The hidden states of each layer (B, H), as they are now; overwritten by the next step."""
        return tuple(unit.hidden for unit in self._units)

    @hidden.setter
    def hidden(self, states: tuple[Array, ...]) -> None:
        for unit, state in zip(self._units, states, strict=True):
            unit.hidden[:] = state

    def project_codes(self, codes: Array) -> tuple[Array, Array]:
        """Project speech codes (N, B, C), or (N, 1, C) for all sequences, to the inputs of N calls of `step`."""
        return (
            codes @ self._of_code + self._driven_by_condition,  # (N x B x 3 H)
            codes @ self._head_of_code + self._head_by_condition,  # (N x B x D)
        )

    def step(self, inputs: Array, driven: Array, head: Array) -> Array:
        """Predict the mixtures (B, M) of the next increment.

        inputs : (B, I), or (1, I) for all sequences
        driven, head : those of this step from `project_codes`
        """
        return self._mixtures(self._advance(inputs @ self._of_inputs + driven), head)

    def follow(self, inputs: Array, codes: Array) -> Array:
        """Predict the mixtures (N, B, M) of N steps with teacher forcing: given inputs (N, I) and codes (N, C)."""
        driven, head = self.project_codes(codes[:, None])
        driven += (inputs @ self._of_inputs)[:, None]  # (N x 1 x 3 H) onto (N x B x 3 H)
        return self._mixtures(np.stack([self._advance(each).copy() for each in driven]), head)

    def _advance(self, driven: Array) -> Floats:
        hidden = self._units[0].step(driven)
        for unit, running in zip(self._further, self._units[1:], strict=True):
            hidden = running.step(linear(hidden, unit.of_input, unit.bias))
        return hidden

    def _mixtures(self, hidden: Floats, head: Array) -> Array:
        # (B x H) or (N x B x H) by (H x D), then by (D x M)
        return np.asarray(linear(silu(hidden @ self._head + head), *self._mixture), np.float64)


def _parts(weight: Floats, first: int, second: int) -> list[Floats]:
    """Split the rows of a matrix into three parts."""
    return [np.ascontiguousarray(part) for part in np.split(weight, [first, first + second])]
