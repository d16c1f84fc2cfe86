"""The baseline: a deterministic regression of the kind published by Yi et al., IEEE TMM 2022.

Built from public facts about that model, not from its code: a recurrent encoder of three layers reads the
poses of a reference, and its last hidden and cell states become a pattern of ten numbers; a causal recurrent
decoder of three layers reads the voice's cepstrum, a convolution of 280 ms brings it to the rate of poses,
the pattern is set beside each frame, and convolutions give three Euler angles and a translation. It is
trained by regression, with a contrastive term on the pattern. There is no noise in it.

What differs, and why: the voice is thirteen numbers a frame at 25 Hz, energy and the cosine transform of
twelve mel bands, where theirs are 13 cepstra at 100 Hz, since prepared data hold no sound; layers are half
as wide (128, and 512-256-128), which 50 minutes of speech and 20 minutes on two cores can train; poses are
relative to neutral, as everything here; and the form of the contrastive loss, which is not public, is
Khosla et al. 2020.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.fft import dct
from torch import Tensor, nn
from torch.nn import functional

from mannerism.core import rotation as rot
from mannerism.core.errors import StyleError
from mannerism.core.generate.engine import Engine
from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.motion import GRID_HZ, Progress, no_progress
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.style.schema import Style
from mannerism.core.types import Array, Float32Array
from mannerism.training.data.dataset import Recording, load
from mannerism.training.evaluation.contrast import contrast
from mannerism.training.train_loop import cached, train

STEPS = 1200
"""About a quarter of an hour on two cores that nobody else uses."""

REFERENCE_S, TARGET_S = 8, 6
PATTERN = 10
_PERSONS = 8  # in a batch, two pieces each
_CONTRAST = 0.1
_TEMPERATURE = 0.2
_UNIT_RAD, _UNIT_M = 0.05, 0.01  # about what a head does, so that rotation and translation weigh alike
_MEL = [i for i, name in enumerate(NAMES) if name.startswith("mel_")]
_CEPSTRA = len(_MEL) + 1

_Segment = tuple[Recording, int]
"""A recording and the index of one of its segments."""


class Regression(nn.Module):
    """Reference poses (B, R, 6) and cepstra (B, T, 13) to poses (B, T, 6), in units of the module."""

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        self.reader = nn.LSTM(6, width, 3, batch_first=True)
        sizes = [6 * width, 128, 64, 32]
        self.pattern = nn.Sequential(
            *(layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())),
            nn.Linear(sizes[-1], PATTERN),
        )
        self.listener = nn.LSTM(_CEPSTRA, width, 3, batch_first=True)
        self.frames = nn.Conv1d(width, 4 * width, 7, padding=3)  # 280 ms
        self.decoder = nn.Sequential(
            nn.Conv1d(4 * width + PATTERN, 2 * width, 3, padding=1),
            nn.BatchNorm1d(2 * width),
            nn.ReLU(),
            nn.Conv1d(2 * width, width, 3, padding=1),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Conv1d(width, 6, 1),
        )

    def encode(self, poses: Tensor) -> Tensor:
        """The behaviour pattern (B, PATTERN) of reference poses."""
        _, (hidden, cell) = self.reader(poses)
        return self.pattern(torch.cat([*hidden, *cell], 1))

    def forward(self, pattern: Tensor, cepstra: Tensor) -> Tensor:
        encoded = self.frames(self.listener(cepstra)[0].transpose(1, 2))
        tiled = pattern[:, :, None].expand(-1, -1, encoded.shape[2])
        return self.decoder(torch.cat([encoded, tiled], 1)).transpose(1, 2)


def train_baseline(
    file: Path,
    dataset: Path,
    rows: Sequence[Recording],
    *,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = no_progress,
) -> Engine:
    """The baseline as an engine, from the weights in `file`, trained first where these are not of `rows`.

    rows : training recordings; persons count alike, however long they spoke; those without a spectrum do not count
    """
    rows = [row for row in rows if not row.prosody_only]
    torch.manual_seed(seed)
    network = Regression()

    @lru_cache(maxsize=512)  # 13 MB an hour; what does not fit is read again
    def piece(row: Recording, segment: int) -> tuple[Float32Array, Float32Array]:
        part = load(dataset, row).part(*row.segments[segment])
        return _poses(part.rotvec_rad, part.translation_m), _cepstra(part.speech)

    persons = _by_person(rows)

    def fit() -> None:
        random = np.random.default_rng(seed)

        def loss() -> Tensor:
            chosen = random.choice(len(persons), min(_PERSONS, len(persons)), replace=False)
            drawn = [_example(random, persons[person], piece) for person in np.repeat(chosen, 2)]
            reference, target, cepstra = (
                torch.from_numpy(np.stack(column)) for column in zip(*drawn, strict=True)
            )
            pattern = network.encode(reference)
            missed = functional.mse_loss(network(pattern, cepstra), target)
            return missed + _CONTRAST * contrast(pattern, np.repeat(chosen, 2), _TEMPERATURE)

        train(network, loss, steps=steps, rate=1e-3, progress=progress, what="baseline")

    cached(file, network, [seed, steps, sorted((row.id, row.segments) for row in rows)], fit)
    return _engine(network)


def _engine(network: Regression) -> Engine:
    def baseline(
        style: Style, speech: SpeechFeatures, settings: GenerationSettings, progress: Progress
    ) -> Array:
        """One take, the same for all settings."""
        del settings
        if style.motion is None:
            raise StyleError("The baseline needs the reference's motion", "Encode the style with its motion")
        progress(0.0, "predicting")
        reference = _poses(style.motion[: 12 * GRID_HZ, :3], style.motion[: 12 * GRID_HZ, 3:])
        with torch.no_grad():
            pattern = network.encode(torch.from_numpy(reference)[None])
            found = network(pattern, torch.from_numpy(_cepstra(speech.values))[None])[0].numpy()
        pitch, yaw, roll = found[:, :3].astype(np.float64).T * _UNIT_RAD
        rotation = rot.to_rotvec(rot.from_euler(pitch, yaw, roll))
        return np.column_stack([rotation, found[:, 3:] * _UNIT_M])

    return baseline


def _poses(rotvec_rad: NDArray[np.floating[Any]], translation_m: NDArray[np.floating[Any]]) -> Float32Array:
    euler = rot.to_euler(rot.from_rotvec(rotvec_rad))
    return np.column_stack([euler / _UNIT_RAD, translation_m / _UNIT_M]).astype(np.float32)


def _cepstra(speech: Float32Array) -> Float32Array:
    mel = dct(speech[:, _MEL], norm="ortho", axis=1)
    return np.column_stack([speech[:, NAMES.index("energy")], mel]).astype(np.float32)


def _by_person(rows: Sequence[Recording]) -> list[list[_Segment]]:
    """Segments of each person in which a target fits."""
    persons: dict[str, list[_Segment]] = {}
    for row in rows:
        for index, (first, stop) in enumerate(row.segments):
            if stop - first >= TARGET_S * GRID_HZ:
                persons.setdefault(row.person, []).append((row, index))
    return list(persons.values())


def _example(
    random: np.random.Generator,
    own: list[_Segment],
    piece: Callable[[Recording, int], tuple[Float32Array, Float32Array]],
) -> tuple[Float32Array, ...]:
    """Reference, target and voice of one person, from two places where there are."""
    first, second = random.choice(len(own), 2, replace=len(own) < 2)
    reference, _ = piece(*own[first])
    poses, cepstra = piece(*own[second])
    start = random.integers(len(poses) - TARGET_S * GRID_HZ + 1)
    target = slice(start, start + TARGET_S * GRID_HZ)
    return _cut(random, reference), poses[target], cepstra[target]


def _cut(random: np.random.Generator, poses: Float32Array) -> Float32Array:
    length = REFERENCE_S * GRID_HZ
    poses = np.concatenate([poses, poses[::-1]]) if len(poses) < length else poses
    start = random.integers(len(poses) - length + 1)
    return poses[start : start + length]
