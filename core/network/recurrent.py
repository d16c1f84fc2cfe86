"""Gated recurrent unit (GRU) in numpy, one step at a time, for inference only."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .layers import Floats


@dataclass(frozen=True, eq=False)
class Unit:
    """Weights of a gated recurrent unit (Cho et al. 2014), of the form that torch trains.

    I inputs, H hidden states. Columns are reset gate, update gate, candidate; those of both gates
    hold half of the trained values, since the logistic function of 2 x is (1 + tanh x) / 2.

    of_input, of_hidden : (I, 3 H), (H, 3 H)
    bias : (3 H,) all biases but one
    candidate_bias : (H,) what is added to the hidden states' part of the candidate, under the reset gate
    """

    of_input: Floats
    of_hidden: Floats
    bias: Floats
    candidate_bias: Floats

    @classmethod
    def named(cls, arrays: Mapping[str, Floats], prefix: str, layer: int) -> "Unit":
        """One layer of a torch GRU, by the names and the layout of its state dict."""
        of_input, of_hidden, bias, hidden_bias = (
            arrays[f"{prefix}{kind}_l{layer}"] for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        size = of_hidden.shape[1]
        gates = slice(0, 2 * size)
        scale = np.ones(3 * size)
        scale[gates] = 0.5
        whole = bias.copy()
        whole[gates] += hidden_bias[gates]
        return cls(
            of_input=np.ascontiguousarray(of_input.T * scale),
            of_hidden=np.ascontiguousarray(of_hidden.T * scale),
            bias=whole * scale,
            candidate_bias=hidden_bias[2 * size :],
        )


class Running:
    """State of a GRU on B sequences at once, from hidden states of zero.

    hidden : (B, H), as of the last step
    """

    def __init__(self, unit: Unit, sequences: int) -> None:
        self._unit = unit
        self._size = len(unit.of_hidden)
        self.hidden = np.zeros((sequences, self._size))
        self._parts = np.empty((sequences, 3 * self._size))

    def step(self, driven: Floats) -> Floats:
        """Advance one step and return the hidden states (B, H): one array, overwritten by the next step.

        driven : (B, 3 H) the inputs times `of_input`, plus `bias`
        """
        # Arrays of a step are so small that numpy's calls count, not its sums: few calls, and none that allocates.
        parts, hidden, size = self._parts, self.hidden, self._size
        np.dot(hidden, self._unit.of_hidden, out=parts)  # (B x H) by (H x 3 H) to (B x 3 H)
        gates, candidate = parts[:, : 2 * size], parts[:, 2 * size :]  # (B x 2 H), (B x H)
        gates += driven[:, : 2 * size]
        np.tanh(gates, out=gates)
        gates += 1.0
        gates *= 0.5
        candidate += self._unit.candidate_bias
        candidate *= gates[:, :size]
        candidate += driven[:, 2 * size :]
        np.tanh(candidate, out=candidate)
        hidden -= candidate
        hidden *= gates[:, size:]
        hidden += candidate
        return hidden
