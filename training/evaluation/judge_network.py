"""Network of both judges: a small TCN beside explicit statistics, on windows of angular velocity."""

import numpy as np
import torch
from torch import Tensor, nn

from mannerism.core.types import Float32Array
from mannerism.training.evaluation.judge_features import STATISTICS, statistics

_SPEED_DEG = 10.0  # compresses: what a head does at rest counts as much as its widest turns


class Judge(nn.Module):
    """Windows (B, L, 3) in deg/s and their statistics (B, 24) to (B, outputs); L is free.

    One channel width and four dilations: 2.4 s in view at 25 Hz, 40 k parameters.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, outputs: int, width: int = 48) -> None:
        super().__init__()
        sizes = [3, *[width] * 4]
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(sizes[i], sizes[i + 1], 5, dilation=2**i, padding=2 * 2**i),
                nn.GroupNorm(4, width),
                nn.GELU(),
                nn.Dropout(0.1),
            )
            for i in range(4)
        )
        self.head = nn.Sequential(
            nn.Dropout(0.3), nn.Linear(2 * width + STATISTICS, 64), nn.GELU(), nn.Linear(64, outputs)
        )
        self.register_buffer("mean", torch.zeros(STATISTICS))
        self.register_buffer("scale", torch.ones(STATISTICS))

    def normalise_by(self, rates: Float32Array) -> None:
        """Take mean and deviation of the statistics from windows (W, L, 3) of training persons."""
        values = torch.from_numpy(statistics(rates))
        self.mean.copy_(values.mean(0))
        self.scale.copy_(values.std(0).clamp_min(1e-3))

    def forward(self, rates: Tensor, numbers: Tensor) -> Tensor:
        x = torch.asinh(rates.transpose(1, 2) / _SPEED_DEG)
        for i, layer in enumerate(self.layers):
            x = layer(x) if i == 0 else x + layer(x)
        pooled = torch.cat([x.mean(2), x.std(2)], 1)
        known = ((numbers - self.mean) / self.scale).clamp(-4.0, 4.0)
        return self.head(torch.cat([pooled, known], 1))

    def of(self, rates: Float32Array) -> Tensor:
        """The outputs for windows (B, L, 3) given as an array."""
        return self(torch.from_numpy(rates), torch.from_numpy(statistics(rates)))

    def judged(self, rates: Float32Array) -> Float32Array:
        """The outputs (B, outputs) as an array, without gradients."""
        with torch.no_grad():
            return np.asarray(self.of(rates).numpy(), np.float32)
