"""Input of Whisper's front: log-mel spectrum, 100 frames a second, relative to the speaker's loud moments."""

import numpy as np

from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.windows import local
from ..types import Array, Float32Array
from .log_mel import LOG_MEL_HZ
from .whisper_front import FFT, SILENCE

_FAINTEST = 1e-12  # power
_LOUD_PERCENTILE = 98
_LOUD, _BELOW = 1.0, 7.5
"""Where Whisper's log10 power has loud moments of close speech, and how far below it all is clipped. Whisper clips
8 below the loudest moment of 30 s; a percentile of a bounded window does not jump with a click."""

_QUIETEST = -4.0
"""A sound whose loud moments are below is not amplified any further."""

_PER_GRID = LOG_MEL_HZ // GRID_HZ


def mel_log_power(windows: Array, mel_filters: Floats) -> Float32Array:
    """Log10 of the mel band power of windows (N, FFT) under a Hann window, (N, BANDS)."""
    power = np.square(np.abs(np.fft.rfft(windows * np.hanning(FFT + 1)[:-1])))
    return np.log10(np.maximum(power @ mel_filters.T, _FAINTEST)).astype(np.float32)


def about_loud_moments(log_power: Float32Array) -> Float32Array:
    """Whisper's input (T, BANDS) from log10 powers (T, BANDS); only a bounded window counts (`speech/windows.py`)."""
    count = -(-len(log_power) // _PER_GRID)
    highest = log_power.max(axis=1, initial=np.log10(_FAINTEST)).astype(np.float64)
    coarse = np.pad(highest, (0, count * _PER_GRID - len(highest)), mode="edge" if count else "constant")
    coarse = coarse.reshape(count, _PER_GRID).max(axis=1)
    loud = local(
        lambda part: float(np.percentile(part, _LOUD_PERCENTILE)),
        coarse,
        np.ones(count, np.bool_),
        _QUIETEST,
    )
    level = np.repeat(np.maximum(loud, _QUIETEST), _PER_GRID)[: len(log_power), None]
    relative = np.maximum(log_power - level + _LOUD, _LOUD - _BELOW)
    return np.maximum(0.25 * (relative + 4.0), SILENCE).astype(np.float32)
