"""Mouth network in torch for training: the same as `core.face.network`, with the same names.

Beside what that one says, this one says which sound is spoken: only made-up words reveal it, but whoever knows
it knows more of mouths too (Caruana 1997, multitask learning). That part is not shipped.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mannerism.core.face.log_mel import BANDS
from mannerism.core.face.network import PER_STEP, TAPS
from mannerism.core.face.whisper_front import WIDTH
from mannerism.core.network.layers import EPSILON
from mannerism.core.types import Array
from mannerism.training.face.synthetic import SOUNDS


class TrainedMouth(nn.Module):
    """Log-mel features (B, T, BANDS) and phonetic features (B, T / 2, WIDTH) to shapes (B, T / 2, K), and logits:
    of closed lips, (B, T / 2), and of SOUNDS, (B, len(SOUNDS), T / 2).
    """

    def __init__(
        self, phonetic: int, width: int, dilations: tuple[int, ...], numbers: int, dropout: float
    ) -> None:
        super().__init__()
        self.dilations = dilations
        self.project = nn.Linear(WIDTH, phonetic)
        self.first = nn.Conv1d(PER_STEP * BANDS + phonetic, width, TAPS, padding=TAPS // 2)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, TAPS, dilation=each, padding=TAPS // 2 * each) for each in dilations
        )
        self.last = nn.Conv1d(width, numbers + 1, 1)
        self.sounds = nn.Conv1d(width, len(SOUNDS), 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, log_mel: Tensor, phonetic: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        projected = self.project(phonetic)
        pairs = log_mel.reshape(len(log_mel), -1, PER_STEP * BANDS)
        h = self.first(self.drop(torch.cat([pairs, projected], dim=2)).transpose(1, 2))
        for layer in self.layers:
            h = h + self.drop(functional.silu(layer(_normalised(h))))
        h = self.drop(functional.silu(_normalised(h)))
        predicted = self.last(h).transpose(1, 2)
        return predicted[..., :-1], predicted[..., -1], self.sounds(h)


def _normalised(x: Tensor) -> Tensor:
    return functional.layer_norm(x.transpose(1, 2), (x.shape[1],), eps=EPSILON).transpose(1, 2)


def principal(network: TrainedMouth, features: Array) -> None:
    """Set the projection to the principal components of features (N, WIDTH), each of deviation 1."""
    variance, modes = np.linalg.eigh(np.cov(features.T))
    count = network.project.out_features
    weight = (modes[:, ::-1][:, :count] / np.sqrt(variance[::-1][:count] + 1e-6)).T
    with torch.no_grad():
        network.project.weight.copy_(torch.from_numpy(weight))
        network.project.bias.copy_(torch.from_numpy(-weight @ features.mean(axis=0)))


def shipped(network: TrainedMouth) -> dict[str, Tensor]:
    """The weights that are shipped, on the processor."""
    return {
        name: value.detach().cpu()
        for name, value in network.state_dict().items()
        if not name.startswith("sounds.")
    }
