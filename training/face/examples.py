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
from mannerism.training.face.corpus import SEEN_HZ, Talk
from mannerism.training.face.synthetic import Spoken

CLOSED, OPEN = 0.12, 0.3
"""Openings over the person's gain below which lips count as closed, and above which they count as open."""

_PER_STEP = LOG_MEL_HZ // SEEN_HZ
_SPEED = 0.12
_STRETCH = 0.03
_SHIFT_BANDS = 0.75
_TILT = 0.4
_NOISY, _NOISE = 0.5, (-4.5, -0.8)
_BABBLE, _BABBLE_LEVEL = 0.1, (-2.5, -1.0)
_MASKS, _MASKED = 1, 6
_SILENT = 0.03

Batch = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class Example:
    """Log-mel features (T, BANDS), and targets of the mouth (T // 2, …).

    shape, seen : (T // 2, K) over the person's gain, (T // 2,) where that counts
    closed, known : (T // 2,) whether the lips are closed, where that counts
    sounds : (T // 2,) of which of SOUNDS is spoken, −1 where that is not known
    """

    heard: Float32Array
    shape: Float32Array
    seen: BoolArray
    closed: BoolArray
    known: BoolArray
    sounds: NDArray[np.int64]


def of_talk(talk: Talk) -> Example:
    """A real recording. Where lips are neither closed nor open, or nobody speaks, closures are unlabelled."""
    shape, seen = talk.seen()
    shape = shape / gain_of(talk.shape[talk.used])
    spoken = loudness(talk.heard, _PER_STEP)[: len(shape)] > SPOKEN
    opening = shape[:, 0]
    known = seen & spoken & ((opening < CLOSED) | (opening > OPEN))
    return Example(
        talk.heard, shape.astype(np.float32), seen, opening < CLOSED, known, np.full(len(opening), -1)
    )


def of_spoken(spoken: Spoken, numbers: int) -> Example:
    """A synthetic line, with labels of closures only."""
    count = len(spoken.closed)
    shape = np.zeros((count, numbers), np.float32)
    unseen = np.zeros(count, np.bool_)
    return Example(spoken.heard, shape, unseen, spoken.closed, spoken.counted, spoken.sounds)


class Windows:
    """Windows of some seconds, longer examples more often, but each person's less than in proportion."""

    def __init__(self, examples: Sequence[Example], steps: int) -> None:
        self._examples = [each for each in examples if len(each.shape) > steps // 2]
        length = np.array([each.known.sum() + each.seen.sum() for each in self._examples], np.float64)
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
        heard_at = _PER_STEP * first + speed * np.arange(steps * _PER_STEP)
        heard = _at(example.heard, heard_at)
        heard[(heard_at < 0) | (heard_at > len(example.heard) - 1)] = FLOOR
        silent = rng.random() < _SILENT
        if silent:
            heard[:] = FLOOR
        return {
            "heard": _varied(heard, self._another(rng), rng),
            "shape": 0.0 * _at(example.shape, at) if silent else _at(example.shape, at),
            "seen": np.ones(steps) if silent else (example.seen[nearest] & inside).astype(np.float64),
            "closed": example.closed[nearest].astype(np.float64),
            "known": np.zeros(steps) if silent else (example.known[nearest] & inside).astype(np.float64),
            "sounds": np.where(inside & ~np.bool_(silent), example.sounds[nearest], -1),
        }

    def _another(self, rng: np.random.Generator) -> Float32Array:
        """An equally long piece of another example, as a second voice in the background."""
        example = self._examples[rng.integers(len(self._examples))]
        first = rng.integers(len(example.heard))
        return np.take(example.heard, first + np.arange(self._steps * _PER_STEP), axis=0, mode="wrap")


def batch(windows: list[Mapping[str, Array]]) -> Batch:
    """Windows of one length side by side."""
    whole = {name: np.stack([each[name] for each in windows]) for name in windows[0]}
    return {
        name: torch.from_numpy(values if name == "sounds" else values.astype(np.float32))
        for name, values in whole.items()
    }


def _at(values: Float32Array, at: Array) -> Array:
    """Values (T, C) between samples, held beyond the ends."""
    at = np.clip(at, 0, len(values) - 1)
    left = np.minimum(at.astype(int), len(values) - 2)
    share = (at - left)[:, None]
    return np.asarray((1.0 - share) * values[left] + share * values[left + 1])


def _varied(heard: Array, another: Float32Array, rng: np.random.Generator) -> Array:
    """Another voice, microphone and room: bands shifted and stretched, weighed, noise or another voice beneath,
    a few missing.
    """
    bands = np.arange(BANDS)
    moved = bands * np.exp(rng.normal(0.0, _STRETCH)) + rng.normal(0.0, _SHIFT_BANDS)
    heard = _at(heard.T.astype(np.float32), moved).T
    heard = heard + np.interp(bands, np.linspace(0, BANDS - 1, 5), rng.normal(0.0, _TILT, 5))
    beneath = rng.random()
    if beneath < _NOISY:
        level = rng.uniform(*_NOISE) + np.interp(bands, [0, BANDS / 2, BANDS], rng.normal(0.0, 0.5, 3))
        heard = _with(heard, level + 0.2 * rng.normal(size=heard.shape))
    elif beneath < _NOISY + _BABBLE:
        heard = _with(heard, another.astype(np.float64) + rng.uniform(*_BABBLE_LEVEL))
    for _ in range(_MASKS):
        first = rng.integers(0, BANDS)
        heard[:, first : first + rng.integers(0, _MASKED)] = 0.0
    return np.clip(heard, FLOOR, CEILING)


def _with(heard: Array, other: Array) -> Array:
    """Both at once: the sum of their powers."""
    return np.asarray(np.log10(np.power(10.0, heard) + np.power(10.0, other)))
