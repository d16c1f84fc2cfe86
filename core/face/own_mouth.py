"""How a person's mouth differs from people's: its size, its distribution of openings, its habits."""

from dataclasses import dataclass

import numpy as np

from ..types import Array, BoolArray
from .gap_map import mapped, quantiles
from .network import mouth_network


@dataclass(frozen=True)
class OwnMouth:
    """Personal parameters of the mouth from speech.

    gain_m : what the network's numbers beside the opening are multiplied by: about the standard deviation of the
        opening in speech
    gaps_m : (len(LEVELS),) quantiles of the person's openings near speech, metres, without the smallest, which are the
        predicted closures; None where they are not known, and those of people are used
    predicted_gaps : (len(LEVELS),) quantiles of the openings that the network predicts for the same speech, in
        units of the gain, without predicted closures; None where they are not known
    correction_weights : weights of the personal correction (`person_correction.py`), or None where it is not known
    """

    gain_m: float
    gaps_m: Array | None = None
    predicted_gaps: Array | None = None
    correction_weights: Array | None = None

    def opening_m(self, predicted: Array) -> Array:
        """Openings (N,), metres, of predicted ones in units of the gain, in the person's own distribution."""
        network = mouth_network()
        own = self.gain_m * network.seen if self.gaps_m is None else self.gaps_m
        return mapped(
            predicted, network.predicted if self.predicted_gaps is None else self.predicted_gaps, own
        )


def gap_quantiles(predicted: Array, opening: Array, touching: BoolArray) -> tuple[Array, Array]:
    """Quantiles at LEVELS of predicted openings (N,) and of those that are seen (M,), in their units.

    touching : (N,) where lips are predicted to touch: these are left out, and as many of the smallest that are seen
    """
    share = min(float(touching.mean()), 0.5)
    seen = np.sort(opening)[int(share * len(opening)) :]
    return quantiles(predicted[~touching] if share < 0.5 else predicted), quantiles(seen)
