"""A mouth's shape: known displacements give known numbers."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.face import mouth
from mannerism.core.track.head_pose import canonical_face


def opened(gaps_m):
    """Canonical faces whose lips, chin and jaw are moved as the basis says, the lips apart by so much more."""
    faces = np.tile(canonical_face(), (len(gaps_m), 1, 1))
    shape = np.zeros((len(gaps_m), len(mouth.basis())))
    shape[:, 0] = gaps_m
    faces[:, mouth.MOUTH_POINTS] += mouth.mouth_points(shape)
    return faces


def test_points_are_named_once_and_have_twins():
    assert len(set(mouth.MOUTH_POINTS.tolist())) == len(mouth.MOUTH_POINTS)
    left = canonical_face()[mouth.MOUTH_POINTS] * [-1, 1, 1]
    apart = np.linalg.norm(left[:, None] - canonical_face()[mouth.MOUTH_POINTS], axis=2).min(axis=1)
    assert apart.max() < 1e-9


def test_lips_moved_apart_give_the_opening():
    gaps_m = np.array([0.0, 0.004, 0.010, 0.002])
    faces = np.tile(canonical_face(), (4, 1, 1))
    faces[:, list(mouth.LOWER_LIP), 1] -= gaps_m[:, None]
    rest = mouth.rest_mouth(faces[:1])
    np.testing.assert_allclose(mouth.opening_m(mouth.mouth_shape(faces, rest)), gaps_m, atol=1e-12)


def test_rest_is_where_the_mouth_is_closed():
    gaps_m = np.tile([0.0, 0.003, 0.008, 0.012, 0.005], 20)
    shape = mouth.mouth_shape(opened(gaps_m))
    np.testing.assert_allclose(mouth.opening_m(shape), gaps_m, atol=1e-9)


def test_numbers_to_points_and_back():
    shape = 0.002 * np.random.default_rng(0).normal(size=(30, len(mouth.basis())))
    np.testing.assert_allclose(mouth.shape_of(mouth.mouth_points(shape)), shape, atol=1e-6)


def test_only_the_first_number_opens_the_lips():
    shape = np.eye(len(mouth.basis()))
    np.testing.assert_allclose(mouth.gap_of(mouth.mouth_points(shape)), shape[:, 0], atol=1e-6)


@pytest.mark.parametrize("unit", [1.0, 640.0])
def test_pose_and_size_leave_the_shape_alone(unit):
    faces = opened(np.linspace(0.0, 0.012, 25))
    turn = rot.to_matrix(rot.from_rotvec(np.radians(np.linspace([-15, -30, -8], [15, 30, 8], 25))))
    seen = unit * (
        faces @ turn.swapaxes(1, 2) + np.linspace([0.1, 0.2, -0.5], [-0.3, 0.0, -0.7], 25)[:, None]
    )
    np.testing.assert_allclose(mouth.head_frame(seen), faces, atol=1e-9)


def test_points_are_symmetric():
    twin = [int(np.linalg.norm(canonical_face() - p * [-1, 1, 1], axis=1).argmin()) for p in canonical_face()]
    faces = opened(np.array([0.0, 0.01])) + 0.001 * np.random.default_rng(1).normal(size=(2, 468, 3))
    mirrored = faces[:, twin] * [-1, 1, 1]
    np.testing.assert_allclose(mouth.symmetric(faces), mouth.symmetric(mirrored), atol=1e-12)


def test_width_and_protrusion_are_those_of_the_points():
    """The corners' distance along x, and the lips' middle along z, as the displaced points have them."""
    shape = np.random.default_rng(3).normal(0.0, 0.002, (5, len(mouth.basis())))
    moved = mouth.mouth_points(shape)
    index = {point: place for place, point in enumerate(mouth.MOUTH_POINTS.tolist())}
    np.testing.assert_allclose(mouth.width_m(shape), moved[:, index[291], 0] - moved[:, index[61], 0])
    middle = [index[point] for point in (*mouth.UPPER_LIP, *mouth.LOWER_LIP)]
    np.testing.assert_allclose(mouth.protrusion_m(shape), moved[:, middle, 2].mean(axis=1))
