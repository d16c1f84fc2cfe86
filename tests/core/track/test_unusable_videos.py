"""Videos that are not, or hardly, usable: one sentence for the problem, one for the remedy."""

import shutil

import av
import numpy as np
import pytest

from mannerism.core.errors import CancelledError, MissingPartError, VideoError
from mannerism.core.media.video import Video
from mannerism.core.track import measure_face, track_video
from mannerism.core.track.landmarks import _squares, find_model
from mannerism.tools.synthetic.warped_face import write_video


@pytest.fixture(scope="module", autouse=True)
def model():
    try:
        return find_model()
    except MissingPartError as error:
        pytest.skip(str(error))


def pattern(index, size=96):
    ramp = (np.arange(size * size).reshape(size, size) + 40 * index) % 256
    return np.stack([ramp, ramp.T, 255 - ramp], axis=-1).astype(np.uint8)


@pytest.fixture(scope="module")
def faceless(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "faceless.mp4"
    write_video(path, [pattern(i) for i in range(30)], np.arange(30) / 25)
    return path


def refusal(path):
    with pytest.raises(VideoError) as caught:
        track_video(path)
    for sentence in (caught.value.problem, caught.value.remedy):
        assert sentence
        assert "\n" not in sentence
        assert not sentence.endswith(".")
    return caught.value.problem


def test_no_such_file(tmp_path):
    assert "no file" in refusal(tmp_path / "ü 日本.mp4")


def test_a_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_an_empty_file(tmp_path):
    (tmp_path / "nothing.mp4").touch()
    assert "is empty" in refusal(tmp_path / "nothing.mp4")


@pytest.mark.parametrize("content", [b"time_s,pitch_deg\n0,1\n", bytes(range(256)) * 40])
def test_not_a_video(tmp_path, content):
    path = tmp_path / "ü 日本.mp4"
    path.write_bytes(content)
    assert "cannot be read as a video" in refusal(path)


@pytest.mark.slow
@pytest.mark.parametrize("codec", ["png", "mjpeg"])
def test_a_picture_named_mp4(tmp_path, codec):
    path = tmp_path / "picture.mp4"
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream(codec)
        stream.width = stream.height = 96
        stream.pix_fmt = "rgb24" if codec == "png" else "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pattern(0), format="rgb24")))
        container.mux(stream.encode())
    assert path.stat().st_size > 0
    assert "no moving picture" in refusal(path)


def test_a_truncated_mp4_without_its_index(faceless, tmp_path):
    path = tmp_path / "half.mp4"
    path.write_bytes(faceless.read_bytes()[: faceless.stat().st_size // 2])
    problem = refusal(path)
    assert "cannot be read as a video" in problem
    assert "moov" in problem


def test_sound_alone(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
        frame.rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert "no picture stream" in refusal(path)


def test_no_face(faceless):
    assert "No face" in refusal(faceless)


def test_a_playlist_opens_nothing_else(faceless, tmp_path):
    path = tmp_path / "list.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    refusal(path)


def test_a_user_can_stop_it(faceless):
    def stop(_share, _what):
        raise CancelledError

    with pytest.raises(CancelledError):
        measure_face(faceless, progress=stop)


def test_a_picture_that_lies_on_its_side_is_put_upright(faceless, tmp_path):
    turned = tmp_path / "turned.mp4"
    shutil.copy(faceless, turned)
    data = bytearray(turned.read_bytes())
    upright = b"".join(
        number.to_bytes(4, "big") for number in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    )
    # the track header's matrix, the second in the file: a quarter turn clockwise, 96 to the right
    clockwise = (0, 0x10000, 0, 0xFFFF0000, 0, 0, 96 << 16, 0, 0x40000000)
    at = data.index(upright, data.index(b"tkhd"))
    data[at : at + 36] = b"".join(number.to_bytes(4, "big") for number in clockwise)
    turned.write_bytes(data)
    before, after = next(iter(Video(faceless))), next(iter(Video(turned)))
    np.testing.assert_array_equal(after.rgb, np.rot90(before.rgb, -1))
    assert after.rgb.flags.c_contiguous


@pytest.mark.slow
@pytest.mark.parametrize("broken_at", [0.5, 0.8])
def test_what_can_be_read_of_a_broken_file_is_read_and_told(tmp_path, broken_at):
    whole, broken = tmp_path / "whole.mkv", tmp_path / "broken.mkv"
    write_video(whole, [pattern(i) for i in range(100)], np.arange(100) / 25)
    broken.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * broken_at)])
    intact, cut = Video(whole), Video(broken)
    assert len(list(intact)) == 100
    assert not intact.cut_short
    assert 10 < len(list(cut)) < 100
    assert cut.cut_short


def test_squares_cover_the_picture_from_the_middle_on():
    assert _squares(480, 480) == []
    assert _squares(854, 480) == [(187, 0, 480), (0, 0, 480), (374, 0, 480)]
    tall = _squares(480, 854)
    assert tall == [(0, 187, 480), (0, 0, 480), (0, 374, 480)]
    for width, height in ((1000, 100), (641, 480)):
        lefts = sorted(left for left, _, _ in _squares(width, height))
        assert lefts[0] == 0
        assert lefts[-1] + min(width, height) == width
        assert np.diff(lefts).max() <= min(width, height) / 2


def test_a_title_that_is_no_unicode_stops_nobody(faceless, tmp_path):
    """PyAV 18 raised UnicodeDecodeError."""
    path = tmp_path / "named.mkv"
    with av.open(str(faceless)) as source, av.open(str(path), "w") as target:
        target.metadata["title"] = "TITLE0"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    data = path.read_bytes()
    assert data.count(b"TITLE0") == 1
    path.write_bytes(data.replace(b"TITLE0", "naïf é".encode("latin-1")))
    assert "No face" in refusal(path)
