"""The judges of Obey, on motion of which the answer is known."""

import numpy as np
import pytest

from mannerism.core.evaluate.obey import Asked, obeyed, swings, window_at
from mannerism.core.motion import GRID_HZ
from mannerism.core.style.resampling import low_pass


def wander(seed, count=750, size=4.0):
    noise = np.cumsum(np.random.default_rng(seed).normal(size=(count + 200, 3)), axis=0)
    smooth = low_pass(
        noise - np.stack([np.convolve(c, np.full(101, 1 / 101), "same") for c in noise.T], axis=1)
    )
    return size * (smooth / smooth.std(axis=0))[100:-100]


def nod(count, at_s, depth, length_s=0.6):
    time_s = np.arange(count) / GRID_HZ - at_s
    share = np.clip(np.abs(time_s) / (0.5 * length_s), 0, 1)
    return depth * 0.5 * (1 + np.cos(np.pi * share))


def asked(person, seed, *, jolt=0.0, depth=0.0, made_depth=0.0, late_s=0.0):
    made, at_s = wander(seed), 15.0
    if jolt:
        made[:, 1] += nod(len(made), at_s, jolt, 0.3)
    if depth:
        made *= 0.2
        made[:, 0] += nod(len(made), at_s + late_s, made_depth)
    return Asked(person, at_s, made, wander(seed + 1000), wander(seed + 2000), 0.0, depth)


def cases(**given):
    return [asked(f"p{i % 6}", i, **given) for i in range(36)]


def test_swings_are_found_where_and_as_deep_as_they_are():
    values = nod(500, 5.0, 6.0) + nod(500, 12.0, 3.0) + 0.5 * nod(500, 12.0, 3.0, 4.0)
    found = swings(values, 1.0)
    assert [swing.time_s for swing in found] == pytest.approx([5.0, 12.0], abs=0.041)
    assert [swing.depth for swing in found] == pytest.approx([6.0, 3.5], abs=0.6)
    assert not swings(values, 7.0)
    assert not swings(np.zeros(100), 0.1)


def test_what_moves_as_the_free_takes_is_not_distinguished():
    found = obeyed(cases())
    assert found.c2st.value < 0.62
    assert found.within.value > 0.5


def test_a_jolt_is_distinguished_and_beyond_the_person():
    found = obeyed(cases(jolt=25.0))
    assert found.c2st.value > 0.9
    assert found.within.value < 0.1


@pytest.mark.slow
def test_gestures_are_found_in_time_and_in_size():
    right = obeyed(cases(depth=8.0, made_depth=8.0))
    assert right.found.value == 1.0
    assert right.deep.value > 0.9
    flat = obeyed(cases(depth=8.0, made_depth=5.0))
    assert flat.found.value > 0.9
    assert flat.deep.value < 0.3
    assert obeyed(cases(depth=8.0, made_depth=8.0, late_s=0.5)).found.value < 0.2


@pytest.mark.slow
def test_rivals_are_what_it_is_compared_with():
    given = cases(depth=8.0, made_depth=8.0)
    same = [window_at(one.made, one.time_s) for one in cases(depth=8.0, made_depth=8.0)]
    assert obeyed(given, same).c2st.value == pytest.approx(0.5, abs=0.01)


def test_misses_are_their_95th_percentile_and_nothing_is_nothing():
    given = [Asked("a", 1.0, wander(1), wander(2), wander(3), float(i)) for i in range(101)]
    assert obeyed(given).missed_deg.value == pytest.approx(95.0)
    assert np.isnan(obeyed([]).c2st.value)
