"""Power spectra of head angles, measured the same way in people and in what is generated."""

import numpy as np

from ..motion import GRID_HZ
from ..types import Array, BoolArray
from .schema import BANDS_HZ

SEGMENT = 128  # 5.12 s, resolves 0.2 Hz


def power_density(values: Array, valid: BoolArray) -> tuple[Array, Array]:
    """Welch's estimate (1967): Hann windows of up to 5.12 s that overlap by half, each without its trend.

    values : (T, C); valid : (T,), windows with more than a twentieth of gaps are left out if others remain
    returns : frequencies (F,) in Hz, densities (F, C) in units² per Hz
    """
    length = min(SEGMENT, len(values))
    starts = range(0, len(values) - length + 1, max(1, length // 2))
    whole = [start for start in starts if valid[start : start + length].mean() >= 0.95]
    window = np.hanning(length + 1)[:-1, None]
    line = np.linspace(-1.0, 1.0, length)[:, None]
    total = np.zeros((length // 2 + 1, values.shape[1]))
    for start in whole or starts:
        part = values[start : start + length]
        part = part - part.mean(axis=0)
        part = part - line * (line * part).sum(axis=0) / np.square(line).sum()
        total = total + np.square(np.abs(np.fft.rfft(window * part, axis=0)))
    density = total / len(whole or starts) * 2.0 / (GRID_HZ * np.square(window).sum())
    return np.fft.rfftfreq(length, 1.0 / GRID_HZ), density


def band_means(frequency: Array, density: Array) -> Array:
    """log10 of the mean density in each of BANDS_HZ, (F, C) to (C, bands)."""
    means = [
        density[(frequency >= low - 0.01) & (frequency < high - 0.01)].mean(axis=0) for low, high in BANDS_HZ
    ]
    return np.log10(np.stack(means, axis=1) + 1e-9)


def centroid(frequency: Array, density: Array) -> Array:
    """Centre in Hz, shape (C,), of the spectrum of the rate, which is the angle's times frequency²."""
    weight = np.square(frequency)[:, None] * density
    return (frequency[:, None] * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
