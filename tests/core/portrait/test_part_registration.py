"""The eyes' part is moved to where the frame around it has the same things, and stays where it is right already."""

import cv2
import numpy as np
import pytest

from mannerism.core.portrait.render.part_registration import Surroundings, register
from mannerism.core.portrait.render.sampling import LINEAR, sample

SIZE, HEIGHT, WIDTH = 256, 60, 120
NOTHING_OWN = np.zeros((HEIGHT, WIDTH), np.bool_)


def rims(shift=0.0):
    """Two dark rings on skin, so many pixels further down."""
    grey = np.full((HEIGHT * 4, WIDTH * 4), 200, np.uint8)
    for column in (35, 85):
        centre = (column * 4, round((30 + shift) * 4))
        cv2.ellipse(grey, centre, (72, 56), 0.0, 0.0, 360.0, (40,), 12)
    return np.asarray(cv2.resize(grey, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def straight():
    return np.stack(np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT)), axis=2).astype(np.float32)


def error(shift, *, registered):
    part, around = rims(shift), rims()
    where = register(straight(), part, Surroundings(around, NOTHING_OWN, SIZE)) if registered else straight()
    drawn = sample(part, where, LINEAR)
    return np.abs(drawn.astype(float) - around).mean()


@pytest.mark.parametrize("shift", [-3.5, 3.0, 4.0])
def test_rims_that_lie_apart_meet(shift):
    assert error(shift, registered=True) < 0.5 * error(shift, registered=False)


def test_what_fits_already_stays_where_it_is():
    for shift in (0.0, 0.5):
        np.testing.assert_array_equal(
            register(straight(), rims(shift), Surroundings(rims(), NOTHING_OWN, SIZE)), straight()
        )


def test_eyes_that_look_elsewhere_are_not_moved():
    """An iris that is elsewhere on purpose says nothing of where the part should be."""
    around, part = rims(), rims()
    cv2.circle(around, (32, 30), 7, (40,), -1)
    cv2.circle(part, (39, 30), 7, (40,), -1)
    own = np.zeros((HEIGHT, WIDTH), np.bool_)
    own[14:47, 15:56] = True
    alone, counted = (
        np.abs(register(straight(), part, Surroundings(around, says_nothing, SIZE)) - straight())[
            20:41, 22:50
        ].max()
        for says_nothing in (own, NOTHING_OWN)
    )
    assert alone < 0.5
    assert counted > 2 * alone  # an iris that counted would be moved back


def test_another_picture_altogether_moves_no_farther_than_things_can_be_apart():
    rng = np.random.default_rng(0)
    noise = [
        np.asarray(cv2.GaussianBlur(grain, (0, 0), 3), np.uint8)
        for grain in rng.integers(0, 255, (2, HEIGHT, WIDTH)).astype(np.uint8)
    ]
    moved = register(straight(), noise[0], Surroundings(noise[1], NOTHING_OWN, SIZE)) - straight()
    assert np.abs(moved).max() <= SIZE / 48 + 1 / 32  # what sampling resolves
