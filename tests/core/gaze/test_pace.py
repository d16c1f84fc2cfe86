"""How lively eyes are, over seeds and over time."""

import numpy as np

from mannerism.core.gaze.pace import pace
from mannerism.core.motion import GRID_HZ
from mannerism.core.noise import Channel


def test_pace_is_standard_normal_over_seeds_at_any_moment():
    for moment in (0, 123, 250, 499):
        found = [pace(seed, Channel.GAZE_AWAY_PACE, moment, 1)[0] for seed in range(3000)]
        assert abs(np.mean(found)) < 0.06
        assert abs(np.std(found) - 1.0) < 0.05


def test_pace_changes_slowly():
    found = pace(3, Channel.GAZE_AWAY_PACE, 0, 600 * GRID_HZ)
    assert np.abs(np.diff(found)).max() < 0.02
    assert np.corrcoef(found[: -60 * GRID_HZ], found[60 * GRID_HZ :])[0, 1] < 0.5


def test_any_stretch_is_a_part_of_the_whole():
    whole = pace(5, Channel.GAZE_SMALL_PACE, -700, 3000)
    np.testing.assert_array_equal(pace(5, Channel.GAZE_SMALL_PACE, 11, 900), whole[711:1611])
