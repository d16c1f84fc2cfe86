"""What the strengths of a direction do to a finished take.

Numpy only and fast, so that a slider can call it: a minute takes a few milliseconds.
"""

import numpy as np

from ..easing import smootherstep
from ..motion import GRID_HZ, HeadMotion, cubic, motion_of, vectors_of
from ..speech.windows import smooth
from ..types import Array
from .strengths import Strengths

_SLOW_S = 1.0  # movement in a pause is what leaves a course this slow
_EDGE_S = 0.2
_RAMP_S = 0.6


def strengthened(motion: HeadMotion, strengths: Strengths, activity: Array | None = None) -> HeadMotion:
    """A finished take with strengths, on the same samples; as it is where they are the defaults.

    activity : (T,) 0 in pauses to 1 in speech, as the column of the speech's features; without, all counts as speech
    """
    if strengths == Strengths():
        return motion
    vectors = vectors_of(motion)
    made = strengthened_vectors(motion.time_s, vectors, strengths, activity)
    return motion_of(motion.time_s, made, motion.notes)


def strengthened_vectors(
    time_s: Array, vectors: Array, strengths: Strengths, activity: Array | None = None
) -> Array:
    """The same of rotation vectors and translation (T, 6), on the grid."""
    if strengths == Strengths() or len(vectors) < 2:
        return vectors
    made = vectors
    least_s = 0.0
    if strengths.smoothness > 0.0 or strengths.anticipation_s != 0.0:
        least_s = _RAMP_S  # rest at the ends was moved too
    if strengths.pauses != 1.0 and activity is not None:
        slow = smooth(made, _SLOW_S)
        pause = 1.0 - smooth(np.clip(activity, 0.0, 1.0), _EDGE_S)
        made = slow + (made - slow) * (1.0 + (strengths.pauses - 1.0) * pause)[:, None]
    if strengths.smoothness > 0.0:
        made = smooth(made, max(strengths.smoothness, 0.25 / GRID_HZ))
    if strengths.anticipation_s != 0.0:
        made = cubic(time_s, made, time_s + strengths.anticipation_s)
    made = made * np.array(strengths.gains)
    return made * _fades(time_s, strengths, least_s)[:, None]


def _fades(time_s: Array, strengths: Strengths, least_s: float) -> Array:
    """From 0 to 1 and back over the fades, with no jump in velocity or acceleration; shorter in a short take."""
    share, half_s = np.ones(len(time_s)), 0.5 * float(time_s[-1] - time_s[0])
    for wanted_s, away_s in (
        (strengths.fade_in_s, time_s - time_s[0]),
        (strengths.fade_out_s, time_s[-1] - time_s),
    ):
        length_s = min(max(wanted_s, least_s), half_s)
        if length_s > 0.0:
            share = share * smootherstep(away_s / length_s)
    return np.asarray(share)
