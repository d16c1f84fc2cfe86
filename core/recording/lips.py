"""Audio-visual synchrony: do the visible lips match the voice, and by how much are the two offset?

How far a mouth opens can be predicted from the sound of the next third of a second: lips move before they
are audible, open for vowels, close for silence and for m, b and p. A linear prediction from the speech
features (weights in lips.json, from many speakers by `fit_lips.py`) agrees with the mouth of the one who
speaks at the right time, and with nobody else's.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ..motion import GRID_HZ
from ..speech import NAMES, SpeechFeatures
from ..speech.windows import smooth
from ..track import FaceMeasurements
from ..types import Array, BoolArray

WEIGHTS = Path(__file__).with_name("lips.json")
INPUTS = ("energy", "f0", "voicing", "activity", *(name for name in NAMES if name.startswith("mel_")))
LEADS = (0, 2, 4, 6, 8)
"""Samples by which the sound is later than the lips that it is matched with."""

REACH_S = 0.4
IN_STEP_S = 0.1
"""How far apart sound and picture are before anything is known: one deviation."""

_FAST_S, _SLOW_S = 0.05, 0.4
_QUIETEST = -2.5
_NEAR_S = 0.1
_WRONG_S = 1.2  # voices so far off count as another's


@dataclass(frozen=True)
class Lips:
    """The mouth's opening on the grid of the speech.

    opening_mm : (T,) bridged where not visible
    visible : (T,) bool, whether a frame with a face lies near
    """

    opening_mm: Array
    visible: BoolArray

    def motion(self) -> Array:
        """High-pass of the opening, as quick as speech, (T,)."""
        return quick(self.opening_mm)


@dataclass(frozen=True)
class Offset:
    """Offset between picture and sound.

    offset_s : to be added to the picture's times
    confidence : deviations by which mouth and voice agree better there than with a voice at wrong times
    """

    offset_s: float
    confidence: float


def lips_of(face: FaceMeasurements, time_s: Array, offset_s: float = 0.0) -> Lips:
    """The lips at the times (T,) of the sound, when the picture is later by `offset_s`."""
    found_s = face.time_s[face.found] + offset_s
    right = np.clip(np.searchsorted(found_s, time_s), 1, len(found_s) - 1)
    away_s = np.minimum(np.abs(time_s - found_s[right - 1]), np.abs(time_s - found_s[right]))
    return Lips(1e3 * np.interp(time_s, found_s, face.mouth_m[face.found]), away_s <= _NEAR_S)


def quick(values: Array) -> Array:
    """The part of (T,) or (T, C) between about 0.5 and 4 Hz, where lips move."""
    return smooth(values, _FAST_S) - smooth(values, _SLOW_S)


def lip_features(speech: SpeechFeatures) -> Array:
    """Input features of the mouth's opening, (T, len(INPUTS) · len(LEADS))."""
    columns = np.maximum(np.column_stack([speech.column(name) for name in INPUTS]), _QUIETEST)
    columns = quick(columns)
    later = np.minimum(np.arange(len(columns))[:, None] + LEADS, len(columns) - 1)
    return columns[later].reshape(len(columns), -1)


@cache
def weights() -> Array:
    """The weights of `lip_features`, shape (len(INPUTS) · len(LEADS),)."""
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if tuple(content["inputs"]) != INPUTS or tuple(content["leads"]) != LEADS:
        raise ValueError(f"{WEIGHTS.name} does not belong to this version; run training/data/fit_lips.py")
    return np.array(content["weights"], np.float64)


def expected(speech: SpeechFeatures) -> Array:
    """How the mouth of whoever speaks moves, (T,), without a unit."""
    return lip_features(speech) @ weights()


def estimate_offset(lips: Lips, voice: Array) -> Offset:
    """The likeliest offset within ±0.4 s.

    The correlation of lips and `voice` (`expected`, (T,)) at each shift, over its deviation at shifts that are
    certainly wrong, is a matched filter's output: half its square is the log likelihood. A Gaussian
    prior says that files are in step to about 0.1 s. A parabola finds the peak between samples.
    """
    reach = round(REACH_S * GRID_HZ)
    motion = lips.motion()
    shifts = np.arange(-reach, reach + 1)
    right = np.array([_agreement(motion, lips.visible, voice, shift) for shift in shifts.tolist()])
    far = round(_WRONG_S * GRID_HZ)
    wrong = np.array(
        [
            _agreement(motion, lips.visible, np.roll(voice, turn), 0)
            for turn in range(far, len(voice) - far, 3)
        ]
    )
    if len(wrong) < 2 or wrong.std() < 1e-9:
        return Offset(0.0, 0.0)
    score = right / wrong.std()
    likelihood = (score * np.abs(score) - np.square(shifts / GRID_HZ / IN_STEP_S)) / 2
    best = int(np.argmax(likelihood))
    if 0 < best < len(shifts) - 1:
        before, here, after = likelihood[best - 1 : best + 2]
        fraction = 0.5 * (before - after) / min(before - 2 * here + after, -1e-9)
    else:
        fraction = 0.0
    return Offset(float((shifts[best] + fraction) / GRID_HZ), float(score[best]))


def _agreement(motion: Array, visible: BoolArray, voice: Array, shift: int) -> float:
    """Correlation of the lips (T,) with the voice `shift` samples later, where they are visible."""
    index = np.flatnonzero(visible)
    index = index[(index + shift >= 0) & (index + shift < len(voice))]
    if len(index) < GRID_HZ:
        return 0.0
    a, b = motion[index], voice[index + shift]
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / max(float(np.sqrt((a @ a) * (b @ b))), 1e-12))
