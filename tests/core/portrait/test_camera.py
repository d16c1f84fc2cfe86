"""Weak-perspective camera: known projections, and the round trip from motion to poses."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.motion import NECK_PIVOT_M, HeadMotion
from mannerism.core.portrait.model.camera import FacePoses, Stage

RNG = np.random.default_rng(0)


def stage(turned=(0.1, -0.2, 0.05)):
    rotation = rot.to_matrix(rot.from_euler(*turned))
    return Stage(500.0, rotation, np.array([130.0, 120.0]), 400.0, np.array([128.0, 128.0]))


def motion(count=20):
    angles = RNG.normal(0, 0.15, (3, count))
    return HeadMotion(
        np.arange(count) / 25, rot.continuous(rot.from_euler(*angles)), RNG.normal(0, 0.01, (count, 3))
    )


def test_the_subjects_left_is_right_in_the_picture_and_up_is_up():
    straight = FacePoses(np.array([100.0]), np.eye(3)[None], np.array([[50.0, 60.0]]))
    assert straight.project(np.array([[0.1, 0.0, 0.0], [0.0, 0.1, 0.3]]))[0] == pytest.approx(
        np.array([[60.0, 60.0], [50.0, 50.0]])
    )


def test_cameras_say_what_project_says():
    poses = stage().poses(motion())
    points = RNG.normal(0, 0.1, (7, 3))
    seen = np.einsum("nrc,kc->nkr", poses.cameras(), np.c_[points, np.ones(7)])
    assert poses.project(points) == pytest.approx(seen)


def test_no_motion_is_the_neutral_pose():
    still = HeadMotion(np.zeros(1), np.array([[1.0, 0, 0, 0]]), np.zeros((1, 3)))
    poses = stage().poses(still)
    assert poses.scale == pytest.approx([500.0])
    assert poses.rotation[0] == pytest.approx(stage().rotation)
    assert poses.shift[0] == pytest.approx([130.0, 120.0])


def test_a_turn_leaves_the_neck_pivot_where_it_is():
    turn = HeadMotion(np.zeros(1), rot.from_euler(0.0, 0.4, 0.0)[None], np.zeros((1, 3)))
    still = HeadMotion(np.zeros(1), np.array([[1.0, 0, 0, 0]]), np.zeros((1, 3)))
    seen = [stage().poses(m).project(np.array([NECK_PIVOT_M])) for m in (turn, still)]
    assert seen[0] == pytest.approx(seen[1])


def test_coming_nearer_makes_the_head_larger():
    facing = stage(turned=(0.0, 0.0, 0.0))
    nearer = HeadMotion(np.zeros(1), np.array([[1.0, 0, 0, 0]]), np.array([[0.0, 0.0, 0.1]]))
    assert facing.poses(nearer).scale == pytest.approx([400.0 / (400.0 / 500.0 - 0.1)])


def test_motion_to_poses_and_back():
    before = motion()
    after = stage().motion(stage().poses(before), before.time_s)
    assert rot.angle_between(before.rotation, after.rotation).max() < 1e-9
    assert after.translation_m == pytest.approx(before.translation_m, abs=1e-12)
