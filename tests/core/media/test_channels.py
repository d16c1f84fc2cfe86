"""Channels are mixed as the format intends, but never into silence; of several tracks the speech is taken."""

import av
import numpy as np
import pytest

from mannerism.core.media.mixing import mixing_weights
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.media.sound_level import measure_level
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


@pytest.mark.parametrize(("name", "codec"), CODECS[:3])
def test_channels_that_cancel_each_other_out_later_on(tmp_path, speech, name, codec):
    sign = np.where(np.arange(len(speech)) < len(speech) // 2, 0.9, -0.9)
    path = write_sound(tmp_path / name, np.stack([speech, sign * speech]), codec, layout="stereo")
    alike, samples, said = likeness(path, speech)
    assert alike > 0.95
    assert np.abs(samples[len(samples) // 2 :]).max() > 0.5 * np.abs(speech[len(speech) // 2 :]).max()
    assert "cancel each other out" in said


@pytest.mark.parametrize("gain", [1.0, 0.5, 0.0])
def test_other_channels_are_mixed(tmp_path, speech, gain):
    path = write_sound(tmp_path / "a.flac", np.stack([speech, gain * speech]), "flac", layout="stereo")
    alike, samples, said = likeness(path, speech)
    assert alike > 0.95
    assert said == ""
    weights = mixing_weights("stereo")
    assert weights is not None
    mixed = weights @ [1.0, gain]
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


@pytest.mark.parametrize("layout", ["7.1", "8 channels", "12 channels", "9 channels", "17 channels"])
@pytest.mark.parametrize("spoken", [0, 3, -1])
def test_speech_in_one_of_many_channels(tmp_path, speech, layout, spoken):
    """Recorders of many tracks; a mix leaves out the channel of low frequencies, and has no place for some."""
    count = av.AudioLayout(layout).nb_channels
    samples = np.zeros((len(speech), count), np.float32)
    samples[:, spoken] = speech
    path = write_turns(tmp_path / "a.wav", samples, layout)
    alike, made, _ = likeness(path, speech)
    assert alike > 0.95
    assert np.abs(made).max() > 0.3 * np.abs(speech).max()
    film = Sound(path).channels(0.0, None)
    assert len(film) == 2
    assert np.abs(film).max() > 0.3 * np.abs(speech).max()
    blocks = [block for _, block in Sound(path).native()]
    np.testing.assert_allclose(np.concatenate(blocks, axis=1).T, samples, atol=1e-4)


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.opus", "libopus"), ("a.wv", "wavpack")])
def test_eight_channels_through_codecs(tmp_path, speech, name, codec):
    samples = np.zeros((len(speech), 8), np.float32)
    samples[:, 2] = speech
    path = write_turns(tmp_path / name, samples, "7.1", codec)
    alike, _, said = likeness(path, speech)
    assert alike > 0.95
    assert said == ""
    assert measure_level(path).peak_db == pytest.approx(20 * np.log10(np.abs(speech).max()), abs=1.5)


def write_turns(path, samples, layout, codec="pcm_s16le"):
    """Encode samples (n, channels): PyAV takes frames of eight and more only with the channels in turns."""
    whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.reshape(1, -1)), "flt", layout)
    whole.sample_rate = RATE_HZ
    with av.open(str(path), "w") as container:
        rate_hz = 48_000 if codec == "libopus" else RATE_HZ
        add_sound(container, container.add_stream(codec, rate=rate_hz, layout=layout), whole)
    return path


@pytest.mark.parametrize("offset", [0.01, -0.2])
@pytest.mark.parametrize("channels", [(1.0,), (1.0, 1.0), (1.0, -1.0), (1.0, 0.0)])
def test_a_constant_offset_is_taken_off_and_said(tmp_path, speech, channels, offset):
    layout = "mono" if len(channels) == 1 else "stereo"
    plain = np.stack([0.5 * gain * speech for gain in channels])
    _, wanted, _ = likeness(write_sound(tmp_path / "plain.flac", plain, "flac", layout=layout), speech)
    alike, samples, said = likeness(
        write_sound(tmp_path / "a.flac", plain + offset, "flac", layout=layout), speech
    )
    assert alike > 0.95
    assert min(np.abs(samples - sign * wanted).max() for sign in (1, -1)) < 0.002
    assert f"shifted by {abs(offset):.1%} of full scale" in said


def test_an_offset_is_no_sound(tmp_path, speech):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("flac", rate=48_000, layout="mono") for _ in range(2)]
        for stream, samples in zip(streams, (np.full_like(speech, 0.2), speech), strict=True):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[None]), format="fltp", layout="mono"
            )
            frame.sample_rate = RATE_HZ
            add_sound(container, stream, frame)
    alike, _, said = likeness(path, speech)
    assert alike > 0.95
    assert "number 2 is used" in said
