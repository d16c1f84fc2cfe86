"""A face from the example's voice: lips that close for p, b and m, and open as hers do."""

import csv
import shutil
import sys

import numpy as np
import pytest

from mannerism.core.errors import AudioError, MissingPartError
from mannerism.core.face.face_from_speech import face_from_speech
from mannerism.core.face.log_mel import BANDS, LOG_MEL_HZ, about_own_mean, log_mel_features, mel_db
from mannerism.core.face.manner import FaceManner, face_manner
from mannerism.core.face.mouth import MOUTH_POINTS, basis, mouth_points, opening_m
from mannerism.core.face.mouth_input import mouth_input
from mannerism.core.face.network import STEP_HZ, mouth_network
from mannerism.core.face.whisper_front import WIDTH
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.motion import no_progress
from mannerism.core.network.weights import write_weights
from mannerism.core.track.head_pose import canonical_face
from mannerism.tests.support.paths import EXAMPLES

VIDEO = EXAMPLES / "reference.mp4"
AVERAGE = FaceManner.average()
TOUCHING_M = 0.5e-3
LABEL_S = 0.02


def rows(name):
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opening_at(time_s):
    return opening_m(face_from_speech(VIDEO, AVERAGE, 0, time_s).mouth)


@pytest.fixture(scope="module", autouse=True)
def video_is_analysed_once():
    """The example's features, which most tests need, take a second or so."""
    module = sys.modules["mannerism.core.face.face_from_speech"]
    of_video = mouth_input(VIDEO)

    def kept(speech, progress=no_progress):
        return of_video if speech is VIDEO else mouth_input(speech, progress)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "mouth_input", kept)
        yield


@pytest.fixture(scope="module")
def closures():
    """Start and end of each p, b and m of the example."""
    return [
        (float(r["start_s"]), float(r["end_s"]))
        for r in rows("reference.phonemes.csv")
        if r["closure"] == "1"
    ]


@pytest.fixture(scope="module")
def truth():
    """Times, and the gap between the lips."""
    found = rows("reference.face.csv")
    return tuple(np.array([float(row[name]) for row in found]) for name in ("time_s", "mouth_opening_m"))


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_lips_close_for_p_b_and_m(closures, fps):
    time_s = np.arange(0.0, 14.6, 1.0 / fps)
    touching = opening_at(time_s) < TOUCHING_M
    half = max(LABEL_S, 0.5 / fps)
    met = [touching[(time_s >= start - half) & (time_s <= end + half)].any() for start, end in closures]
    assert len(met) == 27
    assert sum(met) >= 26


@pytest.mark.slow
def test_a_manner_from_the_example_is_hers(truth):
    """With her own sound: as far as her mouth goes, and with her habits better than without."""
    time_s, gap_m = truth
    points = np.tile(canonical_face(), (len(time_s), 1, 1))
    shape = np.zeros((len(time_s), len(basis())))
    shape[:, 0] = gap_m
    points[:, MOUTH_POINTS] += mouth_points(shape)
    known = time_s < 10.0
    manner = face_manner(points[known], time_s[known], speech=VIDEO)
    predicted = opening_m(face_from_speech(VIDEO, manner, 0, time_s).mouth)
    assert 0.8 < predicted[~known].std() / gap_m[~known].std() < 1.25
    assert np.corrcoef(predicted[~known], gap_m[~known])[0, 1] > 0.6


def test_lips_are_not_just_closed(truth):
    time_s, gap_m = truth
    wide = gap_m > np.quantile(gap_m, 0.75)
    assert (opening_at(time_s)[wide] < TOUCHING_M).mean() < 0.1


def test_opening_goes_with_hers_and_not_with_a_shifted_one(truth):
    time_s, gap_m = truth
    assert np.corrcoef(opening_at(time_s), gap_m)[0, 1] > 0.55
    assert abs(np.corrcoef(opening_at(time_s), np.roll(gap_m, 60))[0, 1]) < 0.3


def test_mouth_is_the_same_at_any_rate():
    sparse, dense = np.arange(0.0, 14.0, 1.0 / 25), np.arange(0.0, 14.0, 1.0 / 50)
    np.testing.assert_allclose(opening_at(dense)[::2], opening_at(sparse), atol=1e-12)


@pytest.mark.slow
def test_same_seed_same_face_and_another_one_blinks_otherwise():
    time_s = np.arange(0.0, 14.0, 0.02)
    first, again, other = (face_from_speech(VIDEO, AVERAGE, seed, time_s) for seed in (1, 1, 2))
    for name in ("mouth", "blink", "expression"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    np.testing.assert_array_equal(first.mouth, other.mouth)
    assert not np.array_equal(first.blink, other.blink)


def test_silence_rests():
    quiet = 1e-5 * np.random.default_rng(0).normal(size=4 * RATE_HZ).astype(np.float32)
    face = face_from_speech(quiet, AVERAGE, 0, np.arange(0.0, 4.0, 0.04))
    np.testing.assert_allclose(face.mouth, 0.0, atol=1e-9)


def test_before_and_after_the_sound_is_rest():
    face = face_from_speech(VIDEO, AVERAGE, 0, np.array([-3.0, -0.1, 30.0]))
    np.testing.assert_array_equal(face.mouth, 0.0)
    np.testing.assert_array_equal(face.expression, 0.0)


def test_a_sound_without_samples_is_a_face_at_rest():
    face = face_from_speech(np.zeros(0, np.float32), AVERAGE, 0, np.arange(5) / 25)
    np.testing.assert_array_equal(face.mouth, 0.0)


def test_loudness_of_the_recording_does_not_matter():
    samples = np.concatenate(list(Sound(VIDEO).pieces()))
    time_s = np.arange(0.0, 14.0, 0.04)
    loud, faint = (
        face_from_speech(np.float32(gain) * samples, AVERAGE, 0, time_s).mouth for gain in (1.0, 0.05)
    )
    np.testing.assert_allclose(loud, faint, atol=2e-4)


def test_pieces_do_not_matter():
    samples = np.concatenate(list(Sound(VIDEO).pieces()))[: 3 * RATE_HZ]
    cut = np.split(samples, [7, 1000, 1001, 20000])
    np.testing.assert_allclose(mel_db(cut), mel_db([samples]), atol=1e-9)


def test_what_is_heard_lies_on_its_clock():
    """A click at one second is in the features at one second."""
    samples = np.zeros(2 * RATE_HZ, np.float32)
    samples[RATE_HZ] = 1.0
    log_mel = mel_db([samples])
    assert log_mel.shape == (2 * LOG_MEL_HZ, BANDS) or log_mel.shape == (2 * LOG_MEL_HZ + 1, BANDS)
    assert log_mel.sum(axis=1).argmax() == LOG_MEL_HZ


def test_speech_that_is_added_changes_nothing_long_before():
    samples = np.concatenate(list(Sound(VIDEO).pieces()))
    once, twice = (log_mel_features([np.tile(samples, times)]) for times in (2, 3))
    early = slice(0, len(once) - 12 * LOG_MEL_HZ)
    np.testing.assert_allclose(once[early], twice[early], atol=1e-9)


def test_an_hour_is_told_in_parts_that_join():
    rng, network = np.random.default_rng(0), mouth_network()
    log_mel = rng.normal(size=(8_000, BANDS))
    phonetic = network.project(rng.normal(size=(4_000, WIDTH)).astype(np.float32))
    whole, _ = network.predict(log_mel, phonetic)
    part, _ = network.predict(log_mel[5_000:7_000], phonetic[2_500:3_500])
    middle = slice(100, 900)
    np.testing.assert_allclose(part[middle], whole[2_500:3_500][middle], atol=1e-9)
    assert len(whole) == 8_000 * STEP_HZ // LOG_MEL_HZ


def test_paths_beyond_ascii(tmp_path):
    copy = tmp_path / "Größe – 声.wav"
    shutil.copy(EXAMPLES / "line_1.wav", copy)
    time_s = np.arange(0.0, 4.0, 0.04)
    same = face_from_speech(EXAMPLES / "line_1.wav", AVERAGE, 0, time_s)
    np.testing.assert_array_equal(face_from_speech(copy, AVERAGE, 0, time_s).mouth, same.mouth)


def test_what_is_no_sound_is_refused(tmp_path):
    file = tmp_path / "no sound.wav"
    file.write_text("nothing")
    with pytest.raises(AudioError):
        face_from_speech(file, AVERAGE, 0, np.arange(5) / 25)


def test_other_weights_are_refused(tmp_path):
    write_weights(tmp_path / "other.safetensors", {"first.bias": np.zeros(3)}, {})
    with pytest.raises(MissingPartError, match="not of this version"):
        mouth_network(tmp_path / "other.safetensors")
    with pytest.raises(MissingPartError):
        mouth_network(tmp_path / "none.safetensors")


def test_bands_are_told_about_the_own_mean():
    bands = np.random.default_rng(0).normal(-40.0, 3.0, (1000, BANDS))
    np.testing.assert_allclose(
        about_own_mean(bands + np.linspace(0, 20, BANDS)), about_own_mean(bands), atol=0.3
    )
