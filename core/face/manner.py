"""Face manner of a person: mouth rest, mouth gain, blink rate and length, recorded expression."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import AudioError
from ..types import Array, BoolArray, Float32Array
from .expression import expression_of
from .gap_map import quantiles
from .mouth import mouth_shape, opening_m, rest_mouth
from .mouth_from_speech import loudness_on_grid, predicted_mouth
from .mouth_input import MouthInput, mouth_input
from .network import STEP_HZ, mouth_network
from .own_mouth import OwnMouth, gap_quantiles
from .person_correction import about, fit_correction
from .recorded_expression import Recorded, recorded

# Of each eye: upper lid, lower lid, outer and inner corner.
_EYES = ((159, 145, 33, 133), (386, 374, 263, 362))
_BROWS = (105, 66, 107, 334, 296, 336)
_NOSE_ROOT = (168, 6, 197)

_WIDE = 0.8  # the quantile of a person's lids that counts as open
_SHUT = 0.55  # of it, below which lids are shut
_LONGEST_BLINK_S = 0.6  # who shuts the eyes longer looks down, or rests
_ENOUGH_S = 8.0
_GAP_S = 0.1
_AHEAD_S = 12.0
_PAUSES = 0.12  # share of the smallest openings that pauses and predicted closures take, where nobody knows when these are
_NEAR = 0.5  # speech is near
_LEAST_DEVIATION = 0.4  # of a prediction, units of the gain: less is predicted where hardly anything is said
_GAIN_M = (1.0e-3, 12.0e-3)
_BLINKS_PER_MINUTE = (6.0, 60.0)
_BLINK_S = (0.08, 0.3)
_BROW_M = (0.2e-3, 3.0e-3)


@dataclass(frozen=True)
class FaceManner:
    """Personal parameters of face motion.

    rest : (P, 3) MOUTH_POINTS where the mouth is closed, metres in the head frame; None where it is not known
    gain_m, correction_weights, gaps_m, predicted_gaps : as of `OwnMouth`
    blinks_per_minute, blink_s : how often lids close, and how long they are less than about half open
    brow_m : standard deviation of the brows' raise
    expression, voice, head : what is `recorded`; None where less than 6 s are known
    """

    rest: Array | None
    gain_m: float
    correction_weights: Array | None
    blinks_per_minute: float
    blink_s: float
    brow_m: float
    gaps_m: Array | None = None
    predicted_gaps: Array | None = None
    expression: Array | None = None
    voice: Array | None = None
    head: Array | None = None

    @property
    def mouth(self) -> OwnMouth:
        """The mouth's part."""
        return OwnMouth(self.gain_m, self.gaps_m, self.predicted_gaps, self.correction_weights)

    @property
    def recorded(self) -> Recorded | None:
        """What was recorded of brows, cheeks and lids."""
        if self.expression is None or self.voice is None:
            return None
        return Recorded(self.expression, self.voice, self.head)

    @classmethod
    def average(cls) -> "FaceManner":
        """Median manner over the training persons."""
        return cls(
            rest=None,
            gain_m=5.3e-3,
            correction_weights=None,
            blinks_per_minute=30.0,
            blink_s=0.1,
            brow_m=1.0e-3,
        )


def face_manner(
    head_points: Array,
    time_s: Array,
    found: BoolArray | None = None,
    speech: Path | Float32Array | None = None,
    turn: Array | None = None,
) -> FaceManner:
    """Measure a person's face manner in a reference with speech.

    With the reference's own sound, the personal correction is fitted, and predicted openings are mapped onto the
    distribution of those that are seen; else onto theirs from people's. Blinks from less than 8 s are
    unreliable, and the average rate is used. All parameters are clipped to the human range.

    head_points : (N, 478, 3) metres in the head frame
    time_s : (N,) seconds, increasing; from the first sample of the sound, where that is given
    found : (N,) where the face was found, by default everywhere
    speech : the reference itself, or its samples at 16 kHz; a file without sound is as none
    turn : (N, 3) rotation vectors of the head, whose turns are taken off the brows
    """
    found = np.ones(len(time_s), np.bool_) if found is None else found
    points, times = head_points[found], time_s[found]
    rest = rest_mouth(points)
    shape = mouth_shape(points, rest)
    features = _features(speech, float(times[-1]))
    mouth = seen_mouth(opening_m(shape)) if features is None else own(features, shape, times)
    apart = lids(points)
    rate, length_s = _blinks(apart, times)
    turned = None if turn is None else turn[found]
    beside = expression_of(points, turned, shut(apart))
    played = recorded(beside, times, None if features is None else loudness_on_grid(features.log_mel), turned)
    return FaceManner(
        rest=rest,
        gain_m=mouth.gain_m,
        correction_weights=mouth.correction_weights,
        blinks_per_minute=rate,
        blink_s=length_s,
        brow_m=float(np.clip(_quick(brow_raise_m(points), times).std(), *_BROW_M)),
        gaps_m=mouth.gaps_m,
        predicted_gaps=mouth.predicted_gaps,
        expression=played and played.numbers,
        voice=played and played.voice,
        head=played and played.head,
    )


def _features(speech: Path | Float32Array | None, seconds: float) -> MouthInput | None:
    """What is said in so many seconds, and a little longer, as features look ahead; None without a sound."""
    if speech is None:
        return None
    try:
        return mouth_input(speech, first_s=seconds + _AHEAD_S)
    except AudioError:
        return None


def gain_of(shape: Array) -> float:
    """Mouth gain of shapes (N, K): standard deviation of the lip opening, metres."""
    return _kept(opening_m(shape).std())


def seen_mouth(opening: Array) -> OwnMouth:
    """The mouth of a person whose lip openings (N,), metres, are seen, and whose voice is not known."""
    smallest = int(_PAUSES * len(opening))
    return OwnMouth(_kept(opening.std()), quantiles(np.sort(opening)[smallest:]))


def own(features: MouthInput, shape: Array, time_s: Array) -> OwnMouth:
    """Fit a person's mouth to its coefficients (N, K), metres, at times (N,), and to what is said meanwhile.

    From less than 8 s no correction is fitted, and from less than a second of speech nothing but the size.
    """
    opening = opening_m(shape)
    deviation = float(opening.std())
    steps = np.arange(len(features.phonetic)) / STEP_HZ
    after = np.clip(np.searchsorted(time_s, steps), 1, len(time_s) - 1)
    seen = (steps >= time_s[0]) & (steps <= time_s[-1]) & (time_s[after] - time_s[after - 1] < _GAP_S)
    if seen.sum() < STEP_HZ:
        return seen_mouth(opening)
    correction_weights = None
    if seen.sum() >= _ENOUGH_S * STEP_HZ and deviation > 0.0:
        predicted, _ = mouth_network().predict(features.log_mel, features.phonetic)
        on_steps = np.stack([np.interp(steps[seen], time_s, column) for column in shape.T], axis=1)
        missing = on_steps / deviation - predicted[seen]
        correction_weights = fit_correction(about(features.phonetic)[seen], missing)
    said = predicted_mouth(features, correction_weights)
    counted = seen & (said.near > _NEAR)
    if counted.sum() < STEP_HZ:
        return seen_mouth(opening)
    apart = np.interp(steps[counted], time_s, opening)
    gain_m = _kept(apart.std() / max(said.shape[counted, 0].std(), _LEAST_DEVIATION))
    predicted_gaps, gaps_m = gap_quantiles(said.shape[counted, 0], apart, said.touching[counted])
    return OwnMouth(gain_m, gaps_m, predicted_gaps, correction_weights)


def _kept(gain: float) -> float:
    return float(np.clip(gain, *_GAIN_M))


def lids(head_points: Array) -> Array:
    """Lid opening over eye width, mean of both eyes, (N,), of head points (N, ≥ 468, 3)."""
    apart = [
        np.linalg.norm(head_points[:, upper] - head_points[:, lower], axis=1)
        / np.linalg.norm(head_points[:, outer] - head_points[:, inner], axis=1)
        for upper, lower, outer, inner in _EYES
    ]
    return np.asarray(np.mean(apart, axis=0))


def shut(apart: Array) -> BoolArray:
    """Where lids are shut, (N,), of their opening (N,) as `lids`."""
    return np.asarray(apart < _SHUT * np.quantile(apart, _WIDE))


def brow_raise_m(head_points: Array) -> Array:
    """Height of the brows above the root of the nose, (N,), metres, of head points (N, ≥ 468, 3)."""
    brows, nose = (head_points[:, part, 1].mean(axis=1) for part in (_BROWS, _NOSE_ROOT))
    return np.asarray(brows - nose)


def blink_lengths_s(apart: Array, time_s: Array) -> Array:
    """Lengths of the blinks, (B,), seconds: short intervals of closed lids.

    apart : (N,) as `lids`
    time_s : (N,) seconds, increasing
    """
    frame_s = float(np.median(np.diff(time_s)))
    edges = np.flatnonzero(np.diff(shut(apart).astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    lengths = frame_s * (edges[:, 1] - edges[:, 0])
    return np.asarray(lengths[lengths < _LONGEST_BLINK_S])


def _blinks(apart: Array, time_s: Array) -> tuple[float, float]:
    """Blink rate, a minute, and median length, seconds."""
    average = FaceManner.average()
    frame_s = float(np.median(np.diff(time_s)))
    length_s = frame_s * len(time_s)
    lengths = blink_lengths_s(apart, time_s)
    if length_s < _ENOUGH_S:
        return average.blinks_per_minute, average.blink_s
    rate = float(np.clip(60.0 * len(lengths) / length_s, *_BLINKS_PER_MINUTE))
    return rate, float(np.clip(np.median(lengths), *_BLINK_S)) if len(lengths) else average.blink_s


def _quick(values: Array, time_s: Array) -> Array:
    """High-pass values (N,): subtract a running mean, since slow changes are mostly the tracker's."""
    first = np.searchsorted(time_s, time_s - 1.5)
    last = np.searchsorted(time_s, time_s + 1.5, side="right")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(values - (sums[last] - sums[first]) / (last - first))
