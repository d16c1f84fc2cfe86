"""One person's face: how the mouth rests and how far it opens, how often lids close, how far brows go."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import AudioError
from ..speech.decode import Samples
from .mouth import mouth_shape, opening_m, rest_mouth
from .say import mouth_at

Array = NDArray[np.float64]

# Of each eye: upper lid, lower lid, outer and inner corner.
_EYES = ((159, 145, 33, 133), (386, 374, 263, 362))
_BROWS = (105, 66, 107, 334, 296, 336)
_NOSE_ROOT = (168, 6, 197)

_WIDE = 0.8  # the quantile of a person's lids that counts as open
_SHUT = 0.55  # of it, below which lids are shut
_LONGEST_BLINK_S = 0.6  # who shuts the eyes longer looks down, or rests
_ENOUGH_S = 8.0
_LEAST_TOLD = 0.4  # of people's own: less is told where hardly anything is said
_GAIN_M = (1.0e-3, 12.0e-3)
_BLINKS_PER_MINUTE = (6.0, 60.0)
_BLINK_S = (0.08, 0.3)
_BROW_M = (0.2e-3, 3.0e-3)


@dataclass(frozen=True)
class FaceManner:
    """What is personal about a face.

    rest : (P, 3) MOUTH_POINTS where the mouth is closed, metres in the head frame; None where it is not known
    gain_m : what the network's mouth is multiplied by: about the standard deviation of the opening in speech
    blinks_per_minute, blink_s : how often lids close, and how long they are less than about half open
    brow_m : standard deviation of the brows' raise
    """

    rest: Array | None
    gain_m: float
    blinks_per_minute: float
    blink_s: float
    brow_m: float

    @classmethod
    def average(cls) -> "FaceManner":
        """People in general: medians over the persons that were learned from."""
        return cls(rest=None, gain_m=5.3e-3, blinks_per_minute=30.0, blink_s=0.1, brow_m=1.0e-3)


def face_manner(
    head_points: Array,
    time_s: Array,
    found: NDArray[np.bool_] | None = None,
    speech: Path | Samples | None = None,
) -> FaceManner:
    """A person's manner, by a reference in which they talk.

    With the reference's own sound, the gain is what makes the mouth told from it vary as much as the person's;
    else it is how much the person's varies. Blinks of less than 8 s say little: those of people in general are
    taken. All is kept within what people do.

    head_points : (N, 478, 3) metres in the head frame
    time_s : (N,) seconds, increasing; from the first sample of the sound, where that is given
    found : (N,) where the face was found, by default everywhere
    speech : the reference itself, or its samples at 16 kHz; a file without sound is as none
    """
    found = np.ones(len(time_s), np.bool_) if found is None else found
    points, times = head_points[found], time_s[found]
    rest = rest_mouth(points)
    shape = mouth_shape(points, rest)
    rate, length_s = _blinks(lids(points), times)
    return FaceManner(
        rest=rest,
        gain_m=_gain(opening_m(shape), speech, times),
        blinks_per_minute=rate,
        blink_s=length_s,
        brow_m=float(np.clip(_quick(brow_raise_m(points), times).std(), *_BROW_M)),
    )


def gain_of(shape: Array) -> float:
    """How far a mouth moves, by its shapes (N, K): the standard deviation of the opening, metres."""
    return _kept(opening_m(shape).std())


def gain_with(told: Array, opening: Array) -> float:
    """The gain by which an opening that is told of the person's own sound varies as much as it is seen to, metres.

    told, opening : (N,) in units of the gain, and in metres, of the same moments
    """
    return _kept(opening.std() / max(told.std(), _LEAST_TOLD))


def _gain(opening: Array, speech: Path | Samples | None, time_s: Array) -> float:
    if speech is not None:
        try:
            return gain_with(opening_m(mouth_at(speech, time_s)), opening)
        except AudioError:
            pass  # a silent film tells as much of a gain as it shows
    return _kept(opening.std())


def _kept(gain: float) -> float:
    return float(np.clip(gain, *_GAIN_M))


def lids(head_points: Array) -> Array:
    """How far lids are apart over the eye's width, mean of both eyes, (N,), of head points (N, ≥ 468, 3)."""
    apart = [
        np.linalg.norm(head_points[:, upper] - head_points[:, lower], axis=1)
        / np.linalg.norm(head_points[:, outer] - head_points[:, inner], axis=1)
        for upper, lower, outer, inner in _EYES
    ]
    return np.asarray(np.mean(apart, axis=0))


def brow_raise_m(head_points: Array) -> Array:
    """How high brows are above the root of the nose, (N,), metres, of head points (N, ≥ 468, 3)."""
    brows, nose = (head_points[:, part, 1].mean(axis=1) for part in (_BROWS, _NOSE_ROOT))
    return np.asarray(brows - nose)


def _blinks(apart: Array, time_s: Array) -> tuple[float, float]:
    """Blinks a minute and their length in seconds."""
    average = FaceManner.average()
    frame_s = float(np.median(np.diff(time_s)))
    length_s = frame_s * len(time_s)
    shut = apart < _SHUT * np.quantile(apart, _WIDE)
    edges = np.flatnonzero(np.diff(shut.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    lengths = frame_s * (edges[:, 1] - edges[:, 0])
    lengths = lengths[lengths < _LONGEST_BLINK_S]
    if length_s < _ENOUGH_S:
        return average.blinks_per_minute, average.blink_s
    rate = float(np.clip(60.0 * len(lengths) / length_s, *_BLINKS_PER_MINUTE))
    return rate, float(np.clip(np.median(lengths), *_BLINK_S)) if len(lengths) else average.blink_s


def _quick(values: Array, time_s: Array) -> Array:
    """Values (N,) about their mean over some seconds: what is slower is mostly the tracker's."""
    first = np.searchsorted(time_s, time_s - 1.5)
    last = np.searchsorted(time_s, time_s + 1.5, side="right")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(values - (sums[last] - sums[first]) / (last - first))
