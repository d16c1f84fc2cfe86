"""Short-time analysis of sound as it arrives: each value from 0.16 s of sound before it, and 40 ms after."""

from collections import deque

import numpy as np

from ..motion import GRID_HZ
from ..speech.mel import FFT, filterbank
from ..speech.shorttime import (
    FRAMES_BEFORE,
    HOP,
    level_db,
    pitch_at,
    pooled,
    power_spectra,
    rise_floor,
    rises,
)
from ..types import Array, Float32Array
from .inlet import BLOCK
from .levels import quantile

_BEFORE = 4  # blocks before a sample of the grid that its pitch is found in; more change nothing
_LOUD_S = 2  # whose loud frames say what is audible: a segment of `speech.shorttime`
# The last frame of the analysis lies there, and the segments of `speech.shorttime` take the same one.
_AT_S = np.array([_BEFORE / GRID_HZ + 0.01])
_FRAMES = BLOCK // HOP  # of a sample of the grid


class RawValues:
    """Level, onset, flux, pitch and voicing of each sample of the grid, as in `ShortTime`; the sample lies where its block begins."""

    def __init__(self) -> None:
        self._basis = filterbank("speech")
        self._sound = np.zeros((_BEFORE + 1) * BLOCK, np.float32)
        self._loud: deque[float] = deque(maxlen=_LOUD_S * GRID_HZ * _FRAMES)

    def add(self, block: Float32Array) -> Array:
        """Values (5,) of the sample at the beginning of a block (BLOCK,)."""
        self._sound = np.concatenate([self._sound[BLOCK:], block])
        first = _BEFORE * BLOCK - FRAMES_BEFORE
        spectrum = power_spectra(self._sound[first : first + _FRAMES * HOP + FFT])
        mel = self._basis @ spectrum
        self._loud.extend(mel[:, 1:].max(axis=0).tolist())
        onset, flux = rises(mel, rise_floor(quantile(np.array(self._loud), 0.95)))
        f0_hz, voicing = pitch_at(self._sound, _AT_S)
        return np.array(
            [
                level_db(spectrum[:, 1:])[0],
                pooled(onset[None])[0, 0],
                pooled(flux[None])[0, 0],
                f0_hz[0],
                voicing[0],
            ]
        )
