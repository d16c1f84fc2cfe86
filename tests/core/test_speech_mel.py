"""The spectra held to librosa, which made the mel filterbanks that ship."""

import librosa
import numpy as np
import pytest

from mannerism.core.face import log_mel
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.speech import mel, shorttime
from mannerism.tests.support.paths import EXAMPLES
from mannerism.tools.build.mel_tables import filterbank as made_by_librosa

RNG = np.random.default_rng(0)
SECOND = np.arange(RATE_HZ) / RATE_HZ
SOUNDS = {
    "line": lambda: np.concatenate(list(Sound(EXAMPLES / "line_1.wav").pieces())),
    "noise": lambda: (0.1 * RNG.normal(size=3 * RATE_HZ)).astype(np.float32),
    "faint noise": lambda: (1e-5 * RNG.normal(size=3 * RATE_HZ)).astype(np.float32),
    "rising tone": lambda: (0.3 * np.sin(2e3 * np.pi * SECOND**2)).astype(np.float32),
    "clicks": lambda: (np.arange(2 * RATE_HZ) % 1_601 == 0).astype(np.float32),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", mel.BANDS_OF)
def test_the_filterbanks_that_ship_are_those_of_librosa(name):
    shipped = mel.filterbank(name)
    assert shipped.dtype == np.float32
    np.testing.assert_allclose(shipped, made_by_librosa(mel.BANDS_OF[name]), rtol=1e-6, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("sound", SOUNDS)
def test_spectra_and_onsets_are_those_of_librosa(sound):
    """Mel bands and onset strength of each whole segment by librosa's own functions, on the same frames."""
    samples = SOUNDS[sound]()
    for segment in shorttime._segments([samples]):
        _, mel_db, onset, _ = shorttime._spectral(segment, mel.filterbank("speech"))
        first = shorttime._MARGIN - 2 * 160 - 80 - mel.FFT // 2
        part = segment[first : first + 32_000 + mel.FFT]
        power = np.square(np.abs(librosa.stft(part, n_fft=mel.FFT, hop_length=160, center=False)))
        power *= 2.0 / (mel.FFT * np.square(librosa.filters.get_window("hann", mel.FFT)).sum())
        bands = librosa.feature.melspectrogram(
            S=power, sr=RATE_HZ, n_mels=36, fmin=mel.LOWEST_HZ, fmax=mel.HIGHEST_HZ, norm=None
        )
        pooled = bands[:, 1:].astype(np.float64).reshape(12, 3, -1, 4).mean(axis=3).sum(axis=1)
        np.testing.assert_allclose(
            np.power(10.0, mel_db / 10.0), np.maximum(pooled.T, 1e-10), rtol=1e-6, atol=1e-16
        )

        floor = max(1e-10, 1e-5 * float(np.percentile(bands.max(axis=0), 95)))
        levels = librosa.power_to_db(bands, ref=1.0, amin=floor, top_db=None)
        rise = librosa.onset.onset_strength(S=levels, sr=RATE_HZ, hop_length=160, center=False)
        np.testing.assert_allclose(onset, rise[1:].reshape(-1, 4).mean(axis=1), rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("sound", SOUNDS)
def test_log_mel_of_the_mouth_network_is_that_of_librosa(sound):
    samples = SOUNDS[sound]().astype(np.float64)
    spectrum = librosa.stft(samples, n_fft=512, win_length=400, hop_length=160, dtype=np.complex128)
    power = np.square(np.abs(spectrum)) / np.square(librosa.filters.get_window("hann", 400)).sum() / 512
    bands = made_by_librosa(40).astype(np.float64) @ power
    ours = log_mel.mel_db([samples.astype(np.float32)])
    levels = 10.0 * np.log10(np.maximum(bands, 1e-13)).T
    np.testing.assert_allclose(ours, levels[: len(ours)], atol=1e-3)
