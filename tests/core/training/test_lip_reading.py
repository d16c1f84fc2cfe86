"""The judge of lips, with readers whose answers are known in place of a network."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is there for training alone")

from mannerism.training.portrait import lip_reading
from mannerism.training.portrait.lip_reading import READER_HZ, STEP, WINDOW, agreement, mouths, readings

SECONDS, SIZE, WORDS = 12, 200, 40


def mean_face():
    """68 points of a face in a square of 256: eyes, nose and mouth where they count."""
    points = np.full((68, 2), 128.0)
    points[[36, 39, 42, 45]] = [[70, 100], [105, 100], [151, 100], [186, 100]]
    points[33] = [128, 150]
    points[48:68] = [128, 185]
    return points


def landmarks_of(scale, shift):
    """Tracker's landmarks of a face that is the mean face, scaled and shifted."""
    points = np.zeros((478, 2))
    points[[33, 133, 362, 263]] = mean_face()[[36, 39, 42, 45]]
    points[2] = mean_face()[33]
    return points * scale + shift


def test_the_mouth_is_cut_where_the_face_is():
    """A square that is painted on the mouth of faces of any size and place lies in the middle of every cut."""
    time_s = np.arange(0, 1, 1 / 30)
    pictures = np.full((len(time_s), SIZE, SIZE, 3), 90, np.uint8)
    landmarks = []
    for number in range(len(time_s)):
        scale, shift = 0.5 + 0.004 * number, np.array([10.0 + number, 20.0])
        column, row = np.rint(mean_face()[50] * scale + shift).astype(int)
        pictures[number, row - 2 : row + 3, column - 2 : column + 3] = 250
        landmarks.append(landmarks_of(scale, shift))
    cut = mouths(pictures, np.array(landmarks), time_s, mean_face())
    assert cut.shape[1:] == (88, 88)
    assert len(cut) == pytest.approx(READER_HZ, abs=1)
    assert cut[:, 44, 44].min() > 200
    assert cut[:, :20].max() < 100


def words_of(course):
    """A reader's answers to a course of mouths: a fixed random map of what each window shows."""
    drawn = np.random.default_rng(3).normal(size=(WINDOW, WORDS))
    return readings(
        np.broadcast_to(course[:, None, None], (len(course), 2, 2)).astype(np.float32),
        lambda mouth: mouth[:, 0, 0] @ drawn,
    )


def test_the_same_lips_agree_wrong_ones_do_not_and_noise_lies_between():
    rng = np.random.default_rng(0)
    real, other, noise = (rng.normal(size=SECONDS * READER_HZ) for _ in range(3))
    assert agreement(words_of(real), words_of(real)) == 1.0
    assert 0.7 < agreement(words_of(real + 1.5 * noise), words_of(real)) < 0.99
    assert agreement(words_of(other), words_of(real)) == pytest.approx(0.5, abs=0.15)


def test_what_a_reader_says_of_a_face_all_the_time_does_not_count():
    rng = np.random.default_rng(1)
    real, other = (words_of(rng.normal(size=SECONDS * READER_HZ)) for _ in range(2))
    always = 30.0 * rng.normal(size=WORDS)
    assert agreement(other + always, real + always) == pytest.approx(agreement(other, real))


def test_a_window_a_step():
    assert len(words_of(np.zeros(WINDOW + 3 * STEP))) == 4
    assert len(words_of(np.zeros(WINDOW - 1))) == 0


def test_quartiles_of_few_persons_would_be_the_persons(capsys):
    figures = {"real, mirrored": 1.0, "made, by speech": 0.7}
    assert "to" not in lip_reading.table([figures] * 3).splitlines()[-1]
    assert "(0.70 to 0.70)" in lip_reading.table([figures] * 4)
