"""The one reader of media: facts, square pixels, upright pictures, and nobody else who decodes."""

import re
from fractions import Fraction

import av
import numpy as np
import pytest

from mannerism.core.errors import AudioError
from mannerism.core.media.sound import FILM_RATE_HZ, Sound, read_sound
from mannerism.core.media.video import Video
from mannerism.tests.support.paths import REFERENCE, ROOT
from mannerism.tests.support.synthetic_reference import lay_on_its_side, write_reference

CORE = ROOT / "core"
DECODES = re.compile(
    r"\bav\.open\b|\bopen_media\b|\bAudioResampler\b|\b(container|packet)\.decode\b|\bdemux\b"
)
ENCODER = CORE / "portrait" / "output" / "video_writer.py"


def write_anamorphic(path, aspect, size=(96, 64)):
    """Ten pictures with a bright left half, whose pixels are `aspect` times as wide as high."""
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2] = 220
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


def test_only_the_reader_decodes():
    found = {
        f"{path.relative_to(CORE)}: {line.strip()}"
        for path in CORE.rglob("*.py")
        if path.parent != CORE / "media"
        for line in path.read_text(encoding="utf-8").splitlines()
        if DECODES.search(line) and not (path == ENCODER and '"w"' in line)
    }
    assert found == set()


def test_facts_of_the_example():
    facts = Video(REFERENCE).facts
    assert (facts.width, facts.height, facts.pixel_aspect, facts.rotation_deg) == (384, 384, 1.0, 0)
    assert facts.frame_rate == pytest.approx(25)
    assert facts.duration_s == pytest.approx(14.6, abs=0.1)
    assert facts.has_sound
    assert facts.first_sample_s == pytest.approx(0.0, abs=0.1)


def test_a_video_without_sound(tmp_path):
    facts = Video(
        write_reference(tmp_path / "mute.mp4", [np.zeros((64, 64, 3), np.uint8)] * 3, sound=None)
    ).facts
    assert not facts.has_sound
    assert facts.first_sample_s is None


@pytest.mark.parametrize(
    ("aspect", "width", "height"),
    [(Fraction(4, 3), 128, 64), (Fraction(2, 3), 96, 96), (Fraction(1), 96, 64)],
)
def test_pixels_that_are_not_square_become_so(tmp_path, aspect, width, height):
    video = Video(write_anamorphic(tmp_path / "dv.mp4", aspect))
    assert (video.facts.width, video.facts.height) == (width, height)
    for frame in video:
        assert frame.rgb.shape == (height, width, 3)
        assert frame.rgb.flags.c_contiguous
        assert frame.rgb[:, : width // 2 - 4].mean() > 200
        assert frame.rgb[:, width // 2 + 4 :].mean() < 20


def test_square_pixels_of_a_picture_that_lies_on_its_side(tmp_path):
    lying = lay_on_its_side(write_anamorphic(tmp_path / "phone.mp4", Fraction(2), size=(64, 64)))
    video = Video(lying)
    assert video.facts.is_stored_lying
    assert (video.facts.width, video.facts.height) == (64, 128)
    assert {frame.rgb.shape for frame in video} == {(128, 64, 3)}


def test_both_rates_are_of_one_sound(tmp_path, write_wav):
    wave = np.sin(np.arange(44_100) * 2 * np.pi * 220 / 44_100)
    path = write_wav(tmp_path / "a.wav", np.stack([wave, 0.5 * wave], axis=1), 44_100)
    mono = np.concatenate(list(Sound(path).pieces()))
    film = read_sound(path)
    assert film.shape == (2, FILM_RATE_HZ)
    assert np.corrcoef(mono[100:-100], film.mean(axis=0)[::3][100:-100])[0, 1] > 0.999


def test_a_sample_that_is_no_number_is_refused_at_either_rate(tmp_path):
    path = tmp_path / "nan.wav"
    samples = np.zeros((1, 16_000), np.float32)
    samples[0, 8_000] = np.nan
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    for read in (read_sound, lambda path: list(Sound(path).pieces())):
        with pytest.raises(AudioError, match="not numbers"):
            read(path)
