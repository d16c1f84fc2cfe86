"""Strengths of a finished take that need no network: gains, smoothness, anticipation, pauses, fades.

Numpy only and fast, so that a slider can call it: a minute takes a few milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ..easing import smootherstep
from ..motion import GRID_HZ, HeadMotion, cubic, motion_of, vectors_of
from ..types import Array
from .ranges import check


@dataclass(frozen=True)
class Range:
    """What a strength may be, and what it does.

    label : name in the sidebar
    unit : empty for a factor
    description : tooltip
    """

    label: str
    low: float
    high: float
    unit: str
    description: str


def _strength(default: float, limits: tuple[float, float], label: str, unit: str, description: str) -> Any:
    return field(default=default, metadata={"range": Range(label, *limits, unit, description)})


@dataclass(frozen=True)
class Strengths:
    """How a take is changed after it is made; as they are by default, not at all.

    Raises
    ------
    DirectionError : one is out of its range
    """

    pitch: float = _strength(1.0, (0.0, 4.0), "Nods", "", "Factor of pitch: 0 is none, 1 as made")
    yaw: float = _strength(1.0, (0.0, 4.0), "Turns", "", "Factor of yaw: 0 is none, 1 as made")
    roll: float = _strength(1.0, (0.0, 4.0), "Tilts", "", "Factor of roll: 0 is none, 1 as made")
    translation: float = _strength(
        1.0, (0.0, 4.0), "Shift", "", "Factor of the head's displacement: 0 is none, 1 as made"
    )
    smoothness: float = _strength(
        0.0, (0.0, 1.0), "Smoothness", "s", "Standard deviation of a Gaussian over time: 0 leaves all as made"
    )
    anticipation_s: float = _strength(
        0.0, (-0.5, 0.5), "Anticipation", "s", "How much earlier, or with a minus later, the head moves"
    )
    pauses: float = _strength(
        1.0,
        (0.0, 2.0),
        "Life in Pauses",
        "",
        "Factor of movement where the voice pauses: 0 holds still, 1 as made",
    )
    fade_in_s: float = _strength(0.0, (0.0, 10.0), "Fade In", "s", "Time to come from rest at the start")
    fade_out_s: float = _strength(0.0, (0.0, 10.0), "Fade Out", "s", "Time to go to rest at the end")

    def __post_init__(self) -> None:
        for name, limits in RANGES.items():
            check(getattr(self, name), limits.low, limits.high, f"The strength {name} is", "")

    @property
    def gains(self) -> tuple[float, ...]:
        """Factors of the six channels."""
        return self.pitch, self.yaw, self.roll, *(self.translation,) * 3


RANGES: Mapping[str, Range] = {row.name: row.metadata["range"] for row in fields(Strengths)}
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
