"""Figures of films by their pixels, each with an answer that is known beforehand."""

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.model.topology import topology
from mannerism.training.portrait.pictures import (
    face_boxes,
    flicker,
    liveliness,
    motion_error,
    mouth_boxes,
    psnr_db,
    sharpness,
    ssim,
    whole,
)

SIZE = 64


def film(count=4, seed=0, low=60, high=190):
    return np.random.default_rng(seed).integers(low, high, (count, SIZE, SIZE, 3), np.uint8)


def flat(*levels):
    return np.stack([np.full((SIZE, SIZE, 3), level, np.uint8) for level in levels])


def test_psnr_of_a_known_offset():
    true = film()
    assert psnr_db(true + np.uint8(10), true, whole(true)) == pytest.approx([20 * np.log10(25.5)] * 4)


def test_psnr_of_the_truth_itself_is_that_of_rounding():
    true = film()
    assert psnr_db(true, true, whole(true)) == pytest.approx([10 * np.log10(12 * 255**2)] * 4)


def test_psnr_counts_what_is_in_the_box_alone():
    true = film(1)
    made = true.copy()
    made[0, :, 32:] = 0
    left, right = np.array([[0, 0, 32, SIZE]]), np.array([[32, 0, SIZE, SIZE]])
    assert psnr_db(made, true, left) > 58
    assert psnr_db(made, true, right) < 8


def test_ssim_of_the_truth_is_one_and_of_other_noise_next_to_nothing():
    true, other = film(), film(seed=1)
    assert ssim(true, true, whole(true)) == pytest.approx(np.ones(4))
    assert np.abs(ssim(other, true, whole(true))).max() < 0.1


def test_ssim_of_flat_pictures_is_the_published_formula_for_their_means():
    a, b, c1 = 100.0, 130.0, (0.01 * 255) ** 2
    expected = (2 * a * b + c1) / (a**2 + b**2 + c1)
    assert ssim(flat(100), flat(130), whole(flat(100))) == pytest.approx([expected])


def test_ssim_of_a_constant_shift_lies_between():
    """Structure is the same, so only the term of the means is left; it is nearly one on mid grey."""
    true = film()
    found = ssim(true + np.uint8(30), true, whole(true))
    assert np.all((found > 0.95) & (found < 0.99))


def test_sharpness_is_one_twice_and_below_one():
    true = film(low=100, high=150)
    blurred = np.stack([cv2.GaussianBlur(picture, (0, 0), 1.5) for picture in true])
    doubled = (2 * (true.astype(int) - 75)).astype(np.uint8)
    assert sharpness(true, true, whole(true)) == pytest.approx(np.ones(4))
    assert sharpness(doubled, true, whole(true)) == pytest.approx(np.full(4, 2.0), rel=0.02)
    assert sharpness(blurred, true, whole(true)).max() < 0.3


def test_motion_error():
    true = film(6)
    brighter, still = true + np.uint8(20), np.repeat(true[:1], 6, axis=0)
    assert motion_error(true, true) == 0.0
    assert motion_error(brighter, true) == 0.0
    assert motion_error(still, true) == pytest.approx(1.0)


def test_flicker_is_blind_to_a_fade_and_sees_what_comes_and_goes():
    everything = whole(flat(0, 0, 0, 0, 0))
    assert flicker(flat(7, 7, 7, 7, 7), everything) == 0.0
    assert flicker(flat(10, 15, 20, 25, 30), everything) == 0.0
    assert flicker(flat(100, 103, 100, 103, 100), everything) == pytest.approx(6.0)


def test_boxes_lie_about_their_points():
    landmarks = np.full((1, 478, 3), 32.0)
    landmarks[0, topology().oval[:2], :2] = [[12.0, 10.0], [37.0, 60.0]]
    landmarks[0, topology().lips[:2], :2] = [[20.0, 40.0], [40.0, 44.0]]
    assert face_boxes(landmarks, SIZE).tolist() == [[10, 8, 40, 63]]
    assert face_boxes(landmarks + np.array([20.0, 0.0, 0.0]), SIZE)[0, 2] == 60
    assert face_boxes(landmarks + np.array([40.0, 0.0, 0.0]), SIZE)[0, 2] == SIZE
    assert mouth_boxes(landmarks, SIZE).tolist() == [[16, 28, 45, 49]]


def test_liveliness_is_blind_to_an_even_motion_and_sees_grain():
    def flat(*levels):
        return np.stack([np.full((8, 8, 3), level, np.uint8) for level in levels])

    everything = np.tile([0, 0, 8, 8], (5, 1))
    assert liveliness(flat(0, 1, 4, 9, 16), everything) == 0.0
    assert liveliness(flat(100, 103, 100, 103, 100), everything) == pytest.approx(12.0)
    assert np.isnan(liveliness(flat(1, 2, 3), everything[:3]))


def test_figures_of_pictures_that_lie_in_a_file_are_plain_numbers(tmp_path):
    """They are kept as JSON."""
    stored = np.memmap(tmp_path / "pictures", np.uint8, "w+", shape=(4, 8, 8, 3))
    stored[...] = np.random.default_rng(0).integers(0, 255, stored.shape)
    made, boxes = np.zeros(stored.shape, np.uint8), np.tile([0, 0, 8, 8], (4, 1))
    for figure in (motion_error(made, stored), flicker(stored, boxes), liveliness(stored, boxes)):
        assert type(figure) is float
