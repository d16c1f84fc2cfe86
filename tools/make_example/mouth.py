"""Mouth shapes from phonemes, and blinks where speakers blink.

Targets per phoneme with coarticulation by dominance functions (Cohen and Massaro 1993); closures
of p, b and m then overrule the mixture, because lips that nearly touch look wrong.
"""

from dataclasses import dataclass

import numpy as np

from mannerism.core.types import Array
from mannerism.tools.make_example.voice import Segment, Speech

CHANNELS = ("jaw", "spread", "round", "tuck")
CLOSURES = frozenset("pbm")
VOWELS = frozenset("aeiouæɑɒɐʌəɚɜɛɪᵻɔʊ")

# Targets of (jaw, spread, round, tuck), 0 to 1, by the first letter of a phoneme, and its dominance.
_REST = (0.0, 0.12, 0.0, 0.0)
_TARGETS: dict[str, tuple[tuple[float, float, float, float], float]] = {
    "a": ((0.95, 0.30, 0.0, 0.0), 1.0),
    "æ": ((0.90, 0.55, 0.0, 0.0), 1.0),
    "ɑ": ((1.00, 0.10, 0.0, 0.0), 1.0),
    "ɒ": ((0.85, 0.00, 0.35, 0.0), 1.0),
    "ɐ": ((0.55, 0.15, 0.0, 0.0), 0.7),
    "ʌ": ((0.70, 0.15, 0.0, 0.0), 0.9),
    "ə": ((0.40, 0.15, 0.0, 0.0), 0.6),
    "ɚ": ((0.40, 0.00, 0.35, 0.0), 0.8),
    "ɜ": ((0.45, 0.00, 0.40, 0.0), 0.9),
    "ɛ": ((0.70, 0.50, 0.0, 0.0), 1.0),
    "e": ((0.60, 0.65, 0.0, 0.0), 1.0),
    "ɪ": ((0.42, 0.55, 0.0, 0.0), 0.8),
    "ᵻ": ((0.35, 0.45, 0.0, 0.0), 0.7),
    "i": ((0.32, 0.85, 0.0, 0.0), 1.0),
    "ɔ": ((0.75, 0.00, 0.65, 0.0), 1.0),
    "o": ((0.60, 0.00, 0.80, 0.0), 1.0),
    "ʊ": ((0.32, 0.00, 0.75, 0.0), 1.0),
    "u": ((0.24, 0.00, 0.95, 0.0), 1.0),
    "w": ((0.16, 0.00, 1.00, 0.0), 1.1),
    "ɹ": ((0.35, 0.05, 0.55, 0.0), 0.7),
    "f": ((0.20, 0.25, 0.0, 1.0), 1.4),
    "v": ((0.20, 0.25, 0.0, 1.0), 1.4),
    "ʃ": ((0.25, 0.05, 0.60, 0.0), 1.0),
    "ʒ": ((0.25, 0.05, 0.60, 0.0), 1.0),
    "s": ((0.15, 0.50, 0.0, 0.0), 1.0),
    "z": ((0.15, 0.50, 0.0, 0.0), 1.0),
    "θ": ((0.30, 0.25, 0.0, 0.0), 0.9),
    "ð": ((0.30, 0.25, 0.0, 0.0), 0.8),
    "l": ((0.45, 0.25, 0.0, 0.0), 0.6),
    "p": ((0.10, 0.15, 0.0, 0.0), 1.0),
    "b": ((0.10, 0.15, 0.0, 0.0), 1.0),
    "m": ((0.10, 0.15, 0.0, 0.0), 1.0),
}
_OTHERWISE = ((0.30, 0.25, 0.0, 0.0), 0.5)

_FADE_S = 0.05
_REST_DOMINANCE = 0.02


@dataclass(frozen=True)
class FaceShape:
    """What the face does: channels (T, 4) in the order of CHANNELS; closure, blink and brow (T,); 0 to 1."""

    channels: Array
    closure: Array
    blink: Array
    brow: Array


def shape_face(time_s: Array, speech: Speech, seed: int) -> FaceShape:
    """Mouth and lids of a spoken line at these times."""
    return FaceShape(
        _mix(time_s, speech),
        _closure(time_s, speech),
        _blinks(time_s, speech, seed),
        _brows(time_s, speech),
    )


def is_closure(phoneme: Segment) -> bool:
    """Whether a phoneme needs lips that touch."""
    return phoneme.label[0] in CLOSURES


def _mix(time_s: Array, speech: Speech) -> Array:
    values = _REST_DOMINANCE * np.tile(_REST, (len(time_s), 1))
    weights = np.full(len(time_s), _REST_DOMINANCE)
    for phoneme in speech.phonemes:
        target, dominance = _TARGETS.get(phoneme.label[0], _OTHERWISE)
        outside = np.maximum(np.maximum(phoneme.start_s - time_s, time_s - phoneme.end_s), 0.0)
        weight = dominance * np.exp(-outside / _FADE_S)
        values += weight[:, None] * np.array(target)
        weights += weight
    return np.asarray(values / weights[:, None])


def _closure(time_s: Array, speech: Speech) -> Array:
    """1 where lips touch: at the frames inside p, b and m, at least the one nearest its middle."""
    closure = np.zeros_like(time_s)
    for phoneme in filter(is_closure, speech.phonemes):
        outside = np.maximum(np.maximum(phoneme.start_s - time_s, time_s - phoneme.end_s), 0.0)
        press = np.clip(1.0 - outside / 0.07, 0.0, 1.0)
        press[np.abs(time_s - phoneme.middle_s).argmin()] = 1.0
        closure = np.maximum(closure, press**1.5)
    return closure


def _blinks(time_s: Array, speech: Speech, seed: int) -> Array:
    """Blinks at phrase ends, at commas and a few between: shut in 80 ms, open in 160 ms."""
    random = np.random.default_rng(seed)
    after_comma = [word.end_s for word in speech.words if word.label.endswith(",")]
    moments = sorted([phrase.end_s + 0.12 for phrase in speech.phrases] + after_comma)
    blink = np.zeros_like(time_s)
    last = 0.0
    for moment in moments:
        shut = moment + random.normal(0, 0.04)
        if shut - last < 1.2:
            continue
        # On a frame, so that each blink has one frame of lids that meet.
        shut = time_s[np.abs(time_s - shut).argmin()]
        fall = np.clip(1.0 - (shut - time_s) / 0.1, 0.0, 1.0) * (time_s <= shut)
        rise = np.clip(1.0 - (time_s - shut) / 0.2, 0.0, 1.0) * (time_s > shut)
        blink = np.maximum(blink, fall + rise)
        last = shut
    return np.asarray(blink * blink * (3.0 - 2.0 * blink))


def _brows(time_s: Array, speech: Speech) -> Array:
    """Brows rise where a phrase begins and sink back over its first second."""
    brow = np.full_like(time_s, 0.1)
    for phrase in speech.phrases:
        since = time_s - phrase.start_s + 0.2
        brow += np.where(since > 0, since / 0.25 * np.exp(1 - np.maximum(since, 0) / 0.25), 0.0) * 0.6
    return np.clip(brow, 0.0, 1.0)
