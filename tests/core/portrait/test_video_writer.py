"""Video writer: audio sync at any rate, synthetic mark, colours, atomic writes."""

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from mannerism.core.errors import AudioError, OutputError
from mannerism.core.media.sound import read_sound
from mannerism.core.portrait.output.label import labelled
from mannerism.core.portrait.output.video_writer import SOUND_HZ, TAGS, write_video

SECONDS = 4
DARK, BRIGHT = 20, 240


def clap(fps, seconds=SECONDS, channels=2, size=(64, 48)):
    """Pictures that flash, and a sound that clicks at the very moments at which they are shown."""
    count = round(seconds * fps)
    moments = [int(fps * second) for second in range(1, seconds)]
    pictures = [np.full((*size, 3), BRIGHT if i in moments else DARK, np.uint8) for i in range(count)]
    sound = np.zeros((channels, round(seconds * SOUND_HZ)), np.float32)
    for moment in moments:
        first = round(moment / fps * SOUND_HZ)
        sound[:, first : first + 240] = 0.8 * np.sin(np.arange(1, 241) * 0.6)
    return pictures, sound


def seen_s(path):
    """When the film flashes, as PyAV's decoder tells it, and the time of its last picture."""
    with av.open(str(path)) as container:
        frames = [
            (float(frame.time), frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)
        ]
    return np.array([time for time, light in frames if light > 128]), frames[-1][0]


def heard_s(path):
    """When the film clicks, by the times of what a player would play."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    sound = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)[0]
    loud = np.flatnonzero(np.abs(sound) > 0.2)
    first = loud[np.concatenate([[True], np.diff(loud) > SOUND_HZ // 10])]
    return float(frames[0].time or 0) + first / SOUND_HZ


def length_s_of(stream):
    return float(stream.duration * stream.time_base)


@pytest.mark.slow
@pytest.mark.parametrize("fps", ["25", "30000/1001", "24000/1001", "23.976", "10", "60"])
@pytest.mark.parametrize("channels", [1, 2])
def test_sound_is_in_step(tmp_path, fps, channels):
    fps = Fraction(fps)
    path = tmp_path / "ü日本 film.mp4"
    pictures, sound = clap(fps, channels=channels)
    write_video(path, pictures, fps, sound)
    seen, last = seen_s(path)
    heard = heard_s(path)
    assert len(seen) == len(heard) == SECONDS - 1
    assert seen == pytest.approx([int(fps * second) / fps for second in range(1, SECONDS)], abs=1e-4)
    assert np.abs(heard - seen).max() < 0.002  # the demand is 20 ms
    assert last == pytest.approx((len(pictures) - 1) / fps, abs=1e-4)


def test_both_streams_start_at_zero_and_end_together(tmp_path):
    """What the encoder puts before the sound is written to players, so that nothing starts late."""
    path = tmp_path / "a.mp4"
    pictures, sound = clap(Fraction(30000, 1001))
    write_video(path, pictures, Fraction(30000, 1001), sound)
    with av.open(str(path)) as container:
        assert container.start_time == 0
        for stream in container.streams:
            assert stream.start_time == 0
            assert length_s_of(stream) == pytest.approx(len(pictures) * 1.001 / 30, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("length_s", [0.0, 1.5, 9.0])
def test_sound_is_cut_or_padded_to_the_picture(tmp_path, length_s):
    pictures, _ = clap(25)
    path = tmp_path / "a.mp4"
    tone = 0.5 * np.sin(np.arange(round(length_s * SOUND_HZ)) * 0.05)[None].astype(np.float32)
    write_video(path, pictures, Fraction(25), tone)
    with av.open(str(path)) as container:
        for stream in container.streams:
            assert length_s_of(stream) == pytest.approx(SECONDS, abs=1e-3)
    sound = read_sound(path)[0]
    audible = np.abs(sound[: SECONDS * SOUND_HZ]).reshape(-1, SOUND_HZ // 4).max(axis=1) > 0.1
    assert audible.tolist() == [quarter < length_s * 4 for quarter in range(SECONDS * 4)]


def test_another_reader_agrees(tmp_path):
    """OpenCV's own decoder: codec, size, rate, number of pictures, colours."""
    path = tmp_path / "a.mp4"
    colours = [(200, 40, 30), (30, 180, 60), (20, 50, 210), (230, 230, 230), (128, 128, 128)]
    pictures = [np.full((65, 67, 3), colour, np.uint8) for colour in colours for _ in range(5)]
    write_video(path, pictures, Fraction(24000, 1001), None)
    film = cv2.VideoCapture(str(path))
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(24 / 1.001)
    read = [picture for there, picture in iter(film.read, (False, None)) if there]
    assert len(read) == len(pictures)
    assert {picture.shape for picture in read} == {(64, 66, 3)}
    for shown, colour in zip(read[2::5], colours, strict=True):
        assert np.abs(shown[..., ::-1].reshape(-1, 3).mean(axis=0) - colour).max() < 6


def test_codecs_are_what_any_player_knows(tmp_path):
    pictures, sound = clap(25)
    write_video(tmp_path / "a.mp4", pictures, Fraction(25), sound)
    with av.open(str(tmp_path / "a.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (audio.codec_context.name, audio.codec_context.sample_rate) == ("aac", SOUND_HZ)
    whole = (tmp_path / "a.mp4").read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat"), "it can be shown before all of it has come"


def test_it_says_that_it_is_synthetic_and_names_nobody(tmp_path):
    pictures, sound = clap(25)
    write_video(tmp_path / "Ada Lovelace.mp4", pictures, Fraction(25), sound)
    with av.open(str(tmp_path / "Ada Lovelace.mp4")) as container:
        written = dict(container.metadata)
        streams = [dict(stream.metadata) for stream in container.streams]
    assert written.items() >= TAGS.items()
    assert written["synthetic"] == "yes"
    assert written["comment"].startswith("synthetic")
    assert "title" not in written
    assert "Ada" not in repr((written, streams))


def test_nothing_half_written(tmp_path):
    def breaks_off():
        yield from clap(25)[0][:10]
        raise RuntimeError("the renderer broke")

    there = tmp_path / "a.mp4"
    there.write_text("what was there before")
    with pytest.raises(RuntimeError):
        write_video(there, breaks_off(), Fraction(25), None)
    with pytest.raises(ValueError, match="picture"):
        write_video(there, [], Fraction(25), None)
    with pytest.raises(OutputError):
        write_video(tmp_path / "nowhere" / "a.mp4", clap(25)[0], Fraction(25), None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert there.read_text() == "what was there before"


@pytest.mark.slow
def test_a_full_disk(small_disk):
    rng = np.random.default_rng(0)
    noise = (rng.integers(0, 256, (256, 256, 3), np.uint8) for _ in range(100))
    with pytest.raises(OutputError, match="No space left on device") as caught:
        write_video(small_disk / "a.mp4", noise, Fraction(25), None)
    assert "Free some space" in caught.value.remedy
    assert list(small_disk.iterdir()) == []


@pytest.mark.slow
def test_sound_of_a_part_is_that_part(tmp_path, write_wav):
    rate_hz = 44_100
    ramp = np.linspace(-0.9, 0.9, 3 * rate_hz)
    path = write_wav(tmp_path / "ü.wav", np.stack([ramp, -ramp], axis=1), rate_hz)
    whole = read_sound(path)
    assert whole.shape == (2, 3 * SOUND_HZ)
    part = read_sound(path, 1.0, 0.5)
    assert part.shape == (2, SOUND_HZ // 2)
    assert part == pytest.approx(whole[:, SOUND_HZ : SOUND_HZ * 3 // 2], abs=1e-6)
    assert read_sound(path, 2.5).shape == (2, SOUND_HZ // 2)
    assert read_sound(path, 5.0, 1.0).shape[1] == 0


def test_a_sound_that_is_none(tmp_path):
    write_video(tmp_path / "mute.mp4", clap(25)[0], Fraction(25), None)
    (tmp_path / "a.txt").write_text("not a sound")
    for name in ("mute.mp4", "a.txt", "absent.wav"):
        with pytest.raises(AudioError, match=name):
            read_sound(tmp_path / name)


GROUNDS = {
    "black": np.zeros((256, 256, 3), np.uint8),
    "white": np.full((256, 256, 3), 255, np.uint8),
    "grey": np.full((256, 256, 3), 128, np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8),
}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("size", [128, 256, 512])
def test_the_label_shows_on_any_ground(ground, size):
    picture = np.asarray(cv2.resize(GROUNDS[ground], (size, size), interpolation=cv2.INTER_NEAREST), np.uint8)
    before = picture.copy()
    stamped = labelled(picture)
    assert (picture == before).all(), "it is a copy"
    rows, columns = np.nonzero((stamped != picture).any(axis=2))
    assert rows.min() > size * 0.85, "at the bottom"
    assert columns.min() > size * 0.3, "at the right"
    assert columns.max() < size, "whole"
    corner = stamped[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    letters, ring = (corner > 200).all(axis=2), (corner < 60).all(axis=2)
    if ground in {"black", "grey"}:
        assert 0.03 < letters.mean() < 0.5
    if ground in {"white", "grey"}:
        assert 0.03 < ring.mean() < 0.7
    # Letters have dark about them, drawn or already there.
    near = cv2.dilate(letters.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    assert (corner.max(axis=2) < 60)[near].any()
    assert letters.any()


def test_the_label_survives_the_film(tmp_path):
    ground = GROUNDS["grey"]
    write_video(tmp_path / "a.mp4", [labelled(ground)] * 10, Fraction(25), None)
    there, shown = cv2.VideoCapture(str(tmp_path / "a.mp4")).read()
    assert there
    difference = np.abs(shown.astype(float) - labelled(ground)[..., ::-1])
    assert difference.mean() < 2
    assert shown.min() < 60
    assert shown.max() > 200
