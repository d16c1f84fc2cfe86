"""Damage, holes and wrong clocks among pictures, and the choice of the stream with the film."""

import re
from types import SimpleNamespace

import av
import cv2
import numpy as np
import pytest

from mannerism.core.media.picture_clock import PictureClock
from mannerism.core.media.picture_damage import PictureDamage
from mannerism.core.media.spans import spans_text
from mannerism.core.media.stillness import Stillness
from mannerism.core.media.video import Video
from mannerism.tests.support.media_files import (
    add_pictures,
    add_sound,
    damage_packets,
    flip_bits,
    write_pictures,
)

COUNT = 100


def scene(index, size=96):
    """A bright disc that goes round on a textured ground."""
    rows, columns = np.indices((size, size))
    picture = np.repeat(((rows * 3 + columns * 5) % 64 + 60).astype(np.uint8)[..., None], 3, axis=2)
    angle = 2 * np.pi * index / 40
    middle = (round(size / 2 + size / 4 * np.cos(angle)), round(size / 2 + size / 4 * np.sin(angle)))
    return cv2.circle(picture, middle, size // 8, (230, 200, 180), -1)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.avi", "mpeg4"), ("a.mp4", "libx265")])
@pytest.mark.parametrize("share", [0.3, 0.5])
def test_damaged_pictures_are_passed_over_and_said(tmp_path, name, codec, share):
    path = write_pictures(
        tmp_path / name,
        [scene(i) for i in range(COUNT)],
        codec,
        options={"x265-params": "log-level=none"} if codec == "libx265" else None,
    )
    begin_s = next(iter(Video(path))).time_s
    video = Video(damage_packets(path, share, 4))
    frames = list(video)
    assert COUNT - 8 <= len(frames) < COUNT or video.damage
    assert frames[-1].time_s - begin_s == pytest.approx((COUNT - 1) / 25, abs=0.05)
    assert video.cut_short
    assert "damaged pictures from" in video.damage
    for lost_s in video.lost_s:
        assert lost_s - begin_s == pytest.approx(share * COUNT / 25, abs=0.3)


def test_nothing_is_said_of_a_healthy_file(tmp_path):
    video = Video(write_pictures(tmp_path / "a.mp4", [scene(i) for i in range(COUNT)]))
    assert len(list(video)) == COUNT
    assert video.notes == ()
    assert not video.cut_short


def noisy_scene(index, size=240):
    """The scene with detail that has to be stored anew in each picture.

    Of 96 x 96 pixels a quarter of the pictures with wrong bits would end where they should by chance.
    """
    noise = np.random.default_rng(index).normal(0.0, 8.0, (size, size, 1))
    return np.clip(scene(index, size) + noise, 0, 255).astype(np.uint8)


FLIPPED = (55, 56, 57)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"g": "20"}),
        ("a.mp4", "libx264", {"g": "20", "x264-params": "slices=4"}),
        ("a.ts", "libx264", {"g": "20"}),
        ("a.avi", "mpeg4", {"g": "20", "qscale": "3"}),
    ],
)
def test_what_a_decoder_makes_up_is_said(tmp_path, name, codec, options):
    """Wrong bits within packets: decoders fill in what they lack, and need not say so."""
    path = write_pictures(tmp_path / name, [noisy_scene(i) for i in range(COUNT)], codec, options=options)
    clean = list(Video(path))
    video = Video(flip_bits(path, FLIPPED, 12))
    frames = list(video)
    begin_s = clean[0].time_s
    numbers = [round((frame.time_s - begin_s) * 25) for frame in frames]
    marred = [number for number, frame in zip(numbers, frames, strict=True) if frame.is_marred]
    lost = [round((lost_s - begin_s) * 25) for lost_s in video.lost_s]
    assert sorted(marred + lost) == list(FLIPPED)
    assert sorted(numbers + lost) == list(range(COUNT))
    for number, frame in zip(numbers, frames, strict=True):
        difference = np.abs(frame.rgb.astype(int) - clean[number].rgb).mean()
        assert difference == 0 if number < FLIPPED[0] or number >= 60 else difference < 40
    said = " ".join(video.notes)
    assert "decoded in part and not measured" in said
    assert "follow from damaged ones" in said
    span = [round(float(number), 1) for number in re.findall(r"from (\d\.\d) to (\d\.\d) s follow", said)[0]]
    assert span[1] - round(begin_s, 1) == pytest.approx(60 / 25, abs=0.11)


VP9 = {"g": "20", "deadline": "realtime", "cpu-used": "8"}


def vp9(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libvpx-vp9", rate=25, options=VP9)
        stream.width = stream.height = 96
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = 20
        add_pictures(container, stream, [noisy_scene(i) for i in range(COUNT)])
    return path


def test_wrong_bits_of_vp9_are_never_measured_without_a_word(tmp_path):
    path = vp9(tmp_path / "whole.webm")
    clean = list(Video(path))
    whole = path.read_bytes()
    for number in range(25, 45, 2):
        other = tmp_path / "a.webm"
        other.write_bytes(whole)
        video = Video(flip_bits(other, [number], 1))
        frames = {round((frame.time_s - clean[0].time_s) * 25): frame for frame in video}
        assert number not in frames or frames[number].is_marred
        assert "1 damaged picture" in video.damage
        assert not any(frame.is_marred for at, frame in frames.items() if at != number)


def test_healthy_vp9_is_not_taken_for_damaged(tmp_path):
    video = Video(vp9(tmp_path / "a.webm"))
    assert len([frame for frame in video if not frame.is_marred]) == COUNT
    assert video.notes == ()


@pytest.mark.parametrize("name", ["a.avi", "a.mov"])
def test_most_wrong_bits_in_pictures_of_their_own_are_noticed(tmp_path, name):
    path = tmp_path / name
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width = stream.height = 96
        stream.pix_fmt = "yuvj420p"
        add_pictures(container, stream, [noisy_scene(i) for i in range(COUNT)])
    assert len(list(Video(path))) == COUNT
    damaged = range(20, 60, 2)
    video = Video(flip_bits(path, damaged, 12))
    frames = list(video)
    assert len(video.lost_s) + len(frames) == COUNT
    assert len(video.lost_s) >= 0.7 * len(damaged)
    assert "passed over" in " ".join(video.notes)


@pytest.mark.parametrize(
    "parameters",
    ["intra-refresh=1:keyint=25", "open-gop=1:bframes=3:keyint=25", "bframes=2:b-pyramid=2", "tff=1"],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.ts", "a.mkv"])
def test_healthy_pictures_are_not_taken_for_damaged(tmp_path, parameters, name):
    path = tmp_path / name
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"x264-params": parameters})
        stream.width = stream.height = 96
        stream.pix_fmt = "yuv420p"
        add_pictures(container, stream, [scene(i) for i in range(COUNT)])
    video = Video(path)
    frames = list(video)
    assert len(frames) == COUNT
    assert not any(frame.is_marred for frame in frames)
    assert video.notes == ()


def pictures_at(*times_s):
    return [SimpleNamespace(time=time_s) for time_s in times_s]


def times_of(clock, *times_s):
    return [round(time_s, 3) for time_s, _ in clock.placed(pictures_at(*times_s))]


STEADY = [round(0.04 * i, 3) for i in range(30)]


def test_steady_times_are_left_alone():
    clock = PictureClock(0.04)
    assert times_of(clock, *STEADY) == STEADY
    assert times_of(PictureClock(0.04), 0.0, 0.04, 3.0, 3.04) == [0.0, 0.04, 3.0, 3.04]
    assert clock.breaks_s == []


def test_a_clock_that_starts_anew():
    clock = PictureClock(0.04)
    assert times_of(clock, *STEADY, *STEADY) == [round(0.04 * i, 3) for i in range(60)]
    assert clock.breaks_s == [STEADY[-1]]


@pytest.mark.parametrize("stray_s", [-5.0, 30.0, 1e6])
def test_a_stray_time_costs_one_picture(stray_s):
    stamps = [*STEADY[:15], stray_s, *STEADY[16:]]
    assert times_of(PictureClock(0.04), *stamps) == [*STEADY[:15], *STEADY[16:]]


def test_times_in_the_order_of_storage():
    stamps = STEADY.copy()
    for place in range(2, 28, 3):
        stamps[place], stamps[place + 1] = stamps[place + 1], stamps[place]
    assert times_of(PictureClock(0.04), *stamps) == STEADY


def test_a_hole_in_the_clock_is_said(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 96
        stream.pix_fmt = "yuv420p"
        for index in range(50):
            frame = av.VideoFrame.from_ndarray(scene(index), "rgb24")
            frame.pts = index + (50 if index >= 25 else 0)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    video = Video(path)
    assert len(list(video)) == 50
    assert "no pictures from 1.0 to 3.0 s" in " ".join(video.notes)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.mov"])
def test_pictures_that_begin_late_do_not_end_early(tmp_path, name):
    path = tmp_path / name
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 96
        stream.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        noise = np.random.default_rng(0).normal(0.0, 0.1, (1, 60_000)).astype(np.float32)
        whole = av.AudioFrame.from_ndarray(noise, "fltp", "mono")
        whole.sample_rate = 16_000
        add_sound(container, sound, whole)
        for index in range(75):
            frame = av.VideoFrame.from_ndarray(scene(index), "rgb24")
            frame.pts = index + 18  # 0.72 s
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    video = Video(path)
    times_s = [frame.time_s for frame in video]
    assert times_s[0] == pytest.approx(0.72, abs=0.07)
    assert len(times_s) == 75
    assert video.notes == ()


def test_a_second_film_behind_the_first_and_one_that_breaks_off_are_said(tmp_path):
    path = write_pictures(tmp_path / "a.mp4", [scene(i) for i in range(30)])
    path.write_bytes(2 * path.read_bytes())
    assert "Another file is joined" in " ".join(Video(path).notes)
    path = write_pictures(tmp_path / "a.avi", [scene(i) for i in range(30)], "mpeg4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "The file breaks off" in " ".join(Video(path).notes)


@pytest.mark.parametrize("first", ["single", "repeated"])
def test_a_cover_before_the_film(tmp_path, first):
    path = tmp_path / "a.mkv"
    cover = [scene(3, 64)] * (1 if first == "single" else 50)
    with av.open(str(path), "w") as container:
        streams = [container.add_stream(codec, rate=25) for codec in ("mjpeg", "libx264")]
        for stream, size, pixels in zip(streams, (64, 96), ("yuvj420p", "yuv420p"), strict=True):
            stream.width = stream.height = size
            stream.pix_fmt = pixels
        add_pictures(container, streams[0], cover)
        add_pictures(container, streams[1], [scene(i) for i in range(50)])
    video = Video(path)
    assert {frame.rgb.shape for frame in video} == {(96, 96, 3)}
    assert "number 2 is used, as what comes before it does not move" in " ".join(video.notes)


def is_still(pictures, fps=25):
    still = Stillness()
    for index, picture in enumerate(pictures):
        still.add(index / fps, picture)
    return still.is_still


def test_what_moves_and_what_does_not():
    photo = scene(5, 224)
    noise = np.random.default_rng(0).normal(0.0, 6.0, (50, *photo.shape))
    assert is_still([photo] * 50)
    assert is_still(np.clip(photo + noise, 0, 255).astype(np.uint8))
    assert not is_still([scene(i, 224) for i in range(50)])
    assert not is_still([photo] * 20)  # too short to say
    assert not is_still([np.zeros((16, 16, 3), np.uint8)] * 50)  # too small to say


@pytest.mark.parametrize("crf", ["20", "35"])
def test_a_photo_as_a_compressed_film(tmp_path, crf):
    video = Video(write_pictures(tmp_path / "a.mp4", [scene(5, 224)] * 60, options={"crf": crf}))
    assert is_still([frame.rgb for frame in video])


def test_spans_in_words():
    assert spans_text([(1.0, 1.2)]) == "from 1.0 to 1.2 s"
    assert spans_text([(1.0, 1.01)]) == "near 1.0 s"
    assert spans_text([(5.0, 5.2), (1.0, 1.2), (1.3, 1.4)]) == "from 1.0 to 1.4 s and from 5.0 to 5.2 s"
    many = spans_text([(float(place), place + 0.2) for place in range(0, 10, 2)])
    assert many.endswith("and in 2 more places")


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mkv", "libx264"), ("a.mkv", "ffv1"), ("a.webm", "libvpx-vp9")]
)
def test_pictures_that_the_container_lost_are_said(tmp_path, name, codec):
    """Damage in the frame around packets: the reader goes on behind it, and nothing that is damaged arrives."""
    path = write_pictures(
        tmp_path / name,
        [scene(i) for i in range(COUNT)],
        codec,
        options={"g": "12"} if codec != "ffv1" else None,
    )
    video = Video(damage_packets(path, 0.5, 3))
    frames = list(video)
    steps = np.diff([frame.time_s for frame in frames])
    assert len(frames) < COUNT
    assert steps.max() > 0.1
    assert re.search(r"There are no pictures from \d|damaged picture", " ".join(video.notes))


def steps_noted(steps):
    damage, time_s = PictureDamage(0.04), 0.0
    damage.begun_s = 0.0
    for step in steps:
        damage.note_step(time_s, time_s + 0.04 * step)
        time_s += 0.04 * step
    return " ".join(damage.sentences)


def test_small_holes_are_said_where_the_clock_is_steady():
    assert "no pictures from 1.2 to 1.4 s" in steps_noted([1] * 30 + [4] + [1] * 60)
    assert not steps_noted([1] * 30 + [2] + [1] * 60)  # a camera that drops a picture
    assert not steps_noted([1, 4] * 50)  # a call
    assert not steps_noted(([1] * 20 + [4]) * 5)
