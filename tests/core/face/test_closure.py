"""Lips that touch where they are likeliest closed."""

import numpy as np
import pytest

from mannerism.core.face.closure import narrowed, touching


def touch(*closed):
    return touching(np.array(closed, np.float64), 0.5).tolist()


def test_a_peak_closes_lips_for_three_steps():
    assert touch(0, 0, 0.2, 0.6, 0.2, 0, 0) == [False, False, True, True, True, False, False]


def test_a_lower_peak_only_narrows():
    closed = np.array([0, 0.1, 0.4, 0.1, 0])
    assert not touching(closed, 0.5).any()
    np.testing.assert_allclose(narrowed(np.ones(5), closed), [1, 0.9, 0.6, 0.9, 1])


@pytest.mark.parametrize("closed", [[0.9, 0.9, 0.9, 0.9], [0.9, 0.6, 0.3, 0.0], [0.0, 0.3, 0.6, 0.9]])
def test_ends_and_plateaus_have_a_peak(closed):
    assert any(touch(*closed))


def test_pressed_lips_stay_pressed():
    np.testing.assert_array_equal(narrowed(np.full(3, -0.1), np.array([0, 0.9, 0])), -0.1)
