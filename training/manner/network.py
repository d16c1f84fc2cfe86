"""Manner network in torch for training: the same as `core.network.manner`, with the same names.

What is documented there is not repeated here. Sequences come as they do there too, (B, T, C).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from mannerism.core.network.decoder import LARGEST_INPUT, STILL, TURNS
from mannerism.core.network.layers import EPSILON
from mannerism.core.network.mixture import COLUMNS, DIMENSIONS, LOG_DIAGONAL, ROWS
from mannerism.core.network.mixture import SIZE as MIXTURE_SIZE
from mannerism.core.network.sizes import PER_STEP, STEP_S, Sizes

_ENCODER_DROPOUT = 0.1


class Encoder(nn.Module):
    """Rates (B, T, 3), speech (B, T, H) and what is valid (B, T) to unit vectors (B, V)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width, taps = sizes.encoder, sizes.encoder_taps
        self.first = nn.Conv1d(PER_STEP * (TURNS + len(sizes.speech)), width, 1)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, taps, dilation=dilation, padding=taps // 2 * dilation)
            for dilation in sizes.encoder_dilations
        )
        self.score = nn.Conv1d(width, 1, 1)
        self.last = nn.Linear(2 * width, sizes.vector)
        self.drop = nn.Dropout(_ENCODER_DROPOUT)

    def forward(self, rates: Tensor, speech: Tensor, valid: Tensor) -> Tensor:
        inside = valid.reshape(len(valid), -1, PER_STEP).amin(2)[:, None]
        h = self.first(_steps(torch.cat([rates, speech], 2))) * inside
        for layer in self.layers:
            h = h + self.drop(functional.silu(layer(_normalised(h)))) * inside
        weights = self.score(h).masked_fill(inside < 0.5, -1e9).softmax(2)
        mean = (weights * h).sum(2, keepdim=True)
        variance = (weights * (h - mean).square()).sum(2)
        pooled = torch.cat([mean[:, :, 0], (variance + EPSILON).sqrt()], 1)
        return functional.normalize(self.last(pooled), dim=1)


class MannerNetwork(nn.Module):
    """Style encoder, speech encoder and decoder."""

    def __init__(self, sizes: Sizes, dropout: float = 0.0) -> None:
        super().__init__()
        self.sizes = sizes
        speech, taps = PER_STEP * len(sizes.speech), sizes.code_taps
        self.encoder = Encoder(sizes)
        self.speech_encoder = nn.ModuleList(
            nn.Conv1d(sizes.code if i else speech, sizes.code, taps, dilation=d, padding=taps // 2 * d)
            for i, d in enumerate(sizes.code_dilations)
        )
        self.statistics_embedding = nn.Linear(len(sizes.statistics), sizes.statistics_embedding)
        inputs = sizes.inputs + sizes.code + sizes.condition
        self.unit = nn.GRU(inputs, sizes.hidden, sizes.layers, batch_first=True)
        self.head = nn.Linear(sizes.hidden + sizes.code + sizes.condition, sizes.head)
        self.mixture = nn.Linear(sizes.head, sizes.components * MIXTURE_SIZE)
        self.drop = nn.Dropout(dropout)

    def code(self, speech: Tensor) -> Tensor:
        """The codes (B, T / 2, C) of standardised speech (B, T, H)."""
        first, *others = self.speech_encoder
        h = functional.silu(first(_steps(speech)))
        for layer in others:
            h = h + functional.silu(layer(_normalised(h)))
        return h.transpose(1, 2)

    def condition(self, statistics: Tensor, vectors: Tensor) -> Tensor:
        """Conditions (B, P) of standardised statistics (B, S) and vectors (B, V)."""
        return torch.cat([functional.silu(self.statistics_embedding(statistics)), vectors], 1)

    def past(self, poses: Tensor, increments: Tensor) -> Tensor:
        """The inputs (B, T, I) of steps that begin at poses (B, T, 6), by the increments (B, T, 6) before each."""
        sizes, steps = self.sizes, increments.shape[1]
        recent = [functional.pad(increments, (0, 0, i, 0))[:, :steps] for i in range(sizes.past)]
        log_speed = (increments[..., :TURNS].norm(dim=2) + STILL).log()
        index = torch.arange(steps, dtype=log_speed.dtype, device=log_speed.device)
        ago = index[:, None] - index
        means = []
        for memory_s in sizes.memories_s:
            decay = STEP_S / memory_s
            weights = torch.where(ago >= 0, (1.0 - math.exp(-decay)) * torch.exp(-decay * ago), 0.0)
            means.append(log_speed @ weights.T)
        inputs = torch.cat([poses, *(each.asinh() for each in recent), *(m[..., None] for m in means)], 2)
        return inputs.clamp(-LARGEST_INPUT, LARGEST_INPUT)

    def forward(self, inputs: Tensor, codes: Tensor, condition: Tensor) -> Tensor:
        """The mixtures (B, T, M) of what comes next, of inputs (B, T, I), codes (B, T, C) and conditions (B, P)."""
        conditions = condition[:, None].expand(-1, inputs.shape[1], -1)
        hidden, _ = self.unit(torch.cat([inputs, self.drop(codes), conditions], 2))
        shown = functional.silu(self.head(torch.cat([self.drop(hidden), codes, conditions], 2)))
        return self.mixture(self.drop(shown))


def log_likelihood(mixtures: Tensor, values: Tensor, counted: Tensor) -> Tensor:
    """As `core.network.mixture.log_likelihood`, but counted (…, 6) is 1 for dimensions that count, else 0."""
    count = mixtures.shape[-1] // MIXTURE_SIZE
    logits, means, factors = mixtures.split(
        [count, count * DIMENSIONS, mixtures.shape[-1] - count * (1 + DIMENSIONS)], -1
    )
    apart = values[..., None, :] - means.unflatten(-1, (count, DIMENSIONS))
    log_diagonals, below = factors.unflatten(-1, (count, -1)).split([DIMENSIONS, len(ROWS)], -1)
    log_diagonals = log_diagonals.clamp(*LOG_DIAGONAL)
    rows = functional.one_hot(torch.from_numpy(ROWS), DIMENSIONS).to(below)
    standard = log_diagonals.exp() * apart + (below * apart[..., COLUMNS]) @ rows
    each = log_diagonals - 0.5 * standard.square() - 0.5 * math.log(2.0 * math.pi)
    return torch.logsumexp(logits.log_softmax(-1) + (each * counted[..., None, :]).sum(-1), -1)


def _steps(samples: Tensor) -> Tensor:
    """Samples (B, T, C) as steps, in the layout of torch's convolutions: (B, 2 C, T / 2)."""
    return samples.reshape(len(samples), -1, PER_STEP * samples.shape[2]).transpose(1, 2)


def _normalised(x: Tensor) -> Tensor:
    return functional.layer_norm(x.transpose(1, 2), (x.shape[1],), eps=EPSILON).transpose(1, 2)
