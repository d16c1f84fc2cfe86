"""The sign conventions, and the algebra that everything else rests on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mannerism.core import rotation as rot

ANGLES = st.floats(-1.5, 1.5)
LEFT, UP, FACE = np.eye(3)


@pytest.mark.parametrize(
    ("angles", "axis", "toward"),
    [
        ({"pitch": 0.3}, FACE, -UP),  # looks down
        ({"yaw": 0.3}, FACE, LEFT),  # turns to the subject's left
        ({"roll": 0.3}, UP, -LEFT),  # tips the crown to the subject's right shoulder
    ],
)
def test_signs(angles, axis, toward):
    q = rot.from_euler(**{"pitch": 0, "yaw": 0, "roll": 0, **angles})
    assert rot.rotate(q, axis) @ toward == pytest.approx(np.sin(0.3))


@pytest.mark.slow
@given(pitch=ANGLES, yaw=ANGLES, roll=ANGLES)
def test_euler_is_yaw_pitch_roll_and_comes_back(pitch, yaw, roll):
    cx, sx, cy, sy, cz, sz = (f(a) for a in (pitch, yaw, roll) for f in (np.cos, np.sin))
    Rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    Ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    Rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    q = rot.from_euler(pitch, yaw, roll)
    np.testing.assert_allclose(rot.to_matrix(q), Ry @ Rx @ Rz, atol=1e-12)
    np.testing.assert_allclose(rot.to_euler(q), [pitch, yaw, roll], atol=1e-9)
    np.testing.assert_allclose(rot.to_matrix(rot.from_matrix(Ry @ Rx @ Rz)), Ry @ Rx @ Rz, atol=1e-12)


@pytest.mark.slow
@given(pitch=ANGLES, yaw=ANGLES, roll=ANGLES, share=st.floats(0, 1))
def test_shares_compose_exactly(pitch, yaw, roll, share):
    q = rot.from_euler(pitch, yaw, roll)
    whole = rot.multiply(rot.power(q, share), rot.power(q, 1 - share))
    assert rot.angle_between(whole, q) < 1e-7


def test_small_angles_are_measured_exactly():
    q = rot.from_rotvec([1e-7, 0, 0])
    assert rot.angle_between(q, rot.IDENTITY) == pytest.approx(1e-7, rel=1e-6)


def test_continuous_changes_signs_only():
    q = rot.from_rotvec(np.linspace(0, 12, 200)[:, None] * [0.6, 0.0, 0.8])
    flipped = q * np.where(np.arange(200) % 3, 1, -1)[:, None]
    smooth = rot.continuous(flipped)
    assert (np.einsum("ti,ti->t", smooth[1:], smooth[:-1]) > 0).all()
    np.testing.assert_allclose(rot.to_matrix(smooth), rot.to_matrix(q), atol=1e-12)


def test_median_ignores_outliers():
    rng = np.random.default_rng(0)
    centre = rot.from_euler(0.2, -0.4, 0.1)
    near = rot.multiply(centre, rot.from_rotvec(rng.normal(0, 0.05, (80, 3))))
    far = rot.from_rotvec(rng.normal([1.5, 0, 0], 1.0, (20, 3)))
    median = rot.geodesic_median(np.concatenate([near, far]))
    assert np.degrees(rot.angle_between(median, centre)) < 2.0


def test_the_same_bits_wherever_memory_is_allocated():
    """Some functions of numpy round strided columns otherwise when their result lies right behind them."""
    rng = np.random.default_rng(0)
    q = rot.normalize(rng.normal(size=(1000, 4)))
    angles, vectors = rot.to_euler(q), rot.to_rotvec(q)
    for _ in range(200):
        blocks = [np.empty(size) for size in rng.integers(1, 3000, 20)]
        np.testing.assert_array_equal(rot.to_euler(q), angles)
        np.testing.assert_array_equal(rot.to_rotvec(q), vectors)
        del blocks
    assert rot.arctan2(1.0, 1.0).shape == ()
