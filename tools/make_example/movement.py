"""Head motion of the speaker: nods on accents, a tilt at commas, a new bearing for each phrase, rest at its end.

Amplitudes follow what is measured on speakers: about 2.5° of pitch, 4° of yaw and 2.5° of roll
(standard deviations), peaks within 15°, most of the power below 3 Hz, and a head that moves
about 0.2 s before the voice (Hadar et al. 1983; Paggio and Navarretta 2016).
"""

from itertools import pairwise

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ, HeadMotion
from mannerism.core.types import Array
from mannerism.tools.make_example.mouth import VOWELS
from mannerism.tools.make_example.voice import Segment, Speech

LEAD_S = 0.2
SPREAD_DEG = np.array([2.6, 3.9, 2.5])
SPREAD_M = np.array([0.004, 0.002, 0.005])
SMOOTHING_S = 0.045


def move(speech: Speech, seed: int) -> HeadMotion:
    """Head motion relative to its own neutral (geodesic median), on the GRID_HZ grid of a line."""
    random = np.random.default_rng(seed)
    time_s = np.arange(int(speech.duration_s * GRID_HZ)) / GRID_HZ
    voiced = _speaking(time_s, speech)
    angles = np.stack(
        [
            _nods(time_s, speech, random) + 0.8 * voiced * _drift(time_s, random, 0.35),
            _bearings(time_s, speech, random) + 1.0 * voiced * _drift(time_s, random, 0.25),
            _tilts(time_s, speech, random) + 1.2 * voiced * _drift(time_s, random, 0.25),
        ],
        axis=1,
    )
    angles = _smooth(angles)
    angles = (angles - angles.mean(0)) * SPREAD_DEG / angles.std(0)
    rotation = rot.from_euler(*np.radians(angles).T)
    neutral = rot.geodesic_median(rotation)
    rotation = rot.continuous(rot.multiply(rot.inverse(neutral), rotation))

    shift = _smooth(np.stack([_drift(time_s, random, 0.25) for _ in range(3)], axis=1))
    shift = (shift - np.median(shift, axis=0)) * SPREAD_M / shift.std(0)
    return HeadMotion(time_s, rotation, shift)


def _nods(time_s: Array, speech: Speech, random: np.random.Generator) -> Array:
    """Down and up on each accent, in degrees; the last of a phrase sinks once more, smaller."""
    pitch = np.zeros_like(time_s)
    for phrase in speech.phrases:
        accents = [_nucleus(word, speech) for word in _words(phrase, speech) if _is_accented(word)]
        for number, accent in enumerate(accents):
            size = random.uniform(2.0, 4.5) * (1.35 if number == len(accents) - 1 else 1.0)
            middle = accent.middle_s - LEAD_S + random.normal(0, 0.03)
            pitch += size * _bump(time_s, middle, random.uniform(0.085, 0.12))
            # The head gathers itself before it falls: a smaller, slower rise.
            pitch -= 0.35 * size * _bump(time_s, middle - 0.23, 0.11)
        pitch += 1.5 * _bump(time_s, phrase.end_s - 0.2, 0.13)
        pitch -= 2.0 * _bump(time_s, phrase.start_s + 0.05, 0.14)
    return pitch


def _bearings(time_s: Array, speech: Speech, random: np.random.Generator) -> Array:
    """A turn to a new bearing as a phrase begins and at its commas, in degrees."""
    yaw = np.zeros_like(time_s)
    side = 1.0
    previous = 0.0
    for start_s in _turns(speech):
        bearing = side * random.uniform(2.5, 5.5)
        yaw += (bearing - previous) * _step(time_s, start_s + 0.1, random.uniform(0.2, 0.3))
        previous, side = bearing, -side
    return yaw - previous * _step(time_s, speech.phrases[-1].end_s - 0.3, 0.25)


def _tilts(time_s: Array, speech: Speech, random: np.random.Generator) -> Array:
    """A tilt of the head that comes with a comma and goes with the words after it, in degrees."""
    roll = np.zeros_like(time_s)
    for start_s in _turns(speech):
        size = random.choice([-1.0, 1.0]) * random.uniform(2.5, 4.5)
        roll += size * _bump(time_s, start_s + 0.4, random.uniform(0.28, 0.4))
    return roll


def _turns(speech: Speech) -> list[float]:
    """Where a phrase begins, or goes on after a comma."""
    words = speech.words
    after_comma = [b.start_s for a, b in pairwise(words) if a.label.endswith(",")]
    return sorted([phrase.start_s for phrase in speech.phrases] + after_comma)


def _words(phrase: Segment, speech: Speech) -> list[Segment]:
    return [word for word in speech.words if phrase.start_s <= word.middle_s < phrase.end_s]


def _is_accented(word: Segment) -> bool:
    """Long words carry the accents of English well enough for a story about a lighthouse."""
    return len(word.label.strip(".,?!")) >= 5 or word.label.endswith(".")


def _nucleus(word: Segment, speech: Speech) -> Segment:
    """The longest vowel of a word."""
    inside = [p for p in speech.phonemes if word.start_s <= p.middle_s < word.end_s]
    vowels = [p for p in inside if p.label[0] in VOWELS]
    return max(vowels or inside, key=lambda p: p.end_s - p.start_s)


def _speaking(time_s: Array, speech: Speech) -> Array:
    """About 1 while she speaks, and 0.1 while she does not."""
    phrases = speech.phrases
    active = sum(
        _step(time_s, p.start_s - LEAD_S, 0.1) - _step(time_s, p.end_s - LEAD_S, 0.1) for p in phrases
    )
    return np.asarray(0.1 + 0.9 * active)


def _bump(time_s: Array, middle_s: float, width_s: float) -> Array:
    return np.exp(-0.5 * ((time_s - middle_s) / width_s) ** 2)


def _step(time_s: Array, middle_s: float, width_s: float) -> Array:
    return 0.5 + 0.5 * np.tanh((time_s - middle_s) / width_s)


def _drift(time_s: Array, random: np.random.Generator, width_s: float) -> Array:
    """Slow noise of unit variance: white noise through a Gaussian of this width."""
    lags = np.arange(-int(4 * width_s * GRID_HZ), int(4 * width_s * GRID_HZ) + 1) / GRID_HZ
    kernel = np.exp(-0.5 * (lags / width_s) ** 2)
    noise = random.standard_normal(len(time_s) + len(lags) - 1)
    return np.convolve(noise, kernel / np.linalg.norm(kernel), mode="valid")


def _smooth(values: Array) -> Array:
    """Zero-phase Gaussian over time, shape (T, C), held beyond the ends."""
    reach = int(4 * SMOOTHING_S * GRID_HZ)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / GRID_HZ / SMOOTHING_S) ** 2)
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    columns = [np.convolve(column, kernel / kernel.sum(), mode="valid") for column in padded.T]
    return np.stack(columns, axis=1)
