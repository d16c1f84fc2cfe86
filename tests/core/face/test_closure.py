"""Lips that touch where they are likeliest closed."""

import numpy as np
import pytest

from mannerism.core.face.closure import close_lips
from mannerism.core.face.mouth import basis


def predicted(opening, closed):
    shape = np.full((len(closed), len(basis())), 0.3)
    shape[:, 0] = opening
    return shape, np.array(closed, np.float64)


def test_a_peak_closes_lips_for_three_steps():
    shape, closed = predicted(1.0, [0, 0, 0.2, 0.6, 0.2, 0, 0])
    np.testing.assert_allclose(close_lips(shape, closed, 0.5)[:, 0], [1, 1, 0, 0, 0, 1, 1])


def test_a_lower_peak_only_narrows():
    shape, closed = predicted(1.0, [0, 0.1, 0.4, 0.1, 0])
    np.testing.assert_allclose(close_lips(shape, closed, 0.5)[:, 0], [1, 0.9, 0.6, 0.9, 1])


@pytest.mark.parametrize("closed", [[0.9, 0.9, 0.9, 0.9], [0.9, 0.6, 0.3, 0.0], [0.0, 0.3, 0.6, 0.9]])
def test_ends_and_plateaus_have_a_peak(closed):
    shape, likely = predicted(1.0, closed)
    found = close_lips(shape, likely, 0.5)[:, 0]
    assert (found == 0.0).any()
    assert (found <= 1.0 - np.array(closed)).all()


def test_what_is_beside_the_gap_stays():
    shape, closed = predicted(1.0, [0, 0.9, 0])
    np.testing.assert_array_equal(close_lips(shape, closed, 0.5)[:, 1:], shape[:, 1:])


def test_pressed_lips_stay_pressed():
    shape, closed = predicted(-0.1, [0, 0.9, 0])
    np.testing.assert_array_equal(close_lips(shape, closed, 0.5), shape)
