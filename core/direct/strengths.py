"""Strengths of a finished take that need no network: gains, smoothness, anticipation, pauses, fades.

Numpy only and fast, so that a slider can call it: a minute takes a few milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..easing import smootherstep
from ..motion import GRID_HZ, HeadMotion, cubic, motion_of, vectors_of
from ..slider import Slider, slider, sliders_of
from ..types import Array
from .ranges import check


@dataclass(frozen=True)
class Strengths:
    """How a take is changed after it is made; as they are by default, not at all.

    Raises
    ------
    DirectionError : one is out of its range
    """

    pitch: float = slider("Nods", 4.0, "Factor of pitch: 0 is none, 1 as made")
    yaw: float = slider("Turns", 4.0, "Factor of yaw: 0 is none, 1 as made")
    roll: float = slider("Tilts", 4.0, "Factor of roll: 0 is none, 1 as made")
    translation: float = slider("Shift", 4.0, "Factor of the head's displacement: 0 is none, 1 as made")
    smoothness: float = slider(
        "Smoothness",
        1.0,
        "Standard deviation of a Gaussian over time: 0 leaves all as made",
        usual=0.0,
        unit="s",
    )
    anticipation_s: float = slider(
        "Anticipation",
        0.5,
        "How much earlier, or with a minus later, the head moves",
        lowest=-0.5,
        usual=0.0,
        unit="s",
    )
    pauses: float = slider(
        "Life in Pauses", 2.0, "Factor of movement where the voice pauses: 0 holds still, 1 as made"
    )
    fade_in_s: float = slider("Fade In", 10.0, "Time to come from rest at the start", usual=0.0, unit="s")
    fade_out_s: float = slider("Fade Out", 10.0, "Time to go to rest at the end", usual=0.0, unit="s")

    def __post_init__(self) -> None:
        for name, limits in RANGES.items():
            check(getattr(self, name), limits.lowest, limits.largest, f"The strength {name} is", "")

    @property
    def gains(self) -> tuple[float, ...]:
        """Factors of the six channels."""
        return self.pitch, self.yaw, self.roll, *(self.translation,) * 3


RANGES: Mapping[str, Slider] = sliders_of(Strengths)
"""Ranges by the name of their field, in the order in which the sidebar shows them."""

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
    from ..speech.windows import smooth  # all that reads sound, which Blender's start has no need of

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
