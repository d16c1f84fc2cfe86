"""Refusals name a cause that was checked."""

import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from mannerism.core.batch.manifest import names_of
from mannerism.core.errors import AudioError, VideoError
from mannerism.core.media.sound import Sound
from mannerism.core.media.video import Video
from mannerism.tests.support.media_files import write_pictures, write_sound

CONTENTS = {
    "web page": b"<!DOCTYPE html>\n<html></html>" * 20,
    "only zeros": bytes(4000),
    "Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
    "zip archive": b"PK\x03\x04" + bytes(range(1, 200)),
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n",
}


def refusals(path):
    for error, read in ((AudioError, lambda: list(Sound(path).pieces())), (VideoError, lambda: Video(path))):
        with pytest.raises(error) as caught:
            read()
        assert caught.value.remedy
        yield caught.value.problem, caught.value.remedy


@pytest.mark.parametrize("cause", CONTENTS)
@pytest.mark.parametrize("name", ["a.wav", "a.mp4"])
def test_what_a_file_is_instead(tmp_path, cause, name):
    (tmp_path / name).write_bytes(CONTENTS[cause])
    for problem, _ in refusals(tmp_path / name):
        assert cause in problem


def test_paths_that_cannot_be_opened(tmp_path):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nothing.wav")
    (tmp_path / "there.wav").write_bytes(b"RIFF")
    expected = {
        tmp_path: "is a folder",
        tmp_path / "missing.mp3": "There is no file",
        tmp_path / "empty.wav": "is empty",
        tmp_path / "gone.wav": "link to a file that is gone",
        tmp_path / ("n" * 300): "cannot be opened",
        Path("https://example.org/a.mp4"): "address on a network",
        Path("rtsp://example.org/a"): "address on a network",
        Path("file:///tmp/a.wav"): "is an address, not a path",
    }
    for path, cause in expected.items():
        for problem, remedy in refusals(path):
            assert cause in problem
            if "network" in cause:
                assert "Download" in remedy
    assert "there.wav" in dict(refusals(tmp_path / "there.mp3")).popitem()[1]


def test_a_box_may_state_any_length(tmp_path):
    path = tmp_path / "long.mp4"
    for stated in (2**63, 2**64 - 1, 40):
        box = struct.pack(">I4sQ", 1, b"mdat", stated)
        path.write_bytes(struct.pack(">I4s8x", 16, b"ftyp") + box + bytes(5000))
        for problem, _ in refusals(path):
            assert "moov" in problem


@pytest.mark.parametrize("stated", [2**45, 2**49, 2**50, 2**62])
@pytest.mark.parametrize(("name", "chunk"), [("a.w64", "<16sq"), ("a.caf", ">4sq")])
def test_a_chunk_may_state_any_length(tmp_path, name, chunk, stated):
    path = tmp_path / name
    write_sound(path, np.sin(np.arange(32_000) / 9.0), "pcm_s16le")
    with path.open("ab") as file:
        file.write(struct.pack(chunk, b"free" * 4, stated))
    assert sum(len(piece) for piece in Sound(path).pieces()) == pytest.approx(32_000, abs=50)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.m4a"])
def test_a_recording_without_its_index(tmp_path, name):
    path = tmp_path / name
    if name.endswith("m4a"):
        write_sound(path, np.random.default_rng(0).normal(0, 0.1, 48_000), "aac")
    else:
        write_pictures(path, list(np.random.default_rng(0).integers(0, 256, (10, 96, 96, 3), np.uint8)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for problem, _ in refusals(path):
        assert "moov" in problem


@pytest.mark.parametrize(
    ("name", "codec", "rate_hz"),
    [
        ("a.aac", "aac", 44_100),
        ("a.opus", "libopus", 48_000),
        ("a.aiff", "pcm_s16be", 44_100),
        ("a.webm", "libopus", 48_000),
        ("a.m4a", "aac", 44_100),
        ("a.caf", "alac", 44_100),
        ("a.wma", "wmav2", 44_100),
        ("a.amr", "libopencore_amrnb", 8_000),
        ("a.ogg", "libopus", 48_000),
        ("a.3gp", "aac", 16_000),
    ],
)
def test_sounds_of_many_kinds(tmp_path, talk, name, codec, rate_hz):
    try:
        path = write_sound(tmp_path / name, talk(3.0), codec, rate_hz)
    except (av.FFmpegError, ValueError):
        pytest.skip(f"no encoder {codec}")
    sound = Sound(path)
    samples = np.concatenate(list(sound.pieces()))
    assert len(samples) / 16_000 == pytest.approx(3.0, abs=0.1)
    assert np.abs(samples).max() > 0.1
    assert sound.notes == ()


def test_twins_in_a_folder_have_names_of_their_own():
    sounds = [Path(name) for name in ("a.wav", "a.mp3", "b.wav", "É.wav", "e\u0301.flac")]
    assert names_of(sounds) == ["a.wav", "a.mp3", "b", "É.wav", "e\u0301.flac"]


@pytest.mark.parametrize(
    "tag", [0x270, 0x11, 0x1111]
)  # a decoder that refuses this block, that wants another, none
def test_a_wav_that_claims_another_codec_is_refused(tmp_path, tag):
    """PyAV raises a ValueError where a decoder is asked again that could not be opened."""
    path = tmp_path / "a.wav"
    samples, form = bytes(64_000), struct.pack("<HHIIHH", tag, 2, 16_000, 64_000, 4, 16)
    parts = [b"WAVEfmt ", struct.pack("<I", 16), form, b"data", struct.pack("<I", len(samples)), samples]
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"".join(parts))
    with pytest.raises(AudioError, match=r"can be decoded|cannot be decoded"):
        list(Sound(path).pieces())


@pytest.mark.parametrize("name", ["a.wav", "a.mp4", "a"])
def test_a_pipe_and_a_device_are_not_opened(tmp_path, name):
    """Reading either might never end."""
    os.mkfifo(tmp_path / name)
    (tmp_path / "zero.wav").symlink_to("/dev/zero")
    for path in (tmp_path / name, tmp_path / "zero.wav"):
        for problem, _ in refusals(path):
            assert "is a pipe or a device" in problem
