"""Strengths of a finished take, each by what it should do to a motion that is known."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct.strengthen import strengthened
from mannerism.core.direct.strengths import RANGES, Strengths
from mannerism.core.motion import motion_of, vectors_of

TIME_S = np.arange(1500) / 25


@pytest.fixture(scope="module")
def motion():
    phases = np.arange(6) + 1.0
    vectors = np.sin(TIME_S[:, None] * phases) * 0.1
    ramp = np.clip(np.minimum(TIME_S, TIME_S[-1] - TIME_S) / 0.6, 0, 1)[:, None]
    return motion_of(TIME_S, vectors * ramp)


def changed(motion, activity=None, **given):
    return vectors_of(strengthened(motion, Strengths(**given), activity))


def test_by_default_nothing_changes(motion):
    assert strengthened(motion, Strengths()) is motion
    assert Strengths(**{name: getattr(Strengths(), name) for name in RANGES}) == Strengths()


def test_gains_act_on_their_own_axis(motion):
    before = vectors_of(motion)
    made = changed(motion, yaw=0.5, translation=2.0)
    np.testing.assert_allclose(made, before * [1, 0.5, 1, 2, 2, 2], atol=1e-12)
    assert not changed(motion, pitch=0.0)[:, 0].any()


def test_anticipation_moves_in_time(motion):
    made, before = changed(motion, anticipation_s=0.2), vectors_of(motion)
    inside = slice(50, 1400)
    np.testing.assert_allclose(made[inside], before[55:1405], atol=1e-9)
    assert not made[[0, -1]].any()


def test_smoothness_takes_the_fast_more_than_the_slow(motion):
    made, before = changed(motion, smoothness=0.2), vectors_of(motion)
    inside = slice(100, 1400)
    kept = made[inside].std(axis=0) / before[inside].std(axis=0)
    np.testing.assert_allclose(kept, np.exp(-0.5 * np.square(0.2 * np.arange(1, 7))), atol=0.01)
    assert not made[[0, -1]].any()


def test_pauses_can_be_stiller(motion):
    activity = (TIME_S < 30.0).astype(float)
    made, before = changed(motion, activity, pauses=0.0), vectors_of(motion)
    pause = slice(800, 1400)
    assert (
        np.abs(np.diff(made[pause, 3:], axis=0)).mean()
        < 0.1 * np.abs(np.diff(before[pause, 3:], axis=0)).mean()
    )
    np.testing.assert_allclose(made[:700], before[:700], atol=1e-12)
    np.testing.assert_allclose(changed(motion, None, pauses=0.0), before, atol=1e-15)


def test_fades_come_from_rest(motion):
    made, before = changed(motion, fade_in_s=4.0, fade_out_s=2.0), vectors_of(motion)
    np.testing.assert_allclose(made[100:-50], before[100:-50], atol=1e-12)
    assert np.abs(made[:25]).max() < 0.3 * np.abs(before[:25]).max()
    short = strengthened(motion_of(TIME_S[:10], before[:10]), Strengths(fade_in_s=10.0, fade_out_s=10.0))
    assert np.isfinite(short.rotation).all()


def test_a_motion_of_one_sample_is_left_alone():
    one = motion_of(np.zeros(1), np.zeros((1, 6)))
    made = strengthened(one, Strengths(smoothness=0.5, anticipation_s=0.5, fade_in_s=1.0), np.ones(1))
    assert (made.rotation == rot.IDENTITY).all()
