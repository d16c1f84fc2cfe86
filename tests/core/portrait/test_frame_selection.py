"""Selection of source frames by dynamic programming."""

from itertools import product

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.portrait.model.camera import FacePoses
from mannerism.core.portrait.model.topology import topology
from mannerism.core.portrait.render.frame_selection import (
    EYES,
    MOUTH,
    POSE,
    Chooser,
    cheapest_way,
    pose_distance,
)
from mannerism.tests.support import synthetic_portrait as synthetic


def price(way, cost, switch, step, pace):
    moves = np.abs(np.diff(way))
    leaps = switch[1:]
    of_moving = np.where(moves == 0, 0.0, np.where(moves <= pace, np.minimum(step, leaps), leaps))
    return cost[np.arange(len(way)), way].sum() + of_moving.sum()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("pace", [1, 2])
def test_no_way_is_cheaper_than_the_cheapest(seed, pace):
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0, 1, (5, 5)).astype(np.float32)
    cost[rng.uniform(size=cost.shape) < 0.2] = np.inf
    cost[:, 0] = 2.0  # there is always some way
    switch = rng.uniform(0.2, 0.8, 5)
    best = min(price(way, cost, switch, 0.1, pace) for way in product(range(5), repeat=5))
    found = price(cheapest_way(cost, switch, 0.1, pace), cost, switch, 0.1, pace)
    assert found == pytest.approx(best, abs=1e-5)


def with_mouths(count=40):
    """Poses and expressions that all differ: lips open more and more, brows rise and fall."""
    names = topology()
    expression = np.zeros((count, 478, 3))
    expression[:, names.lips, 1] = np.linspace(0, -0.01, count)[:, None] * (np.arange(40) % 2)
    expression[:, names.brows, 1] = 0.004 * np.sin(np.arange(count))[:, None]
    return synthetic.poses(count), expression


def test_what_the_reference_shows_is_drawn_from_itself():
    poses, expression = with_mouths()
    chosen = Chooser(synthetic.person(poses, expression=expression)).choose(
        synthetic.drive(poses, expression)
    )
    assert (chosen == np.arange(len(poses))[:, None]).all()


def test_mouth_and_eyes_come_from_where_they_are_alike():
    poses, expression = with_mouths()
    there = np.r_[30:38]
    shown = expression[there].copy()
    shown[:, topology().brows] = expression[there - 20][:, topology().brows]
    chosen = Chooser(synthetic.person(poses, expression=expression)).choose(
        synthetic.drive(poses[there - 28], shown)
    )
    assert np.abs(chosen[:, MOUTH] - there).max() <= 2
    assert (expression[chosen[:, EYES], topology().brows[0], 1] - shown[:, topology().brows[0], 1]) == (
        pytest.approx(0.0, abs=0.002)
    )


def test_forbidden_and_unusable_pictures_are_not_drawn_from():
    poses, expression = with_mouths()
    usable = np.arange(40) % 3 != 0
    forbidden = np.abs(np.arange(40)[:, None] - np.arange(40)) <= 15
    person = synthetic.person(poses, expression=expression, usable=usable)
    chosen = Chooser(person).choose(synthetic.drive(poses, expression), forbidden)
    assert usable[chosen].all()
    assert (np.abs(chosen - np.arange(40)[:, None]) > 15).all()


def test_a_reference_of_twice_the_rate_runs_on_without_jumps():
    poses, expression = with_mouths()
    chosen = Chooser(synthetic.person(poses, expression=expression)).choose(
        synthetic.drive(poses[::2], expression[::2])
    )
    assert (chosen[:, POSE] == np.arange(0, 40, 2)).all()


def test_a_face_that_never_moves_can_be_chosen_from():
    poses = synthetic.poses(6)
    chosen = Chooser(synthetic.person(poses)).choose(synthetic.drive(poses))
    assert (chosen[:, POSE] == np.arange(6)).all()


def test_distance_of_poses_counts_turn_shift_and_size():
    turned = rot.to_matrix(rot.from_euler(0.0, np.radians([0.0, 8.0]), 0.0))
    a = FacePoses(np.full(2, 500.0), turned, np.array([[10.0, 10.0], [10.0, 10.0]]))
    b = FacePoses(np.array([500.0, 510.1]), turned[:1].repeat(2, 0), np.array([[10.0, 10.0], [13.5, 10.0]]))
    assert pose_distance(a, b, 0.14) == pytest.approx(np.array([[0.0, 2.0], [2.0, 4.0]]), abs=0.02)
