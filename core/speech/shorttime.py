"""Short-time analysis: level, spectrum, onset and pitch at 25 Hz, before any normalisation.

The sound is cut at whole multiples of two seconds of its own time, and each segment is analysed
with half a second of its neighbours. So no value depends on how the sound was read, memory does
not grow with it, and what comes later touches at most 2.5 s of what was before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..media.sound import RATE_HZ
from ..motion import GRID_HZ
from ..types import Array, Float32Array
from .mel import BANDS_OF, FFT, filterbank

BANDS = 12
SEGMENT_S = 2
MARGIN_S = 0.5

_MARGIN = int(MARGIN_S * RATE_HZ)
_SEGMENT = SEGMENT_S * RATE_HZ
HOP = 160  # 10 ms, four to a sample of the grid
FRAMES_BEFORE = 2 * HOP + HOP // 2 + FFT // 2
"""Samples before one of the grid at which its first frame begins, that of the rise included."""

_GRID_S = MARGIN_S + np.arange(SEGMENT_S * GRID_HZ) / GRID_HZ
_MELS_PER_BAND = BANDS_OF["speech"] // BANDS
_SILENCE = 1e-10  # power, -100 dB: below any microphone
_LOWEST_BIN = 2  # 62.5 Hz: no offset, no rumble
_WINDOW = np.hanning(FFT + 1)[:-1]
_DENSITY = 2.0 / (FFT * np.square(_WINDOW).sum())  # the bins add up to mean power


@dataclass(frozen=True)
class ShortTime:
    """Raw values on the grid, sample i at i / GRID_HZ seconds.

    energy_db : (T,) power from 62.5 Hz up, dB of full scale
    mel_db : (T, BANDS) power in equal steps of mel from 60 to 7600 Hz, dB of full scale
    onset : (T,) mean rise of the mel bands, dB per 10 ms (Böck and Widmer 2013, without the filter)
    flux : (T,) share of the spectrum's magnitude that is new since 10 ms before, 0 to 1
    f0_hz : (T,) fundamental, 0 where unvoiced
    voicing : (T,) strength of the best period, 0 where unvoiced, at most 1
    """

    energy_db: Array
    mel_db: Array
    onset: Array
    flux: Array
    f0_hz: Array
    voicing: Array


def analyse(pieces: Iterable[Float32Array]) -> Iterator[ShortTime]:
    """Segments of SEGMENT_S seconds in order; the last is completed with silence."""
    basis = filterbank("speech")
    for segment in _segments(pieces):
        energy_db, mel_db, onset, flux = _spectral(segment, basis)
        f0_hz, voicing = pitch_at(segment, _GRID_S)
        yield ShortTime(energy_db, mel_db, onset, flux, f0_hz, voicing)


def _segments(pieces: Iterable[Float32Array]) -> Iterator[Float32Array]:
    """Overlapping segments: MARGIN_S, SEGMENT_S, MARGIN_S; silence before the start and after the end."""
    length = _SEGMENT + 2 * _MARGIN
    waiting = [np.zeros(_MARGIN, np.float32)]
    have = _MARGIN
    for piece in pieces:
        waiting.append(piece)
        have += len(piece)
        if have >= length:
            joined = np.concatenate(waiting)
            while len(joined) >= length:
                yield joined[:length]
                joined = joined[_SEGMENT:]
            waiting, have = [joined], len(joined)
    rest = np.concatenate(waiting)
    while len(rest) > _MARGIN:
        yield np.pad(rest[:length], (0, max(0, length - len(rest))))
        rest = rest[_SEGMENT:]


def _spectral(segment: Float32Array, basis: Float32Array) -> tuple[Array, Array, Array, Array]:
    # Four frames, centred on each sample of the grid, and one more before the first for the rise.
    first = _MARGIN - FRAMES_BEFORE
    frames = 1 + SEGMENT_S * RATE_HZ // HOP
    spectrum = power_spectra(segment[first : first + (frames - 1) * HOP + FFT])
    mel = basis @ spectrum

    floor = rise_floor(float(np.percentile(mel.max(axis=0), 95)))
    onset, flux = rises(mel, floor)
    bands = pooled(mel[:, 1:]).reshape(BANDS, _MELS_PER_BAND, -1).sum(axis=1)
    return (
        level_db(spectrum[:, 1:]),
        _decibel(bands.T),
        pooled(onset[None])[0],
        pooled(flux[None])[0],
    )


def power_spectra(samples: Float32Array) -> Float32Array:
    """Power spectra (FFT // 2 + 1, N) of N frames, HOP samples apart, of (FFT + (N - 1) HOP,) samples."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP] * _WINDOW
    # Single precision after the transform, bands by rows: as librosa has it, to the last bit.
    spectrum = np.square(np.abs(np.fft.rfft(windows).astype(np.complex64).T))
    spectrum *= _DENSITY
    return spectrum


def level_db(spectrum: Float32Array) -> Array:
    """Level of spectra (C, N) at the grid's samples, four frames each."""
    return _decibel(pooled(spectrum[_LOWEST_BIN:].sum(axis=0, keepdims=True))[0])


def rise_floor(loud: float) -> float:
    """Power below which a rise does not count, 50 dB below that of loud frames, else hiss would rise most."""
    return max(_SILENCE, 1e-5 * loud)


def rises(mel: Float32Array, floor: float) -> tuple[Array, Array]:
    """Mean rise in dB of mel bands (M, 1 + N) from frame to frame, and the share of magnitude that is new, (N,) each."""
    audible = np.maximum(mel, floor)
    onset = np.maximum(np.diff(10.0 * np.log10(audible), axis=1), 0.0).mean(axis=0)
    magnitude = np.sqrt(audible)
    rise = np.maximum(np.diff(magnitude, axis=1), 0.0).sum(axis=0)
    return onset, rise / magnitude[:, 1:].sum(axis=0)


def pooled(frames: Float32Array | Array) -> Array:
    """Mean of the frames around each sample of the grid, (C, 100 Hz) to (C, GRID_HZ)."""
    per_sample = RATE_HZ // HOP // GRID_HZ
    return frames.astype(np.float64).reshape(len(frames), -1, per_sample).mean(axis=2)


def _decibel(power: Array) -> Array:
    return 10.0 * np.log10(np.maximum(power, _SILENCE))


def pitch_at(segment: Float32Array, grid_s: Array) -> tuple[Array, Array]:
    """F0 and voicing by autocorrelation (Boersma 1993), 70 to 500 Hz, of the 20 ms frames nearest to times (T,)."""
    import parselmouth

    if np.square(segment).mean() < _SILENCE:
        return np.zeros(len(grid_s)), np.zeros(len(grid_s))
    pitch = parselmouth.Sound(segment.astype(np.float64), RATE_HZ).to_pitch_ac(
        time_step=0.02, pitch_floor=70.0, pitch_ceiling=500.0
    )
    nearest = np.clip(np.rint((grid_s - pitch.x1) / pitch.dx).astype(int), 0, pitch.nx - 1)
    f0_hz = pitch.selected_array["frequency"][nearest]
    strength = pitch.selected_array["strength"][nearest]
    return f0_hz, np.where(f0_hz > 0, np.clip(strength, 0.0, 1.0), 0.0)
