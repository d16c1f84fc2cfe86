"""Published networks from voice to head motion, of the published shapes with random weights, for timing.

Built from public facts alone. Left out in both, in their favour: the audio encoder (HuBERT in the one,
cepstra in the other) and what encodes the reference.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

DENOISING_STEPS = 500
WINDOW, PREVIOUS, FRAMES_HZ = 100, 10, 25
"""Frames that are made at once, frames before them that are inputs as well, and frames a second."""

GUIDANCE = 3
"""Answers a step that guidance by voice and by style mixes: with neither, with the voice, with both."""

_MOTION = 54  # numbers a frame: expression, jaw and head


class Denoiser(nn.Module):
    """The denoising network of DiffPoseTalk (Sun et al. 2024): eight layers that attend to motion and to voice."""

    def __init__(self, width: int = 512, layers: int = 8) -> None:
        super().__init__()
        self.enter = nn.Linear(_MOTION, width)
        layer = nn.TransformerDecoderLayer(width, 8, 4 * width, batch_first=True, activation="gelu")
        self.layers = nn.TransformerDecoder(layer, layers)
        self.leave = nn.Linear(width, _MOTION)

    def forward(self, noisy: Tensor, voice: Tensor) -> Tensor:
        """Motion (B, T, 54) and voice (B, T, width) to what the motion is without its noise."""
        return self.leave(self.layers(self.enter(noisy), voice))


class Regression(nn.Module):
    """The decoder of Yi et al. 2022: cepstra (B, 4 T + 24, 13) at 100 Hz to poses (B, T, 6) at 25 Hz."""

    def __init__(self) -> None:
        super().__init__()
        self.listener = nn.LSTM(13, 256, 3, batch_first=True)
        self.frames = nn.Conv1d(256, 1024, 28, stride=4)
        widths = pairwise((1024 + 10, 512, 256))
        self.decoder = nn.Sequential(
            *(
                layer
                for a, b in widths
                for layer in (nn.Conv1d(a, b, 3, padding=1), nn.BatchNorm1d(b), nn.ReLU())
            ),
            nn.Conv1d(256, 6, 1),
        )

    def forward(self, pattern: Tensor, cepstra: Tensor) -> Tensor:
        """Poses for a pattern (B, 10)."""
        encoded = self.frames(self.listener(cepstra)[0].transpose(1, 2))
        tiled = pattern[:, :, None].expand(-1, -1, encoded.shape[2])
        return self.decoder(torch.cat([encoded, tiled], 1)).transpose(1, 2)


def denoising(seconds: float) -> tuple[Callable[[], object], float]:
    """One denoising step of one window, and how many of them some seconds take."""
    network = Denoiser().eval()
    noisy = torch.randn(GUIDANCE, PREVIOUS + WINDOW, _MOTION)
    voice = torch.randn(GUIDANCE, PREVIOUS + WINDOW, 512)

    def step() -> None:
        with torch.inference_mode():
            network(noisy, voice)

    return step, DENOISING_STEPS * seconds * FRAMES_HZ / WINDOW


def regression(seconds: float) -> Callable[[], object]:
    """All of some seconds."""
    network = Regression().eval()
    pattern, cepstra = torch.randn(1, 10), torch.randn(1, round(100 * seconds) + 24, 13)

    def whole() -> None:
        with torch.inference_mode():
            network(pattern, cepstra)

    return whole
