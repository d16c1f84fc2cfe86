"""Level, peak and clipping of sounds with known ones."""

import numpy as np
import pytest

from mannerism.core.errors import AudioError
from mannerism.core.media.sound_level import SILENT_DB, measure_level
from mannerism.tests.support.media_files import write_sound

RATE_HZ = 16_000
TIME_S = np.arange(4 * RATE_HZ) / RATE_HZ
SINE = np.sin(2 * np.pi * 437 * TIME_S)


def test_level_and_peak_of_a_sine(tmp_path, write_wav):
    found = measure_level(write_wav(tmp_path / "a.wav", 0.5 * SINE))
    assert found.duration_s == 4.0
    assert found.peak_db == pytest.approx(20 * np.log10(0.5), abs=0.01)
    assert found.level_db == pytest.approx(20 * np.log10(0.5 / 2**0.5), abs=0.01)
    assert found.flat_tops == 0


def test_the_level_is_that_of_what_is_loud(tmp_path, write_wav):
    whole = measure_level(write_wav(tmp_path / "a.wav", 0.5 * SINE))
    pauses = np.where(TIME_S % 2 < 1, 0.5, 0.001) * SINE
    found = measure_level(write_wav(tmp_path / "b.wav", pauses))
    # Blocks of 0.4 s at both sides of a pause's end are partly loud.
    assert whole.level_db - 2.5 < found.level_db < whole.level_db


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence(tmp_path, write_wav, level):
    assert measure_level(write_wav(tmp_path / "a.wav", level * SINE)).level_db == SILENT_DB


def test_one_clipped_channel_of_two_is_found(tmp_path, write_wav):
    clipped = np.clip(3 * SINE, -1, 1)
    found = measure_level(write_wav(tmp_path / "a.wav", np.stack([0.1 * SINE, clipped], axis=1)))
    # A sine is clipped twice a period.
    assert found.flat_tops == pytest.approx(2 * 437 * 4, abs=3)


def test_clipping_is_found_after_the_sound_was_made_quieter(tmp_path, write_wav):
    assert measure_level(write_wav(tmp_path / "a.wav", 0.3 * np.clip(3 * SINE, -1, 1))).flat_tops > 3000


def test_a_sound_that_only_reaches_full_scale_is_not_clipped(tmp_path, write_wav):
    assert measure_level(write_wav(tmp_path / "a.wav", SINE)).flat_tops == 0


def test_a_run_across_blocks_counts_once(tmp_path, write_wav):
    samples = np.zeros(3 * (1 << 16))
    samples[: 1 << 17] = 0.9
    assert measure_level(write_wav(tmp_path / "a.wav", samples)).flat_tops == 1


@pytest.mark.parametrize(("codec", "suffix"), [("libmp3lame", ".mp3"), ("flac", ".flac"), ("aac", ".m4a")])
def test_other_formats(tmp_path, codec, suffix):
    loud = measure_level(write_sound(tmp_path / f"a{suffix}", 0.2 * SINE, codec))
    assert loud.level_db == pytest.approx(20 * np.log10(0.2 / 2**0.5), abs=0.5)
    assert loud.duration_s == pytest.approx(4.0, abs=0.1)
    assert loud.flat_tops < 3
    assert measure_level(write_sound(tmp_path / f"b{suffix}", np.clip(4 * SINE, -1, 1), codec)).flat_tops > 3


@pytest.mark.parametrize(
    "codec",
    ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_s64le", "pcm_f32le", "pcm_f64le", "pcm_mulaw"],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_kind_of_samples_has_the_same_scale(tmp_path, codec, channels):
    samples = np.stack([0.5 * SINE, 0.25 * SINE])[:channels]
    found = measure_level(
        write_sound(tmp_path / "a.wav", samples, codec, layout=("mono", "stereo")[channels - 1])
    )
    power = np.mean(np.square([0.5, 0.25][:channels])) / 2
    assert found.peak_db == pytest.approx(20 * np.log10(0.5), abs=0.25)
    assert found.level_db == pytest.approx(10 * np.log10(power), abs=0.1)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\0" * 5000])
def test_no_sound_is_refused(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError):
        measure_level(path)


@pytest.mark.parametrize("level", [0.0, 0.003, 0.2])
def test_a_constant_offset_is_no_level(tmp_path, write_wav, level):
    plain = measure_level(write_wav(tmp_path / "a.wav", level * SINE))
    found = measure_level(write_wav(tmp_path / "b.wav", level * SINE + 0.1))
    assert found.level_db == pytest.approx(plain.level_db, abs=0.05)
