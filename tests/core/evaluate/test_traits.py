"""Traits of motions whose rests, bursts and couplings are known; what of them is carried over persons."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from mannerism.core.evaluate.adversarial_baselines import CHEATS
from mannerism.core.evaluate.c2st import area
from mannerism.core.evaluate.carried import carried
from mannerism.core.evaluate.interval import correlation_over_persons
from mannerism.core.evaluate.long_takes import LONGEST_S, long_takes
from mannerism.core.evaluate.random_convolutions import RandomConvolutions
from mannerism.core.evaluate.traits import COUPLING, RESTS, TRAITS, traits
from mannerism.core.motion import GRID_HZ
from mannerism.core.style.resampling import low_pass
from mannerism.tests.support.synthetic_tracks import grid_of
from mannerism.tools.synthetic.persons import draw_takes


def measured(*angles_deg):
    return dict(zip(TRAITS, traits([grid_of(each) for each in angles_deg]), strict=True))


def moved(rates):
    """Angles (T, 3) whose rates on the grid are the given ones (T, 3), but for the ends: samples two apart differ by them."""
    angles = np.zeros((len(rates), 3))
    for i in range(2, len(rates)):
        angles[i] = angles[i - 2] + 2.0 * rates[i - 1] / GRID_HZ
    return angles


def noise(seconds, *, coupled=0.0, seed=0):
    """Normal rates (T, 3) of which pitch and roll correlate."""
    rates = np.random.default_rng(seed).standard_normal((round(seconds * GRID_HZ), 3))
    rates[:, 2] = coupled * rates[:, 0] + np.sqrt(1.0 - coupled**2) * rates[:, 2]
    return rates


def test_rests_and_bursts_of_known_length():
    one = np.repeat([20.0, 1.0], [10, 15])  # 0.4 s of each second fast
    found = measured(moved(np.tile(one, 20)[:, None] * [1.0, 0.0, 0.0]))
    assert found["rest share"] == pytest.approx(0.6, abs=0.01)
    assert found["rest share in 4 s"] == pytest.approx(0.6, abs=0.01)
    assert found["burst, s"] == pytest.approx(0.4, abs=0.02)
    mean = 0.4 * 20.0 + 0.6
    logs = np.log(np.array([20.0, 1.0]) / mean + 0.1)
    assert found["sd of log speed"] == pytest.approx((logs[0] - logs[1]) * np.sqrt(0.24), abs=0.02)


def test_what_varies_between_windows_only_does_not_count_inside_them():
    slow_then_fast = moved(np.repeat([1.0, 20.0], 8 * GRID_HZ)[:, None] * [1.0, 1.0, 1.0])
    found = measured(slow_then_fast[: 8 * GRID_HZ], slow_then_fast[8 * GRID_HZ + 4 :])
    assert found["sd of log speed"] > 0.9
    assert found["sd of log speed in 4 s"] < 0.1
    assert found["rest share"] == pytest.approx(0.5, abs=0.02)
    assert found["rest share in 4 s"] < 0.05


def test_couplings_and_kurtosis_of_normal_rates():
    found = measured(moved(noise(400.0, coupled=0.6)))
    assert found["pitch–roll"] == pytest.approx(0.6, abs=0.03)
    assert found["pitch–yaw"] == pytest.approx(0.0, abs=0.04)
    assert found["yaw–roll"] == pytest.approx(0.0, abs=0.04)
    assert found["kurtosis"] == pytest.approx(3.0, abs=0.15)


def test_traits_know_no_size_and_a_still_head_is_at_rest():
    angles = moved(noise(40.0, coupled=-0.4))
    assert traits([grid_of(angles)]) == pytest.approx(traits([grid_of(3.0 * angles)]), rel=1e-6)
    still = measured(np.zeros((200, 3)))
    assert still["rest share"] == 1.0
    assert still["burst, s"] == still["kurtosis"] == still["pitch–roll"] == 0.0
    assert isnan(measured(np.zeros((80, 3)))["rest share in 4 s"])


def test_unseen_samples_count_for_nothing():
    angles = moved(noise(20.0, coupled=0.9))
    track = grid_of(angles)
    broken = angles.copy()
    broken[100:150, 0] += 40.0
    valid = track.valid.copy()
    valid[98:152] = False
    found = dict(zip(TRAITS, traits([replace(grid_of(broken), valid=valid)]), strict=True))
    assert found["pitch–roll"] == pytest.approx(0.9, abs=0.05)


def test_a_correlation_over_persons_weighs_each_person_the_same():
    a, b = np.array([1.0, 2.0, 4.0, 3.0]), np.array([2.0, 1.0, 5.0, 5.0])
    assert correlation_over_persons(list("abcd"), a, b).value == pytest.approx(np.corrcoef(a, b)[0, 1])
    doubled = correlation_over_persons([*"abcd", "d"], np.append(a, 3.0), np.append(b, 5.0))
    assert doubled.value == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert doubled.low <= doubled.value <= doubled.high
    left_out = correlation_over_persons([*"abcd", "e"], np.append(a, np.nan), np.append(b, 9.0))
    assert left_out.value == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert isnan(correlation_over_persons(list("abcd"), a, np.ones(4)).value)
    assert isnan(correlation_over_persons(list("aab"), a[:3], b[:3]).value)


def coupled_persons(count, seeds, *, own):
    """Takes of persons who differ in how pitch and roll go together; what is judged has the own coupling, or the next one's."""
    plain = draw_takes(count, seed=0, seconds=12.0, seeds=seeds)
    strengths = np.linspace(-0.8, 0.8, count)
    found = []
    for i, take in enumerate(plain):
        person = i // seeds
        shown = person if own else (person + count // 2) % count

        def like(strength, seed, track):
            rates = noise(len(track.valid) / GRID_HZ + 1.0, coupled=strength, seed=seed)
            return replace(track, angles_deg=moved(rates)[: len(track.valid)])

        found.append(
            replace(
                take,
                reference=like(strengths[person], 1000 + person, take.reference),
                target=like(strengths[person], 2000 + person, take.target),
                motion=like(strengths[shown], 3000 + i, take.motion),
            )
        )
    return found


def test_what_is_personal_is_carried_and_a_stranger_s_is_not():
    own = carried(coupled_persons(8, 2, own=True))["pitch–roll"]
    assert own.single.value > 0.9
    assert own.double.value >= own.single.value - 0.02
    assert own.whole.low > 0.8
    assert own.level.value == pytest.approx(0.0, abs=0.05)
    other = carried(coupled_persons(8, 2, own=False))["pitch–roll"]
    assert other.whole.value < 0.3


def test_a_level_that_is_wrong_is_seen_beyond_its_interval():
    takes = [take.with_motion(take.target, "real") for take in draw_takes(6, seed=2, seconds=12.0)]
    assert carried(takes)["rest share in 4 s"].level.value == 0.0
    restless = [CHEATS["spectrum noise"].make(take, takes, np.random.default_rng(0)) for take in takes]
    found = carried([take.with_motion(made, "noise") for take, made in zip(takes, restless, strict=True)])
    assert found["rest share in 4 s"].level.high < -0.05
    assert found["sd of log speed in 4 s"].level.high < -0.1
    assert isnan(found["rest share"].double.value), "one take each"


def test_axes_apart_keep_everything_but_their_coupling():
    takes = coupled_persons(8, 1, own=True)
    apart = [CHEATS["axes apart"].make(take, takes, np.random.default_rng(0)) for take in takes]
    for take, made in zip(takes, apart, strict=True):
        rates, real = (np.diff(track.angles_deg, axis=0) for track in (made, take.target))
        assert rates.std(axis=0) == pytest.approx(real.std(axis=0), rel=0.05)
    found = carried([take.with_motion(made, "apart") for take, made in zip(takes, apart, strict=True)])
    assert abs(found["pitch–roll"].value.value) < 0.1
    assert found["pitch–roll"].single.value < 0.7


def test_lines_in_one_manner_are_joined_up_to_forty_seconds():
    first, *_ = draw_takes(1, seed=0, seconds=17.2)  # 16 s of it are judged
    lines = [replace(first, pair=f"line {i}") for i in range(5)]
    length_s = len(first.motion.valid) / GRID_HZ
    assert 2 * length_s <= LONGEST_S < 3 * length_s
    assert [len(take.motions) for take in long_takes(lines)] == [2, 2, 1]
    seeds = [replace(line, seed=seed) for line in lines[:2] for seed in (0, 1)]
    assert [(take.seed, len(take.motions)) for take in long_takes(seeds)] == [(0, 2), (1, 2)]


def test_lines_of_two_references_stay_apart():
    """Of two recordings each of which is the other's target, joined lines would have the same motion on both sides."""
    first, *_ = draw_takes(1, seed=0)
    back = replace(first, pair="back", reference=first.target)
    assert [len(take.motions) for take in long_takes([first, back])] == [1, 1]


def test_random_convolutions_find_tremble_and_nothing_where_there_is_nothing():
    random = np.random.default_rng(0)
    takes = draw_takes(24, seed=3, seconds=10.0)
    windows = np.array([take.target.angles_deg[:100] for take in takes])
    further = np.array([take.motion.angles_deg[-100:] for take in takes])
    shaken = np.array([low_pass(one + 0.4 * random.standard_normal(one.shape)) for one in further])
    train, held = slice(0, 16), slice(16, 24)
    for made, least, most in ((shaken, 0.9, 1.0), (further, 0.15, 0.85)):
        known = np.concatenate([windows[train], made[train]])
        asked = np.concatenate([windows[held], made[held]])
        truth = np.arange(32) >= 16
        scores = RandomConvolutions().fit_predict(known, truth, asked)
        assert np.array_equal(scores, RandomConvolutions().fit_predict(known, truth, asked))
        assert least <= area(scores[8:], scores[:8]) <= most


def test_the_names_of_traits_are_told_apart():
    assert not set(RESTS) & set(COUPLING)
