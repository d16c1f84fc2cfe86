"""Training windows and their references as network inputs, with data augmentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.core.network.manner import LARGEST_STATISTIC
from mannerism.core.network.sizes import Sizes
from mannerism.core.speech import NAMES
from mannerism.core.style.resampling import rate
from mannerism.core.style.schema import AXES, STATISTICS
from mannerism.core.style.style_vector import scales
from mannerism.core.types import Array
from mannerism.training.manner.corpus import LEAST_REFERENCE_S, Corpus, Reference, Segment
from mannerism.training.manner.options import Options

Batch = Mapping[str, Tensor]
"""Numbers of B examples by name, see `Examples.batch`."""

_INDEX = {name: i for i, name in enumerate(STATISTICS)}
_SIGMA = [_INDEX[f"log_sigma_{axis}"] for axis in (*AXES, *"xyz")]
_SPEED = [_INDEX[f"log_speed_{axis}"] for axis in AXES]
_MIRRORED = [_INDEX["correlation_pitch_yaw"], _INDEX["correlation_pitch_roll"]]
_LEFT_RIGHT = np.array([1.0, -1.0, -1.0, -1.0, 1.0, 1.0])
_ASPECT = 0.4  # of how far sizes vary, how far single axes do


@dataclass(frozen=True)
class _Stretch:
    """Some of a segment.

    channels : (N, 6) degrees and millimetres; speech : (N, F); valid : (N,) of 0 and 1
    """

    channels: Array
    speech: Array
    valid: Array


class Examples:
    """Examples of a corpus for a network of given sizes.

    One is a pure function of the seed, the step and its number, so training goes on where it was
    stopped, and is the same on any number of processes.
    """

    def __init__(self, corpus: Corpus, sizes: Sizes, options: Options) -> None:
        self._corpus = corpus
        self._sizes = sizes
        self._options = options
        self._columns = [NAMES.index(name) for name in sizes.speech]
        self._person = {person: i for i, person in enumerate(corpus.persons)}

    def batch(self, step: int, numbers: Sequence[int], *, varied: bool = True) -> Batch:
        """The examples of a step with these numbers.

        varied : whether they are augmented, and parts of the inputs dropped

        Returns, all float32, B first, on the grid, padded with what is not valid:
        poses (N, 6) in standard deviations, valid (N,), speech (N, H), rates (N, 3) in mean speeds;
        strides (6,); statistics (S,) standardised; known_rates (M, 3), known_speech (M, H), known_valid (M,)
        of the reference; translated (), whether translation means anything; vector_kept (), 0 where the
        vector is left out; person (), a number for each
        """
        drawn = [
            self._example(np.random.default_rng([self._options.seed, step, number]), varied=varied)
            for number in numbers
        ]
        return {
            name: torch.from_numpy(np.stack([each[name] for each in drawn]).astype(np.float32))
            for name in drawn[0]
        }

    def _example(self, random: np.random.Generator, *, varied: bool) -> dict[str, Array]:
        window, reference = self._corpus.draw(random)
        target = _stretch(window.segment, window.first, window.stop)
        known = _stretch(reference.segment, *self._shown(reference, random, varied=varied))
        statistics = reference.statistics
        if varied:
            target, known, statistics = self._augmented(target, known, statistics, random)
        inputs = self._inputs(target, known, statistics)
        inputs["translated"] = np.array(float(window.segment.translated))
        inputs["person"] = np.array(float(self._person[window.segment.row.person]))
        inputs["vector_kept"] = np.array(1.0)
        if varied:
            self._leave_out(inputs, random)
        return inputs

    def _shown(self, reference: Reference, random: np.random.Generator, *, varied: bool) -> tuple[int, int]:
        """The samples of a reference that the encoder takes: as short as one may be, or up to all of it."""
        longest = min(reference.stop - reference.first, round(self._options.reference_s * GRID_HZ))
        if not varied:
            return reference.first, reference.first + longest
        length = random.integers(min(longest, round(LEAST_REFERENCE_S * GRID_HZ)), longest + 1)
        first = random.integers(reference.first, reference.stop - length + 1)
        return int(first), int(first + length)

    def _augmented(
        self, target: _Stretch, known: _Stretch, statistics: Array, random: np.random.Generator
    ) -> tuple[_Stretch, _Stretch, Array]:
        """Another person: mirrored, larger, faster, with axes that lie a little differently, or not."""
        options = self._options
        side = _LEFT_RIGHT if random.random() < 0.5 else np.ones(6)
        size = np.full(6, random.uniform(-options.size, options.size))
        size[:3] += _ASPECT * random.uniform(-options.size, options.size, 3)
        faster = random.uniform(-options.stretch, options.stretch)
        turn = np.eye(6)
        turn[:3, :3] = rot.to_matrix(rot.from_rotvec(options.turn * random.standard_normal(3)))
        statistics = statistics.copy()
        statistics[_MIRRORED] *= side[1]
        statistics[_SIGMA] += size
        statistics[_SPEED] += size[:3] + faster
        change = np.diag(side * np.exp(size)) @ turn.T
        # Sound and picture are never in step to the sample.
        late = int(random.integers(-1, 2))
        return _changed(target, change, faster, late), _changed(known, change, faster, 0), statistics

    def _inputs(self, target: _Stretch, known: _Stretch, statistics: Array) -> dict[str, Array]:
        sizes, options = self._sizes, self._options
        units, speeds, strides = scales(dict(zip(STATISTICS, statistics, strict=True)))
        standard = (statistics - np.array(sizes.statistics_mean)) / np.array(sizes.statistics_sd)
        window, longest = round(options.window_s * GRID_HZ), round(options.reference_s * GRID_HZ)
        return {
            "poses": _padded(target.channels / units, window),
            "valid": _padded(target.valid, window),
            "speech": _padded(self._speech(target), window),
            "rates": _padded(rate(target.channels[:, :3]) / speeds, window),
            "strides": strides,
            "statistics": np.clip(standard, -LARGEST_STATISTIC, LARGEST_STATISTIC),
            "known_rates": _padded(rate(known.channels[:, :3]) / speeds, longest),
            "known_speech": _padded(self._speech(known), longest),
            "known_valid": _padded(known.valid, longest),
        }

    def _speech(self, part: _Stretch) -> Array:
        sizes = self._sizes
        return (part.speech[:, self._columns] - np.array(sizes.speech_mean)) / np.array(sizes.speech_sd)

    def _leave_out(self, inputs: dict[str, Array], random: np.random.Generator) -> None:
        """Input dropout: zeros for some inputs, now and then; noise on the statistics."""
        options = self._options
        noise = options.statistics_noise * random.standard_normal(len(inputs["statistics"]))
        inputs["statistics"] = (inputs["statistics"] + noise) * float(random.random() > options.no_statistics)
        inputs["vector_kept"] = np.array(float(random.random() > options.no_vector))
        columns = random.random(inputs["speech"].shape[1]) > options.no_column
        inputs["speech"] = inputs["speech"] * columns * float(random.random() > options.no_voice)


def _stretch(segment: Segment, first: int, stop: int) -> _Stretch:
    part = slice(first, stop)
    channels = np.column_stack([segment.angles_deg[part], segment.translation_mm[part]])
    return _Stretch(channels, segment.speech[part].astype(np.float64), segment.valid[part].astype(np.float64))


def _changed(part: _Stretch, change: Array, faster: float, late: int) -> _Stretch:
    """Channels times a matrix, time times e to the power of `faster`, sound late by some samples."""
    last = len(part.valid) - 1
    time = np.exp(faster) * np.arange(last + 1)

    def at(values: Array, time: Array) -> Array:
        low = np.clip(np.floor(time), 0, last - 1).astype(np.int64)
        share = np.clip(time - low, 0.0, 1.0).reshape(-1, *[1] * (values.ndim - 1))
        return (1.0 - share) * values[low] + share * values[low + 1]

    valid = (at(part.valid, time) > 0.99) & (time <= last)
    return _Stretch(at(part.channels, time) @ change, at(part.speech, time - late), valid.astype(np.float64))


def _padded(values: Array, length: int) -> Array:
    """Values (N, …) with zeros behind them, (length, …)."""
    return np.pad(values[:length], [(0, length - min(length, len(values)))] + [(0, 0)] * (values.ndim - 1))
