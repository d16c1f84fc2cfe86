"""A finished take in another shape: nothing by default, gains and rest exactly, rolls that lead from rest."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.cubic_time import eased
from mannerism.core.errors import DirectionError
from mannerism.core.generate.shape import SHAPE_DEFAULTS, SHAPE_RANGES, Shape
from mannerism.core.generate.shaped import shaped
from mannerism.core.motion import GRID_HZ, HeadMotion, motion_of


def course(count=251, *, rests=True):
    """A nod and a turn on the grid, from rest to rest or not."""
    t = np.arange(count) / GRID_HZ
    window = np.sin(np.pi * t / t[-1]) ** 2 if rests else np.ones(count)
    rates = np.array([0.5, 0.3, 0.7, 0.4, 0.2, 0.6])
    waves = np.cos(2 * np.pi * rates * t[:, None]) * window[:, None]
    return motion_of(t, waves * [0.2, 0.3, 0.1, 0.01, 0.02, 0.005])


def angles(motion):
    return rot.to_rotvec(motion.rotation)


def test_the_defaults_leave_the_motion_as_it_is():
    motion = course()
    assert shaped(motion, Shape()) is motion
    assert Shape.of(SHAPE_DEFAULTS) == Shape()
    assert set(SHAPE_DEFAULTS) == set(SHAPE_RANGES)


def test_intensity_is_a_factor_and_none_is_exactly_rest():
    motion = course()
    half = shaped(motion, Shape(intensity=0.5))
    assert np.allclose(angles(half), 0.5 * angles(motion), atol=1e-12)
    assert np.allclose(half.translation_m, 0.5 * motion.translation_m, atol=1e-15)
    still = shaped(motion, Shape(intensity=0.0))
    assert np.array_equal(still.rotation, np.tile(rot.IDENTITY, (len(still.time_s), 1)))
    assert not still.translation_m.any()


def test_a_neck_is_not_turned_beyond_its_reach():
    far = shaped(course(), Shape.of({"intensity": 4.0, "yaw": 4.0}))
    assert np.degrees(np.linalg.norm(angles(far), axis=1)).max() < 80.0


@pytest.mark.parametrize("name", ["pre_roll_s", "post_roll_s"])
def test_a_head_at_rest_leaves_it_so_much_earlier(name):
    motion = course()
    rolled = shaped(motion, Shape.of({name: 0.5}))
    before, after = motion.time_s[0] - rolled.time_s[0], rolled.time_s[-1] - motion.time_s[-1]
    assert (before, after) == pytest.approx((0.52, 0.0) if name == "pre_roll_s" else (0.0, 0.52))
    ends = rolled.at([rolled.time_s[0], rolled.time_s[-1]])
    assert np.abs(angles(ends)).max() < 1e-9
    # Beyond the first and the last 0.6 s nothing moves.
    inside = np.linspace(0.65, motion.time_s[-1] - 0.65, 60)
    assert np.allclose(angles(rolled.at(inside)), angles(motion.at(inside)), atol=1e-6)
    speed = np.abs(np.diff(angles(rolled), axis=0)).max()
    assert speed < 1.3 * np.abs(np.diff(angles(motion), axis=0)).max()


def test_a_head_that_does_not_begin_at_rest_is_led_from_it():
    rolled = shaped(course(rests=False), Shape.of({"pre_roll_s": 1.0}))
    assert rolled.time_s[0] == pytest.approx(-1.0)
    assert np.abs(angles(rolled)[0]).max() < 1e-9
    inside = rolled.time_s >= 0
    assert np.allclose(angles(rolled)[inside], angles(course(rests=False)), atol=1e-9)


def test_samples_of_any_rate_are_kept():
    t = np.arange(301) / 60
    motion = HeadMotion(t, rot.from_euler(0.3 * np.sin(t), 0 * t, 0 * t), np.zeros((301, 3)))
    for values in ({"pitch": 2.0}, {"smoothness": 0.2}, {"anticipation_s": 0.1}):
        assert np.array_equal(shaped(motion, Shape.of(values)).time_s, t)


def test_pauses_are_those_of_the_speech():
    motion = course()
    activity = np.where(np.arange(251) < 125, 1.0, 0.0)
    still = shaped(motion, Shape.of({"pauses": 0.0}), activity)
    moved = np.abs(angles(still) - angles(motion)).max(axis=1)
    assert moved[:75].max() < 0.01 * moved[150:].max()


@pytest.mark.parametrize("value", [99.0, -9.0, float("nan"), float("inf")])
@pytest.mark.parametrize("name", [name for name in SHAPE_RANGES if name != "neck_share"])
def test_a_value_out_of_range_is_refused(name, value):
    with pytest.raises(DirectionError):
        Shape.of({name: value})


def test_eased_time_increases_and_joins_the_clock():
    t = np.linspace(-2.0, 0.6, 500)
    for first in (-0.01, -0.5, -1.2):
        read = eased(t, first, 0.6)
        assert (np.diff(read) >= -1e-12).all()
        assert read[-1] == pytest.approx(0.6)
        assert (read[t <= first] == 0.0).all()
        assert (read[-1] - read[-2]) / (t[-1] - t[-2]) == pytest.approx(1.0, abs=0.02)
