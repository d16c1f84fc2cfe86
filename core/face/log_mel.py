"""Log-mel features for the mouth network, 100 a second, about the speaker's own mean."""

from collections.abc import Iterable, Iterator

import numpy as np

from ..media.sound import RATE_HZ
from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.mel import BANDS_OF, FFT, filterbank
from ..speech.windows import local
from ..types import Array, Float32Array

LOG_MEL_HZ = 100
BANDS = BANDS_OF["face"]
FLOOR, CEILING = -4.0, 3.0
"""Clipping limits of the features, tens of dB about the speaker's own mean of each band."""

WINDOW = 400
"""Samples of a window: 25 ms."""

SPOKEN = -1.5
"""Loudness threshold of voice activity."""

_HOP = RATE_HZ // LOG_MEL_HZ
_SILENCE = 1e-13  # power, -130 dB: only where there is nothing at all
_AUDIBLE_DB = -60.0  # below the speaker's loud moments; fainter bands are as this, whatever was left of them
_SPOKEN_DB = -25.0  # below the speaker's loud moments
_QUIETEST_DB = -70.0  # a sound whose loud moments are below is silence
_PER_GRID = LOG_MEL_HZ // GRID_HZ


def log_mel_features(pieces: Iterable[Float32Array]) -> Array:
    """Log-mel features, (T, BANDS), tens of dB about `_own_mean`; frame i is centred on i / LOG_MEL_HZ seconds.

    pieces : of a sound at RATE_HZ, mono, of any length; all that is kept of them are the bands
    """
    return about_own_mean(mel_db(pieces))


def mel_db(pieces: Iterable[Float32Array]) -> Array:
    """Mel band power, (T, BANDS), dB of full scale, up to the end of the sound."""
    return np.concatenate([band_db(part) for part in sound_windows(pieces)])


def band_db(windows: Array) -> Array:
    """Mel band power of `sound_windows` (N, WINDOW), (N, BANDS), dB of full scale."""
    basis, window = filterbank("face").astype(np.float64), np.hanning(WINDOW + 1)[:-1]
    power = np.square(np.abs(np.fft.rfft(windows * window, FFT))) / np.square(window).sum() / FFT
    return np.asarray(10.0 * np.log10(np.maximum(power @ basis.T, _SILENCE)))


def about_own_mean(bands_db: Array) -> Array:
    """Normalise each band by its mean during speech, tens of dB, clipped; shape unchanged.

    As everywhere, only a bounded window counts (`speech/windows.py`): speech that is added later leaves alone
    what lies far before it. Frames more than 25 dB below the speaker's 90th percentile are not speech.
    """
    count = -(-len(bands_db) // _PER_GRID)
    whole = np.pad(bands_db, ((0, count * _PER_GRID - len(bands_db)), (0, 0)), mode="edge")
    coarse = whole.reshape(count, _PER_GRID, BANDS).mean(axis=1)
    energy = np.log10(np.power(10.0, coarse / 10.0).sum(axis=1)) * 10.0
    everywhere = np.ones(count, np.bool_)
    loud = local(lambda part: float(np.percentile(part, 90)), energy, everywhere, _QUIETEST_DB)
    spoken = (energy > loud + _SPOKEN_DB) & (loud > _QUIETEST_DB)
    faintest = np.repeat(loud + _AUDIBLE_DB, _PER_GRID)[: len(bands_db), None]
    audible = np.maximum(coarse, loud[:, None] + _AUDIBLE_DB)
    mean = local(lambda part: np.asarray(part.mean(axis=0)), audible, spoken, 0.0)
    about = np.repeat(mean, _PER_GRID, axis=0)[: len(bands_db)]
    return np.clip((np.maximum(bands_db, faintest) - about) / 10.0, FLOOR, CEILING)


def loudness(features: Floats, per_sample: int = 1) -> Array:
    """Mean over bands of log-mel features (T, BANDS) and over `per_sample` frames, (T / per_sample rounded up,)."""
    count = -(-len(features) // per_sample)
    whole = np.pad(features.mean(axis=1), (0, count * per_sample - len(features)), mode="edge")
    return np.asarray(whole.reshape(count, per_sample).mean(axis=1))


def sound_windows(pieces: Iterable[Float32Array]) -> Iterator[Array]:
    """Windows (N, WINDOW) of a sound at RATE_HZ, centred on i / LOG_MEL_HZ seconds, zero-padded beyond both ends.

    At least one, of whatever length the pieces are.
    """
    waiting = np.zeros(WINDOW // 2, np.float32)
    for piece in pieces:
        waiting = np.concatenate([waiting, piece])
        count = (len(waiting) - WINDOW) // _HOP + 1
        if count > 0:
            yield _cut(waiting, count)
            waiting = waiting[count * _HOP :]
    left = len(waiting) - WINDOW // 2
    if left >= 0:
        count = left // _HOP + 1
        yield _cut(np.pad(waiting, (0, WINDOW)), count)


def _cut(samples: Float32Array, count: int) -> Array:
    views = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)
    return views[: count * _HOP : _HOP].astype(np.float64)
