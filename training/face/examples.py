"""Training windows of recorded and synthetic speech, with data augmentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mannerism.core.face.log_mel import BANDS, CEILING, FLOOR, LOG_MEL_HZ, SPOKEN, loudness
from mannerism.core.face.manner import gain_of
from mannerism.core.types import Array, BoolArray, Float32Array
from mannerism.training.face.corpus import TRACKED_HZ, Talk
from mannerism.training.face.phonetics import Halves
from mannerism.training.face.synthetic import Spoken

CLOSED, OPEN = 0.12, 0.3
"""Openings over the person's gain below which lips count as closed, and above which they count as open."""

_PER_STEP = LOG_MEL_HZ // TRACKED_HZ
_SPEED = 0.12
_STRETCH = 0.03
_SHIFT_BANDS = 0.75
_TILT = 0.4
_NOISY, _NOISE = 0.5, (-4.5, -0.8)
_BABBLE, _BABBLE_LEVEL = 0.1, (-2.5, -1.0)
_MASKS, _MASKED = 1, 6
_SILENT = 0.03
_PHONETIC_NOISE = 0.1  # a quarter of their deviation

Batch = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class Example:
    """Log-mel features (T, BANDS), phonetic features (T / 2 rounded up, WIDTH), and targets of the mouth (T // 2, …).

    shape, tracked : (T // 2, K) over the person's gain, (T // 2,) where that counts
    closed, known : (T // 2,) whether the lips are closed, where that counts
    sounds : (T // 2,) of which of SOUNDS is spoken, −1 where that is not known
    """

    log_mel: Float32Array
    phonetic: Halves
    shape: Float32Array
    tracked: BoolArray
    closed: BoolArray
    known: BoolArray
    sounds: NDArray[np.int64]


def of_talk(talk: Talk) -> Example:
    """A real recording. Where lips are neither closed nor open, or nobody speaks, closures are unlabelled."""
    shape, tracked = talk.tracked()
    shape = shape / gain_of(talk.shape[talk.used])
    spoken = loudness(talk.log_mel, _PER_STEP)[: len(shape)] > SPOKEN
    opening = shape[:, 0]
    known = tracked & spoken & ((opening < CLOSED) | (opening > OPEN))
    return Example(
        talk.log_mel,
        talk.phonetic,
        shape.astype(np.float32),
        tracked,
        opening < CLOSED,
        known,
        np.full(len(opening), -1),
    )


def of_spoken(spoken: Spoken, numbers: int) -> Example:
    """A synthetic line, with labels of closures only."""
    count = len(spoken.closed)
    shape = np.zeros((count, numbers), np.float32)
    untracked = np.zeros(count, np.bool_)
    return Example(
        spoken.log_mel, spoken.phonetic, shape, untracked, spoken.closed, spoken.counted, spoken.sounds
    )


class Windows:
    """Windows of some seconds, longer examples more often, but each person's less than in proportion."""

    def __init__(self, examples: Sequence[Example], steps: int) -> None:
        self._examples = [each for each in examples if len(each.shape) > steps // 2]
        length = np.array([each.known.sum() + each.tracked.sum() for each in self._examples], np.float64)
        self._weights = np.sqrt(length) / np.sqrt(length).sum()
        self._steps = steps

    def draw(self, rng: np.random.Generator, count: int) -> list[Mapping[str, Array]]:
        """So many windows, varied."""
        chosen = rng.choice(len(self._examples), count, p=self._weights)
        return [self._window(self._examples[number], rng) for number in chosen]

    def _window(self, example: Example, rng: np.random.Generator) -> Mapping[str, Array]:
        steps, speed = self._steps, np.exp(rng.uniform(-_SPEED, _SPEED))
        whole = len(example.shape)
        first = rng.uniform(-0.1 * steps, max(whole - 0.9 * steps * speed, 1.0))
        at = first + speed * np.arange(steps)
        inside = (at >= 0) & (at <= whole - 1)
        nearest = np.clip(np.rint(at).astype(int), 0, whole - 1)
        log_mel_at = _PER_STEP * first + speed * np.arange(steps * _PER_STEP)
        log_mel = _at(example.log_mel, log_mel_at)
        log_mel[(log_mel_at < 0) | (log_mel_at > len(example.log_mel) - 1)] = FLOOR
        silent = rng.random() < _SILENT
        if silent:
            log_mel[:] = FLOOR
        phonetic = _at(example.phonetic, at)
        phonetic += rng.normal(0.0, _PHONETIC_NOISE, phonetic.shape)
        if silent:
            phonetic[:] = example.phonetic.mean(axis=0)
        return {
            "log_mel": _varied(log_mel, self._another(rng), rng),
            "phonetic": phonetic,
            "shape": 0.0 * _at(example.shape, at) if silent else _at(example.shape, at),
            "tracked": np.ones(steps) if silent else (example.tracked[nearest] & inside).astype(np.float64),
            "closed": example.closed[nearest].astype(np.float64),
            "known": np.zeros(steps) if silent else (example.known[nearest] & inside).astype(np.float64),
            "sounds": np.where(inside & ~np.bool_(silent), example.sounds[nearest], -1),
        }

    def _another(self, rng: np.random.Generator) -> Float32Array:
        """An equally long piece of another example, as a second voice in the background."""
        example = self._examples[rng.integers(len(self._examples))]
        first = rng.integers(len(example.log_mel))
        return np.take(example.log_mel, first + np.arange(self._steps * _PER_STEP), axis=0, mode="wrap")


def batch(windows: list[Mapping[str, Array]]) -> Batch:
    """Windows of one length side by side."""
    whole = {name: np.stack([each[name] for each in windows]) for name in windows[0]}
    return {
        name: torch.from_numpy(values if name == "sounds" else values.astype(np.float32))
        for name, values in whole.items()
    }


def _at(values: Float32Array | Halves, at: Array) -> Array:
    """Values (T, C) between samples, held beyond the ends."""
    at = np.clip(at, 0, len(values) - 1)
    left = np.minimum(at.astype(int), len(values) - 2)
    share = (at - left)[:, None]
    return np.asarray((1.0 - share) * values[left] + share * values[left + 1])


def _varied(log_mel: Array, another: Float32Array, rng: np.random.Generator) -> Array:
    """Another voice, microphone and room: bands shifted and stretched, weighed, noise or another voice beneath,
    a few missing.
    """
    bands = np.arange(BANDS)
    moved = bands * np.exp(rng.normal(0.0, _STRETCH)) + rng.normal(0.0, _SHIFT_BANDS)
    log_mel = _at(log_mel.T.astype(np.float32), moved).T
    log_mel = log_mel + np.interp(bands, np.linspace(0, BANDS - 1, 5), rng.normal(0.0, _TILT, 5))
    beneath = rng.random()
    if beneath < _NOISY:
        level = rng.uniform(*_NOISE) + np.interp(bands, [0, BANDS / 2, BANDS], rng.normal(0.0, 0.5, 3))
        log_mel = _with(log_mel, level + 0.2 * rng.normal(size=log_mel.shape))
    elif beneath < _NOISY + _BABBLE:
        log_mel = _with(log_mel, another.astype(np.float64) + rng.uniform(*_BABBLE_LEVEL))
    for _ in range(_MASKS):
        first = rng.integers(0, BANDS)
        log_mel[:, first : first + rng.integers(0, _MASKED)] = 0.0
    return np.clip(log_mel, FLOOR, CEILING)


def _with(log_mel: Array, other: Array) -> Array:
    """Both at once: the sum of their powers."""
    return np.asarray(np.log10(np.power(10.0, log_mel) + np.power(10.0, other)))
