"""Damage and gaps in sound: lost time stays lost time, and what comes after is where it belongs."""

import av
import numpy as np
import pytest

from mannerism.core.errors import AudioError
from mannerism.core.media.frame_headers import frame_bytes, tag_bytes
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.tests.support.media_files import damage_packets, write_sound

SECONDS = 6.0
CLOCKED = [("a.m4a", "aac"), ("a.opus", "libopus"), ("a.flac", "flac"), ("a.ts", "aac")]


@pytest.fixture(scope="module")
def speech(talk):
    return talk(SECONDS)


def read(path):
    sound = Sound(path)
    samples = np.concatenate(list(sound.pieces()))
    assert float(sound.duration) == pytest.approx(len(samples) / RATE_HZ, abs=0.001)
    return samples, " ".join(sound.notes)


def late_s(samples, speech, begin_s, length_s=1.0):
    """By how much a stretch of the speech comes later in the samples."""
    first = round(begin_s * RATE_HZ)
    part = speech[first : first + round(length_s * RATE_HZ)]
    size = 1 << (len(samples) + len(part)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(part, size)))
    return (int(np.argmax(likeness[: len(samples)])) - first) / RATE_HZ


@pytest.mark.parametrize(("name", "codec"), [*CLOCKED, ("a.mp3", "libmp3lame"), ("a.aac", "aac")])
def test_damaged_packets_in_the_middle(tmp_path, speech, name, codec):
    path = write_sound(tmp_path / name, speech, codec)
    whole, said = read(path)
    assert said == ""
    damaged, said = read(damage_packets(path, 0.5, 5, "audio"))
    assert len(damaged) == pytest.approx(len(whole), abs=0.03 * RATE_HZ)
    before_s = late_s(whole, speech, 0.5)
    assert late_s(damaged, speech, 0.5) == pytest.approx(before_s, abs=0.01)
    assert late_s(damaged, speech, 4.5) == pytest.approx(before_s, abs=0.03)
    assert "damaged or missing from" in said


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.ts"])
@pytest.mark.parametrize("missing_s", [0.1, 2.0])
def test_a_gap_in_the_clock_is_silence(tmp_path, speech, name, missing_s):
    path = write_sound(tmp_path / name, speech, "aac", gap=(2.0, missing_s))
    samples, said = read(path)
    assert late_s(samples, speech, 4.0) - late_s(samples, speech, 0.5) == pytest.approx(missing_s, abs=0.03)
    if missing_s > 1.0:
        middle = samples[round((2.0 + missing_s / 2) * RATE_HZ) :][: RATE_HZ // 4]
        assert np.abs(middle).max() == 0.0
        assert "from 2.0 to 4.0 s" in said or "from 2.1 to 4.1 s" in said


def test_a_clock_that_jumps_for_hours_costs_nothing(tmp_path, speech):
    samples, said = read(write_sound(tmp_path / "a.mkv", speech, "aac", gap=(2.0, 20_000.0)))
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.1)
    assert "jumps by 20000 s" in said


def test_a_clock_of_mostly_silence_is_followed_for_ten_minutes(tmp_path, speech):
    slow = tmp_path / "slow.mkv"
    with (
        av.open(str(write_sound(tmp_path / "a.mkv", speech, "aac"))) as source,
        av.open(str(slow), "w") as out,
    ):
        stream = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.pts is not None and packet.dts is not None:
                packet.pts, packet.dts, packet.stream = 200 * packet.pts, 200 * packet.dts, stream
                out.mux(packet)
    samples, said = read(slow)
    assert 590.0 < len(samples) / RATE_HZ < 600.0 + 2 * SECONDS
    assert "The clock of the sound jumps by" in said


@pytest.mark.slow
@pytest.mark.parametrize("frames", [2, 4097, 1 << 18])
def test_packets_of_pcm_that_state_a_wrong_length_are_counted(tmp_path, speech, frames):
    path = write_sound(tmp_path / "a.caf", speech, "pcm_s16be")
    head = bytearray(path.read_bytes())
    at = head.index(b"lpcm") + 12  # frames in a packet, of which PCM has 1
    assert head[at : at + 4] == (1).to_bytes(4, "big")
    head[at : at + 4] = frames.to_bytes(4, "big")
    path.write_bytes(head)
    samples, said = read(path)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.01)
    assert late_s(samples, speech, 4.5) == pytest.approx(0.0, abs=0.01)
    assert said.startswith("The sound ends after 6.0 of ")


@pytest.mark.parametrize(("suffix", "codec"), [("mp3", "libmp3lame"), ("aac", "aac"), ("ts", "aac")])
@pytest.mark.parametrize("kind", [(48_000, "stereo"), (22_050, "mono"), (44_100, "mono")])
def test_rate_and_channels_change_midway(tmp_path, speech, suffix, codec, kind):
    half = len(speech) // 2
    first = write_sound(tmp_path / f"1.{suffix}", speech[:half], codec, 44_100, "stereo")
    second = write_sound(tmp_path / f"2.{suffix}", speech[half:], codec, *kind)
    joined = tmp_path / f"joined.{suffix}"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    samples, _ = read(joined)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.15)
    assert late_s(samples, speech, 4.5) == pytest.approx(0.05, abs=0.05)


OGG = {
    "opus mono": ("libopus", 48_000, "mono"),
    "opus stereo": ("libopus", 48_000, "stereo"),
    "flac": ("flac", 44_100, "mono"),
    "flac of another rate": ("flac", 22_050, "stereo"),
}


def chained(folder, speech, kinds):
    """An Ogg file of several parts one after another, each of its own kind."""
    share, data = len(speech) // len(kinds), b""
    for place, kind in enumerate(kinds):
        part = write_sound(folder / f"{place}.ogg", speech[place * share :][:share], *OGG[kind])
        data += part.read_bytes()
    path = folder / "chained.ogg"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("first", OGG)
@pytest.mark.parametrize("second", OGG)
def test_parts_of_an_ogg_file_follow_each_other(tmp_path, speech, first, second):
    samples, said = read(chained(tmp_path, speech, [first, second]))
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.02)
    assert late_s(samples, speech, 0.5) == pytest.approx(0.0, abs=0.01)
    assert late_s(samples, speech, 4.5) == pytest.approx(0.0, abs=0.02)
    assert said == ""


def test_an_ogg_file_without_its_first_page_is_refused(tmp_path, speech):
    path = chained(tmp_path, speech, ["flac"])
    data = bytearray(path.read_bytes())
    data[5] = 0
    path.write_bytes(data)
    with pytest.raises(AudioError):
        read(path)


def test_damage_in_a_later_part_of_an_ogg_file(tmp_path, speech):
    path = chained(tmp_path, speech, ["opus mono", "opus stereo", "flac"])
    data = bytearray(path.read_bytes())
    middle = data.rindex(b"OpusHead") + 9000  # in the first of two pages
    data[middle : middle + 200] = np.random.default_rng(0).integers(0, 256, 200, np.uint8).tobytes()
    path.write_bytes(data)
    samples, said = read(path)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.1)
    assert late_s(samples, speech, 4.7) == pytest.approx(0.0, abs=0.1)
    assert "damaged or missing" in said


@pytest.mark.parametrize(
    ("name", "codec"), [("a.flac", "flac"), ("a.mp4", "flac"), ("a.wv", "wavpack"), ("a.ac3", "ac3")]
)
def test_checksums_are_compared(tmp_path, speech, name, codec):
    """A few wrong bits: decoders make noise of them, unless they compare."""
    path = write_sound(tmp_path / name, speech, codec)
    data, rng = bytearray(path.read_bytes()), np.random.default_rng(3)
    first, last = round(0.48 * len(data)), round(0.52 * len(data))
    for place in rng.integers(first, last, 12):
        data[place] ^= 1 << int(rng.integers(8))
    path.write_bytes(data)
    samples, said = read(path)
    assert "damaged or missing" in said
    assert np.abs(samples).max() < 1.3 * np.abs(speech).max()
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.03)
    assert late_s(samples, speech, 4.5) == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.wav", "pcm_s16le"),
        ("a.aiff", "pcm_s16be"),
        ("a.flac", "flac"),
        ("a.mp3", "libmp3lame"),
        ("a.opus", "libopus"),
        ("a.webm", "libopus"),
        ("a.avi", "pcm_s16le"),
        ("a.caf", "pcm_s16le"),
        ("a.w64", "pcm_s16le"),
        ("a.flv", "libmp3lame"),
    ],
)
def test_a_file_that_breaks_off_is_said(tmp_path, speech, name, codec):
    path = write_sound(tmp_path / name, speech, codec, 44_100 if name == "a.flv" else 48_000)
    _, said = read(path)
    assert said == ""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples, said = read(path)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS / 2, abs=1.1)  # a page of Ogg lasts a second
    assert "ends after" in said or "breaks off" in said


def test_a_file_whose_index_broke_off_is_refused_by_that(tmp_path, speech):
    path = write_sound(tmp_path / "a.caf", speech, "alac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(AudioError, match=r"breaks off: it has \d+ of the \d+ bytes"):
        read(path)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.aiff", "pcm_s16be"),
        ("a.m4a", "aac"),
        ("a.mp4", "alac"),
        ("a.caf", "pcm_s16le"),
        ("a.caf", "alac"),
        ("a.w64", "pcm_s16le"),
        ("a.wv", "wavpack"),
        ("a.tta", "tta"),
        ("a.flv", "libmp3lame"),
        ("a.voc", "pcm_s16le"),
        ("a.wav", "adpcm_ms"),
    ],
)
def test_a_second_file_that_cannot_be_read_is_said(tmp_path, speech, name, codec):
    path = write_sound(tmp_path / name, speech, codec, 44_100)
    assert read(path)[1] == ""
    path.write_bytes(2 * path.read_bytes())
    samples, said = read(path)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.05)
    assert "joined" in said


def test_joined_files_of_au_are_read_as_one_which_is_said(tmp_path, speech):
    half = len(speech) // 2
    path = write_sound(tmp_path / "a.au", speech[:half], "pcm_s16be")
    path.write_bytes(2 * path.read_bytes())
    samples, said = read(path)
    assert len(samples) / RATE_HZ == pytest.approx(SECONDS, abs=0.01)
    assert "is read as if it were of the same kind" in said


def test_a_tag_between_joined_files_is_no_sound(tmp_path, speech):
    half = len(speech) // 2
    first = write_sound(tmp_path / "1.mp3", speech[:half], "libmp3lame").read_bytes()
    second = write_sound(tmp_path / "2.mp3", speech[half:], "libmp3lame").read_bytes()
    picture = np.random.default_rng(0).integers(0, 256, 50_000, np.uint8).tobytes()
    size = bytes(len(picture) >> shift & 0x7F for shift in (21, 14, 7, 0))
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(first + b"TAG".ljust(128, b"x") + b"ID3\4\0\0" + size + picture + second)
    samples, said = read(joined)
    assert late_s(samples, speech, 4.5) == pytest.approx(0.03, abs=0.04)
    assert said == ""


def test_headers_and_tags():
    assert (
        frame_bytes(b"\xff\xfbR\xc0" + b"\0" * 20) == 208 + 1
    )  # MPEG 1, layer III, 64 kb/s, 44.1 kHz, padded
    assert frame_bytes(b"\xff\xf1P\x80\x1e\x7f\xfc" + b"\0" * 20) == 0xF3
    assert frame_bytes(b"RIFF" + b"\0" * 20) is None
    assert tag_bytes(b"ID3\4\0\0\0\0\2\1" + b"\0" * 20) == 10 + 257
    assert tag_bytes(b"TAG" + b"x" * 125) == 128
    assert tag_bytes(b"\xff\xfb\x90\x64") == 0
