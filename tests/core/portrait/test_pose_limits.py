"""Pose limits: smooth limiting beyond the reference, identity within."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.portrait.driving.pose_limits import distance_rad, keep_in_range
from mannerism.tests.support.synthetic_person import STAGE, drive, motion, person


def yaw_of(shown):
    return np.degrees(rot.to_euler(STAGE.motion(shown.drive.poses, shown.drive.time_s).rotation)[:, 1])


def test_what_the_reference_shows_is_untouched():
    asked = drive(motion(np.linspace(-9, 9, 30)))
    shown = keep_in_range(person(), asked)
    assert shown.drive is asked
    assert shown.confidence == pytest.approx(1.0)
    assert (shown.held_back_deg == 0).all()


def test_a_turn_a_little_beyond_is_shown_whole_with_less_confidence():
    shown = keep_in_range(person(), drive(motion([22.0])))
    assert yaw_of(shown) == pytest.approx([22.0])
    assert shown.confidence == pytest.approx([1 - (12 - 8) / (25 - 8)], abs=0.02)


@pytest.mark.parametrize("side", [-1, 1])
def test_no_turn_goes_further_than_20_degrees_beyond(side):
    shown = keep_in_range(person(), drive(motion([side * 80.0])))
    assert 29.0 < side * yaw_of(shown)[0] < 30.0
    assert shown.held_back_deg == pytest.approx([50.0], abs=1.0)
    assert shown.confidence[0] < 0.01


def test_a_smooth_motion_stays_smooth():
    angles = 60 * np.sin(np.linspace(0, 2 * np.pi, 400))
    shown = yaw_of(keep_in_range(person(), drive(motion(angles))))
    bend = 0.77 / 5.0  # the sharpest of 5° · tanh(x / 5°)
    jolt = np.abs(np.diff(angles)).max() ** 2 * bend
    assert np.abs(np.diff(shown, 2)).max() <= np.abs(np.diff(angles, 2)).max() + jolt
    assert (np.diff(shown)[np.diff(angles) > 0] >= -1e-9).all()


def test_the_neck_stays_about_where_the_reference_had_it():
    shown = keep_in_range(person(), drive(motion([0.0], shift_m=0.5)))
    where = STAGE.motion(shown.drive.poses, shown.drive.time_s).translation_m
    assert where[0, 0] == pytest.approx(0.06, abs=0.001)
    assert shown.held_back_m == pytest.approx([0.44], abs=0.001)
    assert shown.confidence[0] < 0.05


def test_distance_is_that_to_the_nearest_picture():
    heads = motion([-10.0, 0.0, 10.0])
    distance = distance_rad(person(heads), drive(motion([-10.0, 4.0, 30.0])))
    assert np.degrees(distance) == pytest.approx([0.0, 4.0, 20.0], abs=1e-6)


def test_pictures_that_may_not_be_used_give_no_range():
    somebody = person(motion([0.0, 1.0, 2.0, 40.0]))
    somebody.usable[3] = False
    assert np.degrees(distance_rad(somebody, drive(motion([40.0])))) == pytest.approx([38.0], abs=1e-6)
