"""Listener detection: stretches in which the visible person is not the one who speaks.

Two signs, either is enough. The lips are still while there is speech: somebody else asks, or reads over
the picture. Or they move, as those who chew or mumble along do, but for seconds not as the voice would have it.
"""

import numpy as np

from ..motion import GRID_HZ
from ..speech.windows import smooth
from ..types import Array, BoolArray
from .lips import Lips

STILL = 0.3
"""Of the person's own lively lips: their motion below it is none."""

AGAINST = 0.0
"""Correlation of lips and voice over some five seconds below which they do not belong together."""

LEAST_S = 1.0
_MARGIN_S = 0.25
_LEVEL_S = 0.4
_AGREEMENT_S = 1.5
_SPEECH = 0.5
_LIVELY = 75  # percentile of the motion of the lips in speech


def listening(lips: Lips, voice: Array, activity: Array) -> BoolArray:
    """Mask (T,) of samples in which the visible person listens, widened by a quarter of a second.

    voice : (T,) how the lips of the speaker should move, from `lips.expected`, in step with the lips
    activity : (T,) whether there is speech, 0 to 1
    """
    speech = smooth(activity, _LEVEL_S) > _SPEECH
    motion = lips.motion()
    level = np.sqrt(smooth(np.square(motion), _LEVEL_S))
    usable = speech & lips.visible
    if not usable.any():
        return np.zeros(len(speech), np.bool_)
    still = level < STILL * np.percentile(level[usable], _LIVELY)
    against = local_agreement(motion, voice) < AGAINST
    away = runs(usable & (still | against), round(LEAST_S * GRID_HZ))
    marked = np.zeros(len(speech), np.bool_)
    margin = round(_MARGIN_S * GRID_HZ)
    for first, stop in away:
        marked[max(0, first - margin) : stop + margin] = True
    return marked


def local_agreement(motion: Array, voice: Array) -> Array:
    """Correlation of (T,) and (T,) in a Gaussian window of ±1.5 s, (T,); both are without a slow part."""
    product, own, other = smooth(np.column_stack([motion * voice, motion**2, voice**2]), _AGREEMENT_S).T
    return product / np.maximum(np.sqrt(own * other), 1e-12)


def runs(mask: BoolArray, least: int) -> list[tuple[int, int]]:
    """[first, stop) of stretches of True that are `least` samples long or longer."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return [(int(first), int(stop)) for first, stop in edges if stop - first >= least]
