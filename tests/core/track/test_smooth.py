"""Smoothing knows answers: scipy's filter on uniform times, parabolas on any, straight bridges over gaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import savgol_filter

from mannerism.core.track.smooth import WINDOW_S, hops, smooth


def everywhere(time_s):
    return np.ones(len(time_s), bool)


def test_on_uniform_times_it_is_the_filter_of_savitzky_and_golay():
    time_s = np.arange(200) / 25
    values = np.random.default_rng(0).normal(size=(200, 6))
    expected = savgol_filter(values, window_length=7, polyorder=2, axis=0)
    inner = slice(4, -4)  # at the ends the windows lie differently
    result = smooth(time_s, values, everywhere(time_s))
    np.testing.assert_allclose(result[inner], expected[inner], atol=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_parabola_at_uneven_times_passes_unchanged(seed):
    random = np.random.default_rng(seed)
    time_s = np.cumsum(random.uniform(0.005, 0.06, 120))
    values = np.stack([np.ones(120), time_s, time_s**2], axis=1)
    np.testing.assert_allclose(smooth(time_s, values, everywhere(time_s)), values, atol=1e-7)


@pytest.mark.parametrize("rate", [10, 24, 29.97, 60])
def test_it_does_not_lag(rate):
    time_s = np.arange(int(8 * rate)) / rate
    values = np.sin(2 * np.pi * 1.0 * time_s)[:, None]
    result = smooth(time_s, values, everywhere(time_s))
    later, earlier = (np.interp(time_s + shift, time_s, result[:, 0]) for shift in (0.01, -0.01))
    inner = slice(int(rate), -int(rate))
    same = np.abs(result - values)[inner].max()
    assert same < 0.02
    assert np.abs(later - values[:, 0])[inner].max() > 2 * same
    assert np.abs(earlier - values[:, 0])[inner].max() > 2 * same


def test_time_reversed_input_gives_time_reversed_output():
    random = np.random.default_rng(1)
    time_s = np.cumsum(random.uniform(0.01, 0.05, 150))
    values = random.normal(size=(150, 2))
    valid = random.random(150) > 0.2
    forwards = smooth(time_s, values, valid)
    backwards = smooth((time_s[-1] - time_s)[::-1], values[::-1], valid[::-1])[::-1]
    np.testing.assert_allclose(forwards, backwards, atol=1e-9)


def test_the_window_is_told_in_seconds():
    noise = np.random.default_rng(2).normal(size=(6000, 1))
    left = {rate: smooth(np.arange(6000) / rate, noise, np.ones(6000, bool)).std() for rate in (25, 60)}
    # the noise left by a local parabola falls with the root of the number of samples: 7 and 17 here
    assert left[60] / left[25] == pytest.approx(np.sqrt(7 / 17), rel=0.1)


def test_gaps_are_bridged_straight_and_ends_held():
    time_s = np.arange(100) / 25
    values = np.where(time_s < 2, 1.0, 3.0)[:, None]
    valid = (time_s > 0.5) & (time_s < 3.5) & ~((time_s > 1.5) & (time_s < 2.5))
    values[~valid] = np.nan
    result = smooth(time_s, values, valid)[:, 0]
    last, first = time_s[valid & (time_s < 2)][-1], time_s[valid & (time_s > 2)][0]
    np.testing.assert_allclose(result, np.interp(time_s, [last, first], [1.0, 3.0]), atol=1e-9)


def test_a_single_lost_frame_does_not_break_the_window():
    time_s = np.arange(50) / 25
    values = (time_s**2)[:, None]
    valid = everywhere(time_s)
    valid[20] = False
    np.testing.assert_allclose(smooth(time_s, values, valid)[valid], values[valid], atol=1e-9)
    noisy = values + np.random.default_rng(3).normal(size=values.shape)
    assert WINDOW_S / 2 > 2 / 25  # else this test proves nothing
    assert np.abs(smooth(time_s, noisy, valid)[19] - noisy[19]) > 1e-3


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_valid_frames_are_kept_as_they_are(count):
    time_s = np.arange(20) / 25
    valid = np.zeros(20, bool)
    valid[5 : 5 + count] = True
    values = np.random.default_rng(4).normal(size=(20, 1))
    np.testing.assert_allclose(smooth(time_s, values, valid)[valid], values[valid], atol=1e-9)


def test_single_frames_that_jump_out_are_hops_and_fast_motion_is_not():
    time_s = np.arange(100) / 25
    nod = np.stack(
        [3 * np.sin(2 * np.pi * 5 * time_s), 10 * np.sin(2 * np.pi * time_s), np.zeros(100)], axis=1
    )
    turn = np.clip(20 * (time_s[:, None] - 2), 0, 60) * [0.0, 15.0, 0.0]  # 300 degrees a second, and a stop
    assert not hops(time_s, nod, 5.0).any()
    assert not hops(time_s, turn, 5.0).any()
    slips = nod.copy()
    slips[[10, 40]] += [[0, 9, 0], [7, 0, 7]]
    assert np.flatnonzero(hops(time_s, slips, 5.0)).tolist() == [10, 40]
    assert not hops(time_s[:2], slips[:2], 5.0).any()
