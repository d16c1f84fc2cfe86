"""Edit lists of .mp4: what FFmpeg follows arrives so, and what it does not follow is said."""

import struct
from typing import Any

import av
import numpy as np
import pytest

from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.media.video import Video
from mannerism.tests.support.media_files import add_pictures, add_sound

COUNT, FPS = 100, 25
WHOLE = [(4, 0, 1)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Pictures that grow brighter, two levels each, and bursts of sound at 0.5, 1.5, 2.5 and 3.5 s."""
    samples = np.zeros(4 * RATE_HZ, np.float32)
    for begin in range(RATE_HZ // 2, len(samples), RATE_HZ):
        samples[begin : begin + 800] = 0.5 * np.sin(np.arange(800) * 0.3)
    sound = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
    sound.sample_rate = RATE_HZ
    path = tmp_path_factory.mktemp("plain") / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"g": "25"})
        stream.width = stream.height = 64
        stream.pix_fmt, stream.codec_context.max_b_frames = "yuv420p", 0
        voice = container.add_stream("aac", rate=48_000, layout="mono")
        add_pictures(container, stream, [np.full((64, 64, 3), 20 + 2 * i, np.uint8) for i in range(COUNT)])
        add_sound(container, voice, sound)
    return path


def boxes(data):
    """Names and contents of the boxes in data."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def box(name, *contents):
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name) + content


def edited(path, source, track, edits):
    """Give a track other edits: seconds that they last, where they begin (None where empty), and their rates."""

    def ticks(content):
        return int.from_bytes(content[12:16], "big")

    def trak(content, whole):
        own = ticks(dict(boxes(dict(boxes(content))[b"mdia"]))[b"mdhd"])
        rows = [
            struct.pack(
                ">IiI",
                round(length * whole),
                -1 if begin is None else round(begin * own),
                round(rate * 65536),
            )
            for length, begin, rate in edits
        ]
        edts = box(b"edts", box(b"elst", struct.pack(">II", 0, len(rows)), *rows))
        kept = [(name, part) for name, part in boxes(content) if name != b"edts"]
        return b"".join(box(name, part) + (edts if name == b"tkhd" else b"") for name, part in kept)

    def moov(content):
        parts = list(boxes(content))
        whole, tracks = ticks(dict(parts)[b"mvhd"]), iter(range(len(parts)))
        return b"".join(
            box(name, trak(part, whole) if name == b"trak" and next(tracks) == track else part)
            for name, part in parts
        )

    path.write_bytes(
        b"".join(
            box(name, moov(part) if name == b"moov" else part) for name, part in boxes(source.read_bytes())
        )
    )
    return path


def shown(path):
    """Times and numbers of the pictures, and what is said."""
    video = Video(path)
    frames = list(video)
    return [frame.time_s for frame in frames], [(frame.rgb.mean() - 20) / 2 for frame in frames], video.notes


FOLLOWED: dict[str, Any] = {
    "whole": (WHOLE, 0.0, [0, 99]),
    "trimmed": ([(2.7, 1.3, 1)], 0.0, [32.5, 99]),
    "shorter": ([(2, 0, 1)], 0.0, [0, 49]),
    "exchanged": ([(2, 2, 1), (2, 0, 1)], 0.0, [50, 49]),
    "late": ([(0.5, None, 1), *WHOLE], 0.5, [0, 99]),
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_pictures_follow_their_edits(tmp_path, plain, case):
    edits, begin_s, ends = FOLLOWED[case]
    time_s, numbers, said = shown(edited(tmp_path / "a.mp4", plain, 0, edits))
    length_s = sum(length for length, begin, _ in edits if begin is not None)
    assert time_s == pytest.approx([begin_s + i / FPS for i in range(len(time_s))], abs=0.02)
    assert len(time_s) == pytest.approx(length_s * FPS, abs=1)
    assert [numbers[0], numbers[-1]] == pytest.approx(ends, abs=1.6)
    assert said == ()


@pytest.mark.parametrize("track", [0, 1])
@pytest.mark.parametrize(
    "edits",
    [[(2, 0, 2)], [(8, 0, 0.5)], [(1, 0, 1), (1, 1, 0), (3, 1, 1)], [(2, 0, 1), (1, None, 1), (2, 2, 1)]],
)
def test_what_is_not_followed_is_said(tmp_path, plain, track, edits):
    path = edited(tmp_path / "a.mp4", plain, track, edits)
    sound = Sound(path)
    assert sum(len(piece) for piece in sound.pieces())
    for notes in (shown(path)[2], sound.notes):
        assert "edit list of the file plays parts at another speed" in " ".join(notes)


def test_a_picture_that_begins_long_after_the_sound_is_said(tmp_path, plain):
    time_s, _, said = shown(edited(tmp_path / "a.mp4", plain, 0, [(2, None, 1), *WHOLE]))
    assert time_s[0] == pytest.approx(2.0, abs=0.02)
    assert said == ("The picture begins 2.0 s after the sound.",)
    assert shown(edited(tmp_path / "b.mp4", plain, 1, [(2, None, 1), *WHOLE]))[2] == (
        "The picture begins 2.0 s before the sound.",
    )


def test_damaged_edit_lists_are_read_or_refused(tmp_path, plain):
    path = edited(tmp_path / "a.mp4", plain, 0, WHOLE)
    data = path.read_bytes()
    at = data.index(b"elst")
    for number in (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\1\0\0"):
        path.write_bytes(data[: at + 8] + number + data[at + 12 :])
        assert "edit list" not in " ".join(shown(path)[2])
