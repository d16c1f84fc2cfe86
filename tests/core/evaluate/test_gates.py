"""The gates of the scorecard, One2Many and Clean, each on motion whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.evaluate import cheat_takes
from mannerism.core.evaluate.clean import clean, coverage, drift_deg_min
from mannerism.core.evaluate.one_to_many import nearest, one_to_many
from mannerism.core.motion import GRID_HZ
from mannerism.core.style.resampling import low_pass
from mannerism.tests.support.synthetic_tracks import grid_of, judged, wave
from mannerism.tools.synthetic.persons import draw_takes

# One2Many


def test_seeds_that_say_the_same_have_no_spread(takes):
    twice = [replace(take, seed=seed) for take in takes for seed in (0, 1)]
    assert one_to_many(twice).spread.value == 0.0
    assert np.isnan(one_to_many(takes).spread.value)


@pytest.mark.slow
def test_a_person_taken_again_spreads_as_people_do():
    found = one_to_many(draw_takes(8, seed=1, seeds=3))
    assert 0.7 < found.spread.value < 1.3
    assert 0.9 < found.novelty.value < 1.1


@pytest.mark.parametrize("change", [1.0, 0.3, np.array([1.0, -1.0, -1.0])], ids=["copy", "small", "mirrored"])
def test_copies_are_found(takes, change):
    """At any size, mirrored, and from anywhere in the reference."""
    copies = [
        judged(take, np.roll(take.reference.angles_deg, -60, axis=0)[np.arange(len(take.target.valid)) % 300])
        for take in takes
    ]
    changed = [judged(take, take.motion.angles_deg * change) for take in copies]
    assert one_to_many(changed).novelty.high < 0.5


def test_a_copy_is_nowhere_near_and_a_head_at_rest_is_no_copy(takes):
    track = takes[0].reference
    assert nearest(track, track) == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(nearest(grid_of(np.zeros((300, 3))), track))
    assert np.isnan(nearest(grid_of(wave(1.0)), track))


# Clean


def test_what_the_person_did_is_clean(takes):
    found = clean([judged(take, take.target.angles_deg) for take in takes])
    for name in ("jerk", "coverage", "drift", "seams", "tremble"):
        assert getattr(found, name).value == pytest.approx(1.0), name


def test_faults_are_told(takes):
    ramp = np.linspace(0.0, 10.0, len(takes[0].target.valid))[:, None] * [0.0, 1.0, 0.0]
    step = np.where(np.arange(len(ramp)) % 100 < 50, 0.0, 5.0)[:, None] * [1.0, 0.0, 0.0]
    assert clean([judged(take, take.target.angles_deg + 4 * ramp) for take in takes]).drift.low > 2.0
    assert clean([judged(take, take.target.angles_deg + step) for take in takes]).seams.low > 1.5
    assert clean([judged(take, take.target.angles_deg * 0.5) for take in takes]).jerk.value == pytest.approx(
        0.5
    )
    shaken = clean(cheat_takes("jitter", takes))
    assert shaken.jerk.low > 1.25
    assert shaken.tremble.low > 1.25
    assert clean([judged(take, take.target.angles_deg + 10 * step) for take in takes]).max_speed.value > 250


def test_pieces_in_another_order_show_their_joints_and_bursts_do_not(takes):
    pieces, bursts = [], []
    for take in takes:
        angles = take.target.angles_deg
        order = np.random.default_rng(0).permutation(len(angles) // 40)
        shuffled = np.concatenate([angles[40 * i : 40 * i + 40] for i in order])
        pieces.append(judged(take, low_pass(shuffled[np.arange(len(angles)) % len(shuffled)])))
        swell = 1.0 + 0.8 * np.sin(2 * np.pi * np.arange(len(angles)) / (4 * GRID_HZ))
        bursts.append(judged(take, angles * swell[:, None]))
    assert clean(pieces).seams.value > 1.5
    assert clean(pieces).seams.low > 1.2
    assert clean(bursts).seams.high < 1.5


def test_ranges_and_slopes_that_are_known():
    a = grid_of(wave(12.0))
    assert coverage(a, a) == pytest.approx(1.0)
    assert coverage(grid_of(0.5 * wave(12.0)), a) == pytest.approx(2 / 3, abs=0.01)
    assert coverage(grid_of(np.zeros((300, 3))), a) == 0.0
    slope = np.arange(300)[:, None] / GRID_HZ * [0.0, 0.1, 0.0]
    assert drift_deg_min(grid_of(slope)) == pytest.approx(6.0)
