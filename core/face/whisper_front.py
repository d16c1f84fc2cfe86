"""Front of the speech recogniser Whisper tiny.en: log-mel spectrum to phonetic features, 50 a second.

Whisper (Radford et al. 2022, "Robust speech recognition via large-scale weak supervision") has learned from 680,000
hours of speech what recordings of faces are too few to teach. Its encoder is two convolutions, of which the
second halves the rate, and pre-norm transformer blocks (Vaswani et al. 2017); what leaves the second of its four
blocks predicts mouths best. The weights are OpenAI's, unchanged; this code is this project's own.

Attention is not local, so it runs in windows of one length at fixed times, each faded into the next: neither the length
of a sound nor what is said more than some seconds later changes a feature.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from ..network.layers import Floats, layer_norm, linear
from ..network.weights import Weights, network_of
from ..types import Array, Float32Array

PATH = Path(__file__).parents[1] / "weights" / "whisper_front.safetensors"

BANDS, WIDTH, HEADS, BLOCKS = 80, 384, 6, 2
FRONT_HZ = 50
PER_STEP = 2
FFT = 400  # samples, 25 ms
SILENCE = -0.625
"""Input of Whisper where there is no sound, see `whisper_mel.py`."""

HOP_STEPS, LEAD_STEPS, FADE_STEPS = 250, 75, 50
"""From one window to the next; from a window's start to the middle of the fade from the one before; the fade itself."""

WINDOW_STEPS = HOP_STEPS + 2 * LEAD_STEPS
AHEAD_S = (HOP_STEPS + LEAD_STEPS + FADE_STEPS // 2) / FRONT_HZ
"""How far ahead of a moment its features may look."""

_TAPS = 3
_SLOWEST = 10_000.0  # period of the slowest position encoding over that of the fastest


class WhisperFront:
    """The front with its weights, for inference.

    mel_filters : (BANDS, FFT // 2 + 1) filterbank of its input
    """

    def __init__(self, weights: Weights) -> None:
        self._arrays = weights.arrays
        if {name: array.shape for name, array in self._arrays.items()} != shapes():
            raise ValueError("weights are of another network")
        self.mel_filters = weights.arrays["mel_filters"]
        # Of each tap a matrix (C_in x C_out) in one piece, which BLAS needs.
        self._taps = {
            name: np.ascontiguousarray(self._arrays[f"{name}.weight"].transpose(2, 1, 0))
            for name in ("conv1", "conv2")
        }
        self._positions = position_encoding(WINDOW_STEPS, WIDTH)

    def features(self, log_mel: Float32Array) -> Iterator[Float32Array]:
        """Features of log-mel frames (T, BANDS), 100 a second, as consecutive parts (n, WIDTH) of at most HOP_STEPS
        that together have T / PER_STEP rounded up rows.
        """
        steps = -(-len(log_mel) // PER_STEP)
        rising = ((np.arange(FADE_STEPS) + 0.5) / FADE_STEPS)[:, None]
        fade = LEAD_STEPS - FADE_STEPS // 2
        before: Floats | None = None
        for first in range(0, steps + FADE_STEPS // 2, HOP_STEPS):
            window = self.encode(_window(log_mel, PER_STEP * (first - LEAD_STEPS), PER_STEP * WINDOW_STEPS))
            part = window[fade : fade + HOP_STEPS]
            if before is not None:  # what lies before the sound fades into nothing
                part[:FADE_STEPS] = (1.0 - rising) * before + rising * part[:FADE_STEPS]
            before = window[fade + HOP_STEPS :][:FADE_STEPS]
            begin = first - FADE_STEPS // 2  # of the part, on the sound's clock
            kept = part[max(0, -begin) : max(0, steps - begin)]
            if len(kept):
                yield kept.astype(np.float32)

    def encode(self, log_mel: Floats) -> Floats:
        """Features (T / PER_STEP, WIDTH) of one window of log-mel frames (T, BANDS), T at most PER_STEP WINDOW_STEPS, even."""
        x = gelu(self._conv(log_mel, "conv1", 1))
        x = gelu(self._conv(x, "conv2", PER_STEP))
        x += self._positions[: len(x)]
        for block in range(BLOCKS):
            name = f"block_{block}"
            x += self._attention(self._normalised(x, f"{name}.attention.norm"), f"{name}.attention")
            h = self._linear(self._normalised(x, f"{name}.ffn.norm"), f"{name}.ffn.linear_0")
            x += self._linear(gelu(h), f"{name}.ffn.linear_1")
        return x

    def _attention(self, x: Floats, name: str) -> Floats:
        """Scaled dot-product attention of each step on all, with HEADS heads."""
        steps, size = len(x), WIDTH // HEADS
        parts = self._linear(x, f"{name}.linear_0").reshape(steps, 3, HEADS, size)
        query, key, value = parts.transpose(1, 2, 0, 3)  # (HEADS x T x size) each
        scores = (query * size**-0.5) @ key.transpose(0, 2, 1)  # (HEADS x T x T)
        scores -= scores.max(axis=2, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=2, keepdims=True)
        return self._linear((scores @ value).transpose(1, 0, 2).reshape(steps, WIDTH), f"{name}.linear_1")

    def _normalised(self, x: Floats, name: str) -> Floats:
        return layer_norm(x) * self._arrays[f"{name}.gamma"] + self._arrays[f"{name}.beta"]

    def _linear(self, x: Floats, name: str) -> Floats:
        return linear(x, self._arrays[f"{name}.weight"].T, self._arrays[f"{name}.bias"])

    def _conv(self, x: Floats, name: str, stride: int) -> Floats:
        """Convolution with three taps, zero-padded, of every `stride`-th step."""
        padded = np.pad(x, ((1, 1), (0, 0)))
        of_taps = (
            np.ascontiguousarray(padded[tap : tap + len(x) : stride]) @ weight
            for tap, weight in enumerate(self._taps[name])
        )
        return np.asarray(sum(of_taps) + self._arrays[f"{name}.bias"])


def _window(log_mel: Float32Array, first: int, count: int) -> Array:
    """Frames [first, first + count), silence beyond both ends."""
    inside = log_mel[max(0, first) : max(0, first + count)]
    before = min(max(0, -first), count)
    return np.pad(
        inside.astype(np.float64), ((before, count - before - len(inside)), (0, 0)), constant_values=SILENCE
    )


def gelu(x: Floats) -> Floats:
    """GELU activation: x times the normal distribution's cumulative function (Hendrycks and Gimpel 2016).

    The error function by formula 7.1.26 of Abramowitz and Stegun, to 1.5e-7: numpy has none.
    """
    z = np.abs(x) * float(np.sqrt(0.5))
    t = 1.0 / (1.0 + 0.3275911 * z)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    tail = 0.5 * series * np.exp(-z * z)  # of the normal distribution beyond |x|
    return np.asarray(x * np.where(x > 0.0, 1.0 - tail, tail))


def position_encoding(steps: int, width: int) -> Array:
    """Sinusoidal position encoding, sines then cosines, (steps, width)."""
    half = width // 2
    angle = np.arange(steps)[:, None] * np.exp(-np.log(_SLOWEST) / (half - 1) * np.arange(half))
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


def shapes() -> Mapping[str, tuple[int, ...]]:
    """Names and shapes of the weights, in torch's layout."""
    found: dict[str, tuple[int, ...]] = {
        "mel_filters": (BANDS, FFT // 2 + 1),
        "conv1.weight": (WIDTH, BANDS, _TAPS),
        "conv2.weight": (WIDTH, WIDTH, _TAPS),
    }
    for block in range(BLOCKS):
        for part, inner in (("attention", (3 * WIDTH, WIDTH)), ("ffn", (4 * WIDTH, 4 * WIDTH))):
            name = f"block_{block}.{part}"
            found[f"{name}.norm.gamma"] = found[f"{name}.norm.beta"] = (WIDTH,)
            found[f"{name}.linear_0.weight"] = (inner[0], WIDTH)
            found[f"{name}.linear_1.weight"] = (WIDTH, inner[1])
    biases = {name.replace("weight", "bias"): shape[:1] for name, shape in found.items() if "weight" in name}
    return {**found, **biases}


def whisper_front(path: Path = PATH) -> WhisperFront:
    """Load the front of a weights file, by default the shipped one.

    Raises
    ------
    MissingPartError : the file is missing, damaged, or no such file
    """
    return network_of(path, WhisperFront)
