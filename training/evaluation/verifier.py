"""Person verification by motion: a judge trained on real motion alone, and never shipped.

A window of angular velocity becomes a point on a sphere; windows of one person are pulled together and
those of others apart, by the supervised contrastive loss of Khosla et al. 2020. It is trained on persons
of the training split and chosen by those of the validation split.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from mannerism.core.evaluate.c2st import area
from mannerism.core.motion import GRID_HZ, Progress, no_progress
from mannerism.core.style.resampling import GridTrack
from mannerism.core.types import Array, Float32Array
from mannerism.training.data.dataset import Arrays, Recording
from mannerism.training.evaluation.contrast import contrast
from mannerism.training.evaluation.judge_features import mirrored, rates_of, windows
from mannerism.training.evaluation.judge_network import Judge
from mannerism.training.train_loop import cached, train

WINDOW_S = 8.0
HOP_S = 2.0
SHORTEST_S = 4.0
OUTPUTS = 32
_PERSONS = 48  # in a batch, two windows each
_TEMPERATURE = 0.1


@dataclass(frozen=True)
class Piece:
    """Unbroken angular velocity (T, 3) of one person in one recording."""

    person: str
    recording: str
    rates: Float32Array


def pieces(segments: Iterable[tuple[Recording, Arrays]]) -> list[Piece]:
    """The segments of a dataset as pieces long enough to be judged: 1 MB an hour."""
    found = (Piece(row.person, row.id, rates_of(np.degrees(arrays.rotvec_rad))) for row, arrays in segments)
    return [piece for piece in found if len(piece.rates) >= SHORTEST_S * GRID_HZ]


class Verifier:
    """The trained judge, as `core.evaluate` asks for it."""

    def __init__(self, network: Judge) -> None:
        self._network = network

    def embed(self, track: GridTrack) -> Array:
        """Unit vector (OUTPUTS,) of what is personal in a motion of two seconds or more."""
        return self.embed_rates(rates_of(track.angles_deg)).astype(np.float64)

    def similarity(self, motions: Array, references: Array) -> Array:
        """Cosines (N, M) of unit vectors (N, D) and (M, D)."""
        return np.asarray(motions @ references.T)

    def embed_rates(self, rates: Float32Array) -> Float32Array:
        """The mean over windows, of one window where the motion is short."""
        parts = windows(rates, min(WINDOW_S, len(rates) / GRID_HZ), HOP_S)
        points = functional.normalize(torch.from_numpy(self._network.judged(parts)), dim=1)
        return np.asarray(functional.normalize(points.mean(0), dim=0).numpy(), np.float32)


def train_verifier(
    file: Path,
    training: Sequence[Piece],
    validation: Sequence[Piece],
    *,
    seed: int = 0,
    steps: int = 1200,
    progress: Progress = no_progress,
) -> Verifier:
    """A verifier from the weights in `file`, trained first where these are not of the same pieces.

    Mirrored, every person is another one. A batch takes two windows of each of its persons, from two
    recordings where there are, else from two places of one.
    """
    torch.manual_seed(seed)
    network = Judge(OUTPUTS)
    key = [seed, steps, sorted((p.person, p.recording, len(p.rates)) for p in training)]

    def fit() -> None:
        rng = np.random.default_rng(seed)
        persons = _by_person(training)
        network.normalise_by(np.concatenate([windows(p.rates, SHORTEST_S, SHORTEST_S) for p in training]))
        verifier = Verifier(network)

        def loss() -> Tensor:
            rates, chosen = _batch(rng, persons)
            return contrast(network.of(rates), chosen, _TEMPERATURE)

        train(
            network,
            loss,
            steps=steps,
            rate=2e-3,
            check=lambda: own_against_others(verifier, halves(validation)),
            progress=progress,
            what="verifier",
        )

    cached(file, network, key, fit)
    return Verifier(network)


def halves(known: Sequence[Piece]) -> list[Piece]:
    """First and second half of each piece, as pieces: pairs of one person where there is one recording."""
    return [
        Piece(piece.person, piece.recording, rates)
        for piece in known
        for rates in np.array_split(piece.rates, 2)
        if len(rates) >= SHORTEST_S / 2 * GRID_HZ
    ]


def own_against_others(verifier: Verifier, parts: Sequence[Piece]) -> float:
    """Area under the curve of pairs of one person against pairs of two."""
    points = np.stack([verifier.embed_rates(part.rates) for part in parts])
    alike = points @ points.T
    person = np.array([part.person for part in parts])
    upper = np.triu(np.ones_like(alike, np.bool_), 1)
    same = person[:, None] == person
    return area(alike[upper & same], alike[upper & ~same])


def _by_person(known: Sequence[Piece]) -> list[list[Float32Array]]:
    """Recordings of each person, then of each mirrored person."""
    persons: dict[str, list[Float32Array]] = defaultdict(list)
    for piece in known:
        persons[piece.person].append(piece.rates)
    return [*persons.values(), *([mirrored(rates) for rates in own] for own in persons.values())]


def _batch(
    rng: np.random.Generator, persons: list[list[Float32Array]]
) -> tuple[Float32Array, NDArray[np.int64]]:
    chosen = rng.choice(len(persons), min(_PERSONS, len(persons)), replace=False)
    length = round(rng.uniform(SHORTEST_S, WINDOW_S) * GRID_HZ)
    parts = []
    for person in chosen:
        own = persons[person]
        first, second = rng.choice(len(own), 2, replace=len(own) < 2)
        for side, rates in ((0, own[first]), (1, own[second])):
            # Two windows of one recording come from its two halves, so that they share nothing.
            half = rates if first != second else np.array_split(rates, 2)[side]
            parts.append(_cut(rng, half, length))
    return np.stack(parts), np.repeat(chosen, 2)


def _cut(rng: np.random.Generator, rates: Float32Array, length: int) -> Float32Array:
    """A random window; of what is shorter, all of it and on from its end backwards."""
    while len(rates) < length:
        rates = np.concatenate([rates, -rates[::-1]])
    first = rng.integers(len(rates) - length + 1)
    return rates[first : first + length]
