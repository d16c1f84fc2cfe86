"""Log-mel features for the mouth network: 40 bands at 100 Hz, relative to the speaker's own mean."""

from collections.abc import Iterable, Iterator

import numpy as np

from ..media.sound import RATE_HZ
from ..motion import GRID_HZ
from ..network.layers import Floats
from ..speech.mel import BANDS_OF, FFT, filterbank
from ..speech.windows import local
from ..types import Array, Float32Array

HEARD_HZ = 100
BANDS = BANDS_OF["face"]
FLOOR, CEILING = -4.0, 3.0
"""Limits of the features, tens of dB about the speaker's own mean of each band."""

SPOKEN = -1.5
"""Loudness above which somebody speaks."""

_HOP = RATE_HZ // HEARD_HZ
_WINDOW = 400  # 25 ms
_SILENCE = 1e-13  # power, -130 dB: only where there is nothing at all
_AUDIBLE_DB = -60.0  # below the speaker's loud moments; fainter bands are as this, whatever was left of them
_SPOKEN_DB = -25.0  # below the speaker's loud moments
_QUIETEST_DB = -70.0  # a sound whose loud moments are below is silence
_PER_GRID = HEARD_HZ // GRID_HZ


def hear(pieces: Iterable[Float32Array]) -> Array:
    """Log-mel features, shape (T, BANDS), sample i at i / HEARD_HZ seconds, tens of dB; see `about_own_mean`.

    pieces : of a sound at RATE_HZ, mono, of any length; all that is kept of them are the bands
    """
    return about_own_mean(mel_db(pieces))


def mel_db(pieces: Iterable[Float32Array]) -> Array:
    """Power in equal steps of mel, shape (T, BANDS), dB of full scale; up to the end and not after it."""
    bands = [np.zeros((0, BANDS))]
    basis, window = filterbank("face").astype(np.float64), np.hanning(_WINDOW + 1)[:-1]
    for part in _windows(pieces):
        power = np.square(np.abs(np.fft.rfft(part * window, FFT))) / np.square(window).sum() / FFT
        bands.append(10.0 * np.log10(np.maximum(power @ basis.T, _SILENCE)))
    return np.concatenate(bands)


def about_own_mean(bands_db: Array) -> Array:
    """Each band against its own mean while there is speech, tens of dB, cut off; shape as given.

    As everywhere, only a bounded window counts (`speech/windows.py`): speech that is added later leaves alone
    what lies far before it. What lies below the speaker's loud moments by a certain measure is no speech.
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


def loudness(heard: Floats, per_sample: int = 1) -> Array:
    """Mean of features (T, BANDS) over bands and `per_sample` samples, shape (T / per_sample rounded up,)."""
    count = -(-len(heard) // per_sample)
    whole = np.pad(heard.mean(axis=1), (0, count * per_sample - len(heard)), mode="edge")
    return np.asarray(whole.reshape(count, per_sample).mean(axis=1))


def _windows(pieces: Iterable[Float32Array]) -> Iterator[Array]:
    """Windows (N, _WINDOW) centred on multiples of the hop, with silence beyond both ends."""
    waiting = np.zeros(_WINDOW // 2, np.float32)
    for piece in pieces:
        waiting = np.concatenate([waiting, piece])
        count = (len(waiting) - _WINDOW) // _HOP + 1
        if count > 0:
            yield _cut(waiting, count)
            waiting = waiting[count * _HOP :]
    left = len(waiting) - _WINDOW // 2
    if left >= 0:
        count = left // _HOP + 1
        yield _cut(np.pad(waiting, (0, _WINDOW)), count)


def _cut(samples: Float32Array, count: int) -> Array:
    views = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)
    return views[: count * _HOP : _HOP].astype(np.float64)
