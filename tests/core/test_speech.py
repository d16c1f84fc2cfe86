"""Sound to features: known answers, every container, bounded windows, hostile files."""

import struct
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from mannerism.core.errors import AudioError
from mannerism.core.media import sound as decode
from mannerism.core.motion import GRID_HZ
from mannerism.core.speech import NAMES, extract_features, shorttime
from mannerism.core.speech.features import LOOK_AHEAD_S

RATE = decode.RATE_HZ


def encode(path, samples, codec, rate=RATE, *, picture=False):
    """Write samples with any of the coders at hand, with a grey picture track before the sound if asked."""
    if codec == "vorbis":  # the coder in PyAV is an experiment
        import soundfile

        soundfile.write(path, samples, rate, format="OGG", subtype="VORBIS")
        return path
    import av

    with av.open(str(path), "w") as container:
        if picture:
            video = container.add_stream("mpeg4", rate=10)
            video.width = video.height = 32
            video.pix_fmt = "yuv420p"
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        if picture:
            for _ in range(int(10 * len(samples) / rate)):
                grey = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 128, np.uint8), "rgb24")
                container.mux(video.encode(grey))
            container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(np.asarray(samples, np.float32)[None], "flt", "mono")
        frame.rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def test_grid_ends_inside_the_sound(tmp_path, write_wav):
    hum = 0.1 * np.sin(np.arange(3 * 44_100) * 0.03)
    for count in (44_099, 44_100, 44_101, 99_999):
        path = write_wav(tmp_path / "a.wav", hum[:count], 44_100)
        features = extract_features(path)
        assert features.duration_s == count / 44_100
        assert len(features.time_s) == int(Fraction(count * GRID_HZ, 44_100)) + 1
        assert features.time_s[-1] <= features.duration_s < features.time_s[-1] + 1 / GRID_HZ


def test_known_pitch_and_level(tmp_path, write_wav):
    """A buzz that steps 4 semitones up and 10 dB down, then falls silent for a second."""
    time = np.arange(3 * RATE) / RATE
    pitch = np.where(time < 1.5, 120.0, 120.0 * 2 ** (4 / 12))
    phase = np.cumsum(pitch) / RATE
    buzz = np.sum([np.sin(2 * np.pi * k * phase) / k for k in range(1, 9)], axis=0)
    loud = np.where(time < 1.5, 0.2, 0.2 / 10**0.5) * (np.abs(time - 2.5) > 0.5)
    raw = list(shorttime.analyse([(buzz * loud).astype(np.float32)]))
    f0 = np.concatenate([part.f0_hz for part in raw])
    energy = np.concatenate([part.energy_db for part in raw])
    np.testing.assert_allclose(f0[5:35], 120.0, rtol=0.005)
    np.testing.assert_allclose(f0[40:48], 120.0 * 2 ** (4 / 12), rtol=0.005)
    assert energy[5:35].mean() - energy[40:48].mean() == pytest.approx(10.0, abs=0.5)
    assert energy[5:35].mean() == pytest.approx(10 * np.log10(np.mean((buzz * 0.2)[:RATE] ** 2)), abs=1.5)

    features = extract_features(write_wav(tmp_path / "buzz.wav", buzz * loud))
    assert features.column("energy")[5:35].mean() - features.column("energy")[41:48].mean() == pytest.approx(
        1.0, abs=0.05
    )
    assert (features.column("activity")[3:48] > 0.9).all()
    assert (features.column("activity")[53:72] < 0.05).all()
    at_the_step = features.column("onset")[35:40].max()
    assert at_the_step > 3 * features.column("onset")[10:30].max()


def test_pauses(tmp_path, talk, write_wav):
    spoken = talk(2.0, pause_s=3.0)[: int(1.6 * RATE)]
    sound = np.concatenate([spoken, np.zeros(RATE, np.float32), spoken])
    features = extract_features(write_wav(tmp_path / "a.wav", sound))
    in_pause = slice(int(1.75 * GRID_HZ), int(2.5 * GRID_HZ))
    assert (features.column("since_pause_s")[in_pause] == 0).all()
    assert (features.column("to_pause_s")[in_pause] == 0).all()
    to_pause = features.column("to_pause_s")
    before = int(1.2 * GRID_HZ)
    assert to_pause[before] == pytest.approx(to_pause[before + 5] + 5 / GRID_HZ)
    since = features.column("since_pause_s")
    after = int(3.2 * GRID_HZ)
    assert since[after + 5] == pytest.approx(since[after] + 5 / GRID_HZ)
    assert since.max() <= 2.0


@pytest.mark.parametrize("gain_db", [-30, -12, 6])
def test_loudness_does_not_matter(tmp_path, talk, write_wav, gain_db):
    sound = talk(6.0) * 0.5
    one = extract_features(write_wav(tmp_path / "one.wav", sound))
    other = extract_features(write_wav(tmp_path / "other.wav", sound * 10 ** (gain_db / 20)))
    for name, allowed in (("energy", 0.05), ("f0", 0.2), ("activity", 0.1)):
        assert np.abs(one.column(name) - other.column(name)).mean() < allowed, name


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        ("wav", "pcm_f32le"),
        ("flac", "flac"),
        ("ogg", "libopus"),
        ("ogg", "vorbis"),
        ("mp3", "libmp3lame"),
        ("m4a", "aac"),
    ],
)
def test_formats_agree(tmp_path, talk, suffix, codec):
    """Coders add silence before the first sample; it must not shift the features."""
    sound = talk(5.0)
    plain = extract_features(encode(tmp_path / "ü日本 a.wav", sound, "pcm_s16le"))
    coded = extract_features(encode(tmp_path / f"ü日本 b.{suffix}", sound, codec))
    assert abs(coded.duration_s - 5.0) < 0.08
    count = min(len(plain.time_s), len(coded.time_s)) - 5
    for name in ("energy", "f0", "activity"):
        a, b = plain.column(name)[:count], coded.column(name)[:count]
        lags = range(-3, 4)
        match = [np.corrcoef(a[5:-5], np.roll(b, lag)[5:-5])[0, 1] for lag in lags]
        assert lags[int(np.argmax(match))] == 0, name
        assert max(match) > 0.95, name


def test_sound_of_a_video(tmp_path, talk):
    sound = talk(4.0)
    plain = extract_features(encode(tmp_path / "a.wav", sound, "pcm_s16le"))
    film = extract_features(encode(tmp_path / "a.mkv", sound, "flac", picture=True))
    assert film.duration_s == plain.duration_s
    np.testing.assert_allclose(film.values, plain.values, atol=2e-3)


def test_other_rates_and_channels(tmp_path, talk, write_wav):
    sound = talk(5.0)
    plain = extract_features(write_wav(tmp_path / "a.wav", sound))
    doubled = np.repeat(sound, 3)
    stereo = np.column_stack([doubled, 0.3 * doubled])
    wide = extract_features(write_wav(tmp_path / "stereo 48 kHz.wav", stereo, 48_000))
    narrow = extract_features(write_wav(tmp_path / "8 kHz.wav", sound[::2], 8_000))
    for other in (wide, narrow):
        assert other.duration_s == plain.duration_s
        assert np.corrcoef(other.column("energy"), plain.column("energy"))[0, 1] > 0.9
        assert np.corrcoef(other.column("activity"), plain.column("activity"))[0, 1] > 0.9


def test_values_do_not_depend_on_how_the_sound_was_read(talk):
    sound = talk(7.3)
    at_once = list(shorttime.analyse([sound]))
    for size in (1, 777, 1024, 33_000):
        if size == 1:  # one by one only across a seam: the rest would take long and show nothing more
            pieces = [sound[:39_990], *sound[39_990:40_010].reshape(-1, 1), sound[40_010:]]
        else:
            pieces = [sound[i : i + size] for i in range(0, len(sound), size)]
        in_pieces = list(shorttime.analyse(pieces))
        assert len(in_pieces) == len(at_once) == 4
        for a, b in zip(at_once, in_pieces, strict=True):
            for name in ("energy_db", "mel_db", "onset", "flux", "f0_hz", "voicing"):
                assert (getattr(a, name) == getattr(b, name)).all()


def test_segments_have_no_seams(talk):
    """Analysing the same sound from another start moves every seam and changes next to nothing."""
    sound = talk(9.0)
    shift = 25  # grid samples
    one = list(shorttime.analyse([sound]))
    two = list(shorttime.analyse([sound[shift * RATE // GRID_HZ :]]))
    for name, allowed in (("energy_db", 1e-6), ("onset", 0.1), ("flux", 0.01), ("voicing", 0.06)):
        a = np.concatenate([getattr(part, name) for part in one])[shift : shift + 190]
        b = np.concatenate([getattr(part, name) for part in two])[:190]
        assert np.abs(a - b)[5:].mean() <= allowed, name


@pytest.mark.parametrize(("start_s", "length_s"), [(1.0, 2.5), (0.0, 2.0), (1.5, None), (1.5, 1000.0)])
def test_a_part_is_heard_as_if_there_were_nothing_else(tmp_path, talk, write_wav, start_s, length_s):
    first = round(start_s * decode.RATE_HZ)
    last = None if length_s is None else first + round(length_s * decode.RATE_HZ)
    alone = extract_features(write_wav(tmp_path / "alone.wav", talk(6)[first:last]))
    whole = write_wav(tmp_path / "whole.wav", talk(6))
    part = extract_features(whole, start_s=start_s, length_s=length_s)
    assert part.duration_s == alone.duration_s
    np.testing.assert_array_equal(part.values, alone.values)


def test_a_part_beyond_the_end(tmp_path, talk, write_wav):
    with pytest.raises(AudioError, match=r"holds only 0\.00 s"):
        extract_features(write_wav(tmp_path / "whole.wav", talk(6)), start_s=1000.0, length_s=2.0)


@pytest.mark.slow
def test_what_is_appended_does_not_reach_back(tmp_path, talk, write_wav):
    for seconds in (13.0, 13.97):  # the join at several places in a segment
        sound = talk(seconds)
        shout = np.clip(3.0 * talk(5.0, voice="Male1", first_line=2), -1, 1)
        alone = extract_features(write_wav(tmp_path / "alone.wav", sound))
        longer = extract_features(write_wav(tmp_path / "longer.wav", np.concatenate([sound, shout])))
        kept = int((seconds - LOOK_AHEAD_S) * GRID_HZ)
        assert (alone.values[:kept] == longer.values[:kept]).all()
        assert not (alone.values == longer.values[: len(alone.values)]).all()


@pytest.mark.slow
def test_memory_grows_with_the_features_alone(talk):
    def peak(seconds):
        block = talk(2.0)
        tracemalloc.start()
        for _part in shorttime.analyse(block for _ in range(seconds // 2)):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(2)  # first use imports
    assert peak(200) < 1.2 * peak(20)


def test_music_is_audible_but_needs_no_words(tmp_path, write_wav):
    time = np.arange(4 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * f * time) for f in (220.0, 277.2, 329.6)) * 0.1
    features = extract_features(write_wav(tmp_path / "chord.wav", chord * (0.6 + 0.4 * np.sin(9 * time))))
    assert np.isfinite(features.values).all()


def _float_wav(path, samples):
    body = np.asarray(samples, "<f4").tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(body),
        b"WAVE",
        b"fmt ",
        16,
        3,
        1,
        RATE,
        4 * RATE,
        4,
        32,
        b"data",
        len(body),
    )
    path.write_bytes(head + body)
    return path


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf, 1e30])
def test_refuses_samples_that_are_no_numbers(tmp_path, talk, broken):
    sound = talk(2.0).copy()
    extract_features(_float_wav(tmp_path / "good.wav", sound))
    sound[20_000] = broken
    with pytest.raises(AudioError, match="not numbers near 1"):
        extract_features(_float_wav(tmp_path / "bad.wav", sound))


def test_refusals(tmp_path, talk, write_wav):
    import av

    def refused(path, says):
        with pytest.raises(AudioError, match=says) as caught:
            extract_features(path)
        assert path.name in caught.value.problem
        assert caught.value.remedy

    refused(write_wav(tmp_path / "silent.wav", np.zeros(2 * RATE)), "silent")
    refused(write_wav(tmp_path / "nearly silent.wav", np.tile([0, 3e-5], RATE)), "silent")
    refused(write_wav(tmp_path / "empty.wav", np.zeros(0)), "0.00 s")
    refused(write_wav(tmp_path / "short.wav", talk(0.2)), "0.20 s")
    refused(tmp_path / "missing.wav", "There is no file")
    text = tmp_path / "text ü日本.mp3"
    text.write_text("This is not sound at all. " * 100, encoding="utf-8")
    refused(text, "cannot be read|damaged")
    nothing = tmp_path / "nothing.wav"
    nothing.write_bytes(b"")
    refused(nothing, "is empty")
    mute = tmp_path / "mute.mp4"
    with av.open(str(mute), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        container.mux(stream.encode(None))
    refused(mute, "no sound")
    whole = encode(tmp_path / "whole.m4a", talk(3.0), "aac").read_bytes()
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(whole[: len(whole) // 2])
    refused(cut, "cannot be read|damaged")


def test_a_title_in_an_old_encoding(tmp_path, talk, write_wav):
    path = write_wav(tmp_path / "a.wav", talk(1.0))
    tag = b"LIST" + struct.pack("<I4s4sI", 16, b"INFO", b"INAM", 4) + "naïf".encode("latin-1")
    plain = path.read_bytes()
    path.write_bytes(plain[:36] + tag + plain[36:])
    assert extract_features(path).duration_s == 1.0


def test_names_are_columns(tmp_path, talk, write_wav):
    features = extract_features(write_wav(tmp_path / "a.wav", talk(1.0)))
    assert features.values.shape[1] == len(NAMES) == len(set(NAMES))
    assert features.values.dtype == np.float32
