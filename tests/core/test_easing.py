"""The quintic against what defines it."""

import numpy as np

from mannerism.core.easing import smootherstep


def test_it_rises_from_none_to_all_with_neither_speed_nor_acceleration_at_its_ends():
    share = np.linspace(0.0, 1.0, 10_001)
    values = smootherstep(share)
    speed = np.gradient(values, share)
    assert values[[0, 5000, -1]].tolist() == [0.0, 0.5, 1.0]
    assert (np.diff(values) > 0).all()
    for each in (speed, np.gradient(speed, share)):
        assert np.abs(each[[0, -1]]).max() < 0.01


def test_it_holds_outside():
    assert smootherstep(np.array([-3.0, 2.0])).tolist() == [0.0, 1.0]
