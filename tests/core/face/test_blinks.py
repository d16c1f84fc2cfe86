"""Lids: a person's own rate, where speech pauses, the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.face.blinks import blink_times, blinks
from mannerism.core.face.manner import FaceManner
from mannerism.core.motion import GRID_HZ

HOUR = 3600 * GRID_HZ


def manner(rate, length_s=0.15):
    return replace(FaceManner.average(), blinks_per_minute=rate, blink_s=length_s)


def speech(count):
    """Speech with pauses of 0.6 s, fifteen a minute."""
    return np.arange(count) % (4 * GRID_HZ) < round(3.4 * GRID_HZ)


@pytest.mark.parametrize("rate", [8.0, 20.0, 45.0])
def test_rate_is_the_persons_over_an_hour(rate):
    found = [len(blink_times(speech(HOUR), manner(rate), seed)) / 60.0 for seed in range(4)]
    # A Poisson process would have a deviation of √(60 · rate) / 60 blinks a minute.
    assert abs(np.mean(found) - rate) < 0.06 * rate + 3 * np.sqrt(60 * rate) / 60 / 2


def test_pauses_draw_blinks():
    talking = speech(HOUR)
    times = blink_times(talking, manner(20.0), 3)
    in_pause = ~talking[np.rint(times * GRID_HZ).astype(int)]
    assert in_pause.mean() > 2.0 * (~talking).mean()


def test_same_seed_same_blinks_another_seed_others():
    talking = speech(HOUR // 10)
    np.testing.assert_array_equal(
        blink_times(talking, manner(20.0), 5), blink_times(talking, manner(20.0), 5)
    )
    assert not np.array_equal(blink_times(talking, manner(20.0), 5), blink_times(talking, manner(20.0), 6))


def test_what_is_said_later_moves_no_blink():
    talking = speech(HOUR // 10)
    whole, part = (blink_times(talking[:count], manner(20.0), 1) for count in (len(talking), 2000))
    np.testing.assert_array_equal(whole[whole < 78.0], part[part < 78.0])


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0])
def test_lids_shut_for_as_long_as_the_persons(fps):
    time_s = np.arange(0.0, 40.0, 1.0 / fps)
    shut = blinks(time_s, np.arange(1.0, 39.0, 2.0), 0.2)
    assert shut.min() == 0.0
    assert 0.9 < shut.max() <= 1.0
    assert (shut > 0.5).mean() * 40.0 / 19 == pytest.approx(0.2, abs=0.25 / fps)
