"""The shipped example: readable, small, found by the tracker, and true to its own tables."""

import csv
import wave
from fractions import Fraction

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.core.motion_csv import read_track
from mannerism.tests.support.paths import ROOT

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "examples"
VIDEO = EXAMPLES / "reference.mp4"
LINES = sorted(EXAMPLES.glob("line_*.wav"))
SIZE_LIMIT = 3_000_000
FRAMES = 364


def _column(name, column):
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def _numbers(name, column):
    return np.array(_column(name, column), float)


@pytest.fixture(scope="module")
def truth():
    return read_track(EXAMPLES / "reference.truth.csv")


@pytest.fixture(scope="module")
def measured():
    """What the tracker measures in the video."""
    from mannerism.core.errors import MissingPartError
    from mannerism.core.track.measure import measure_face

    try:
        return measure_face(VIDEO)
    except MissingPartError as error:
        pytest.skip(str(error))


def test_example_is_small():
    assert sum(file.stat().st_size for file in EXAMPLES.iterdir()) < SIZE_LIMIT


def test_video_plays():
    import av

    with av.open(str(VIDEO)) as film:
        (video,), (audio,) = film.streams.video, film.streams.audio
        assert video.codec_context.name == "h264"
        assert video.average_rate == Fraction(GRID_HZ)
        assert audio.codec_context.name == "aac"
        assert film.duration
        assert 10 <= film.duration / av.time_base <= 15
        assert sum(1 for _ in film.decode(video=0)) == FRAMES


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_lines_are_short_mono_speech(path):
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32768
    assert 3 <= len(samples) / 16000 <= 8
    assert 0.3 < np.abs(samples).max() < 1


def test_three_lines():
    assert len(LINES) == 3


def test_tables_tell_of_the_same_frames(truth):
    times = np.arange(FRAMES) / GRID_HZ
    np.testing.assert_allclose(truth.time_s, times, atol=1e-6)
    np.testing.assert_allclose(_numbers("reference.face.csv", "time_s"), times, atol=1e-6)
    assert truth.valid.all()
    assert _numbers("reference.phonemes.csv", "end_s").max() < times[-1]


def test_truth_is_relative_to_its_own_neutral(truth):
    assert np.degrees(rot.angle_between(rot.geodesic_median(truth.rotation), rot.IDENTITY)) < 0.01
    np.testing.assert_allclose(np.median(truth.translation_m, axis=0), 0, atol=1e-6)


def test_head_moves_as_speakers_do(truth):
    angles = np.degrees(rot.to_euler(truth.rotation))
    assert np.all((angles.std(0) > 2) & (angles.std(0) < 5))
    assert np.abs(angles).max() < 15
    power = np.abs(np.fft.rfft(angles - angles.mean(0), axis=0)) ** 2
    slow = np.fft.rfftfreq(len(angles), 1 / GRID_HZ) < 3
    assert np.all(power[slow].sum(0) > 0.95 * power.sum(0))


def test_lips_close_in_every_closure():
    opening_m, time_s = (_numbers("reference.face.csv", name) for name in ("mouth_opening_m", "time_s"))
    start_s, end_s, closure = (
        _numbers("reference.phonemes.csv", name) for name in ("start_s", "end_s", "closure")
    )
    assert np.count_nonzero(closure) > 20
    for start, end in zip(start_s[closure == 1], end_s[closure == 1], strict=True):
        inside = np.abs(time_s - (start + end) / 2) <= max(end - start, 1 / GRID_HZ) / 2
        assert opening_m[inside].min() < 1e-4
    assert opening_m.max() > 0.01


def test_closures_are_labelled():
    labels, closure = (_column("reference.phonemes.csv", name) for name in ("phoneme", "closure"))
    assert [label[0] in "pbm" for label in labels] == [mark == "1" for mark in closure]


def test_tracker_finds_her(measured):
    assert len(measured.found) == FRAMES
    assert measured.found.mean() >= 0.98
    assert measured.rival < 0.1


def test_tracker_sees_the_truth(measured, truth):
    """Signs and sizes: each axis of the tracked head goes with the same axis of the truth."""
    from mannerism.core.track.tracker import head_track

    track = head_track(measured)
    tracked, expected = (rot.to_euler(one.rotation) for one in (track, truth))
    for axis in range(3):
        assert np.corrcoef(tracked[:, axis], expected[:, axis])[0, 1] > 0.9


def test_tracker_sees_the_mouth(measured):
    opening_m = _numbers("reference.face.csv", "mouth_opening_m")
    found = measured.found
    assert np.corrcoef(measured.mouth_m[found], opening_m[found])[0, 1] > 0.8
    shut, wide = found & (opening_m < 1e-4), found & (opening_m > 0.008)
    assert np.median(measured.mouth_m[shut]) < 0.5 * np.median(measured.mouth_m[wide])
