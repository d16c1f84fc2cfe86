"""Bending a finished take to a pin that is dragged."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Pin
from mannerism.core.direct.dragged import bent, kernel_of
from mannerism.core.motion import motion_of
from mannerism.core.style.resampling import low_pass


@pytest.fixture(scope="module")
def motion():
    noise = np.cumsum(np.random.default_rng(0).normal(size=(1500, 6)), axis=0)
    vectors = low_pass(noise - noise.mean(axis=0))
    return motion_of(np.arange(1500) / 25, 0.1 * vectors / vectors.std(axis=0))


def test_the_pin_is_met_and_what_is_far_keeps_its_bytes(motion):
    pin = Pin(500 / 24, 3.0, -12.0, 5.0)
    made = bent(motion, [pin], kernel_of(motion))
    found = np.degrees(rot.to_euler(made.at([pin.time_s]).rotation))[0]
    np.testing.assert_allclose(found, [3.0, -12.0, 5.0], atol=1e-6)
    far = np.abs(motion.time_s - pin.time_s) > 2.5
    assert made.rotation[far].tobytes() == motion.rotation[far].tobytes()
    assert made.translation_m.tobytes() == motion.translation_m.tobytes()
    speed = np.linalg.norm(np.diff(rot.to_rotvec(made.rotation), axis=0), axis=1)
    before = np.linalg.norm(np.diff(rot.to_rotvec(motion.rotation), axis=0), axis=1)
    assert speed.max() < 1.5 * before.max()
    assert bent(motion, []) is motion


def test_a_pin_of_a_pose_is_that_pose(motion):
    pose = motion.rotation[700]
    pin = Pin.of(28.0, pose)
    np.testing.assert_allclose(bent(motion, [pin]).rotation[700], pose, atol=1e-9)
    only = Pin.of(28.0, pose, (0.0, 0.0, 0.01), axes=frozenset({"yaw"}), tolerance_deg=1.0)
    assert only.axes == {"yaw", "translation"}
