"""Brows, cheeks and lids while somebody speaks: from the stretches of a person's reference, or as people do in general."""

import numpy as np

from ..easing import smootherstep
from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..types import Array, BoolArray
from .expression_parts import NUMBERS, PARTS
from .manner import FaceManner
from .recorded_expression import replayed
from .usual_expression import generated

_STAYS_S, _FADED_S = 1.0, 0.25  # after speech, and before it
_ENDS_S = 0.3  # from rest, and to it, where a sound begins and ends


def expression_from_speech(
    loud: Array, talking: BoolArray, manner: FaceManner, seed: int, head: Array | None = None
) -> Array:
    """Numbers (N, 8) of `expression.py` at GRID_HZ, metres; in a longer silence they come to rest.

    loud : (N,) tens of dB about the speaker's own mean
    talking : (N,)
    head : (N,) as of `head_drive`, if it is known
    """
    if not len(loud):
        return np.zeros((0, len(NUMBERS)))
    if manner.recorded is not None:
        numbers = replayed(manner.recorded, loud, seed, head)
    else:
        sizes = np.ones(len(NUMBERS))
        sizes[PARTS["brows"]] = manner.brow_m / FaceManner.average().brow_m
        numbers = generated(loud, seed, sizes)
    return np.asarray(_present(talking)[:, None] * numbers)


def at_ends(count: int) -> Array:
    """Weight (count,) that rises from 0 where a sound begins, and falls to 0 where it ends."""
    place = np.arange(count)
    return np.asarray(smootherstep(np.minimum(place, place[::-1]) / (_ENDS_S * GRID_HZ)))


def _present(talking: BoolArray) -> Array:
    reach = round(_STAYS_S * GRID_HZ)
    near = np.convolve(talking, np.ones(2 * reach + 1), "full")[reach : reach + len(talking)] > 0
    return smooth(near.astype(np.float64), _FADED_S)
