"""Exact rates: a drift of one frame in ten minutes is a lip out of step."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mannerism.core.timing import FrameRate

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("pair", "exact"),
    [
        ((25,), Fraction(25)),
        ((29.97,), NTSC),
        ((30, 1.001), NTSC),
        ((30, float(np.float32(1.001))), NTSC),
        ((24, 1.001), Fraction(24000, 1001)),
        ((23.976,), Fraction(24000, 1001)),
        ((23.98,), Fraction(24000, 1001)),
        ((59.94,), Fraction(60000, 1001)),
        ((12.5,), Fraction(25, 2)),
    ],
)
def test_rates_are_exact(pair, exact):
    assert FrameRate.of(*pair).fps == exact


@pytest.mark.slow
@given(st.floats(0, 3600), st.sampled_from([23.976, 24, 25, 29.97, 30, 60]), st.floats(-100, 100))
def test_frames_and_seconds_invert(time_s, fps, start):
    rate = FrameRate.of(fps, start_frame=start)
    assert rate.seconds(rate.frames(time_s)) == pytest.approx(time_s, abs=1e-9)


@given(st.floats(0.01, 3600), st.sampled_from([23.976, 24, 25, 29.97, 30, 60]))
def test_grid_ends_inside_the_sound(duration_s, fps):
    grid = FrameRate.of(fps).grid(duration_s)
    assert grid[0] == 0
    assert grid[-1] <= duration_s + 1e-7
    assert grid[-1] + 1 / fps > duration_s - 1e-6


def test_a_rate_of_zero_is_refused():
    with pytest.raises(ValueError):
        FrameRate(Fraction(0))
