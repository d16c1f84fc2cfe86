"""Brows, cheeks and lids while somebody speaks: from the stretches of a person's reference, or as people do in general."""

import numpy as np

from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..types import Array, BoolArray
from .expression import NUMBERS, PARTS
from .manner import FaceManner
from .recorded_expression import replayed
from .usual_expression import generated

_STAYS_S, _FADED_S = 1.0, 0.25  # after speech, and before it


def expression_from_speech(loud: Array, talking: BoolArray, manner: FaceManner, seed: int) -> Array:
    """Numbers (N, 8) of `expression.py` at GRID_HZ, metres; in a longer silence they come to rest.

    loud : (N,) tens of dB about the speaker's own mean
    talking : (N,)
    """
    if not len(loud):
        return np.zeros((0, len(NUMBERS)))
    if manner.expression is not None and manner.voice is not None:
        numbers = replayed(manner.expression, manner.voice, loud, seed)
    else:
        sizes = np.ones(len(NUMBERS))
        sizes[PARTS["brows"]] = manner.brow_m / FaceManner.average().brow_m
        numbers = generated(loud, seed, sizes)
    return np.asarray(_present(talking)[:, None] * numbers)


def _present(talking: BoolArray) -> Array:
    reach = round(_STAYS_S * GRID_HZ)
    near = np.convolve(talking, np.ones(2 * reach + 1), "full")[reach : reach + len(talking)] > 0
    return smooth(near.astype(np.float64), _FADED_S)
