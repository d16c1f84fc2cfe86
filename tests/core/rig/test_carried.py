"""An animator's change to generated channel values is kept as a rotation, in every mode."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.rig import modes
from mannerism.core.rig.carried import carried

MODES = ("QUATERNION", "AXIS_ANGLE", "XYZ", "ZYX", "YXZ")


def rotations(seed, size=0.5, count=20):
    return rot.from_rotvec(np.random.default_rng(seed).normal(scale=size, size=(count, 3)))


def values(mode, q, base):
    """Channel values that a layer over `base` needs to reach rotations."""
    return q if mode == "QUATERNION" else modes.difference(mode, q, base)


def reached(mode, channels, base):
    return modes.to_quaternion(mode, channels if mode == "QUATERNION" else base + channels)


@pytest.mark.parametrize("mode", MODES)
def test_the_difference_is_kept_about_the_own_axes(mode):
    width = 4 if modes.attribute(mode) != "rotation_euler" else 3
    base = np.tile([0.2, -0.1, 0.3, 0.4][:width], (20, 1))
    written, made, more = rotations(1), rotations(2), rotations(3, 0.1)
    before, now = (values(mode, each, base) for each in (written, made))
    edited = values(mode, rot.multiply(written, more), base)
    kept = carried(mode, edited, before, now, base)
    assert rot.angle_between(reached(mode, kept, base), rot.multiply(made, more)).max() < 1e-7


@pytest.mark.parametrize("mode", MODES)
def test_what_is_generated_as_before_leaves_the_change_as_it_is(mode):
    width = 4 if modes.attribute(mode) != "rotation_euler" else 3
    base = np.tile([0.2, -0.1, 0.3, 0.4][:width], (20, 1))
    written = values(mode, rotations(1, 0.3), base)
    edited = written + 0.01 * np.random.default_rng(4).normal(size=written.shape)
    kept = carried(mode, edited, written, written, base)
    if mode == "AXIS_ANGLE":  # an axis has any length
        assert rot.angle_between(reached(mode, kept, base), reached(mode, edited, base)).max() < 1e-7
    else:
        assert np.allclose(kept, edited, atol=1e-9)


def test_whole_turns_of_an_animator_are_kept():
    written = np.zeros((1, 3))
    turned, made = np.array([[4 * np.pi, 0.0, 0.0]]), np.array([[0.1, 0.0, 0.0]])
    kept = carried("XYZ", turned, written, made, np.zeros((1, 3)))
    assert np.allclose(kept, [[4 * np.pi + 0.1, 0.0, 0.0]])


def test_a_location_keeps_its_difference_and_euler_needs_what_lies_below():
    one = np.ones((2, 3))
    assert np.array_equal(carried("", one * 3, one, one * 10), one * 12)
    with pytest.raises(ValueError, match="lies below"):
        carried("XYZ", one, one, one)
