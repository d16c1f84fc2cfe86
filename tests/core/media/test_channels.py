"""Channels are mixed as the format intends, but never into silence; of several tracks the speech is taken."""

import av
import numpy as np
import pytest

from mannerism.core.media.mixing import mixing_weights
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.tests.support.media_files import add_sound, write_sound

CODECS = [("a.flac", "flac"), ("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.opus", "libopus")]


@pytest.fixture(scope="module")
def speech(talk):
    return talk(4.0)


def likeness(path, speech):
    sound = Sound(path)
    samples = np.concatenate(list(sound.pieces()))
    count = min(len(samples), len(speech))
    spectra = [np.abs(np.fft.rfft(part[:count]))[: count // 4] for part in (samples, speech)]
    return float(np.corrcoef(spectra[0], spectra[1])[0, 1]), samples, " ".join(sound.notes)


@pytest.mark.parametrize(("name", "codec"), CODECS)
@pytest.mark.parametrize("gain", [-1.0, -0.8])
def test_channels_that_cancel_each_other_out(tmp_path, speech, name, codec, gain):
    path = write_sound(tmp_path / name, np.stack([speech, gain * speech]), codec, layout="stereo")
    alike, samples, said = likeness(path, speech)
    assert alike > 0.95
    assert np.abs(samples).max() == pytest.approx(np.abs(speech).max(), rel=0.25)
    assert "cancel each other out" in said


@pytest.mark.parametrize("gain", [1.0, 0.5, 0.0])
def test_other_channels_are_mixed(tmp_path, speech, gain):
    path = write_sound(tmp_path / "a.flac", np.stack([speech, gain * speech]), "flac", layout="stereo")
    alike, samples, said = likeness(path, speech)
    assert alike > 0.95
    assert said == ""
    mixed = mixing_weights("stereo") @ [1.0, gain]
    assert np.abs(samples).max() == pytest.approx(mixed * np.abs(speech).max(), rel=0.02)


def test_speech_in_the_middle_of_surround_sound(tmp_path, speech):
    silent = np.zeros_like(speech)
    channels = np.stack([silent, silent, speech, silent, silent, silent])
    alike, _, said = likeness(write_sound(tmp_path / "a.flac", channels, "flac", layout="5.1"), speech)
    assert alike > 0.95
    assert said == ""


@pytest.mark.parametrize("default", [0, 1])
@pytest.mark.parametrize("spoken", [(0,), (1,), (0, 1)])
def test_the_default_track_unless_it_is_silent(tmp_path, speech, default, spoken):
    path = tmp_path / "two.mkv"
    sounds = [speech if track in spoken else np.zeros_like(speech) for track in range(2)]
    sounds[0] = sounds[0][: len(speech) // 2]
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("libopus", rate=48_000, layout="mono") for _ in sounds]
        for track, stream in enumerate(streams):
            stream.disposition = av.stream.Disposition(int(track == default))
        for stream, samples in zip(streams, sounds, strict=True):
            whole = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
            whole.sample_rate = RATE_HZ
            add_sound(container, stream, whole)
    taken = default if default in spoken else spoken[0]
    _, samples, said = likeness(path, speech)
    assert len(samples) == pytest.approx(len(sounds[taken]), abs=RATE_HZ // 10)
    assert np.abs(samples).max() > 0.1
    assert f"number {taken + 1} is used" in said
