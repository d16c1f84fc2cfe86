"""What the style decides, and two systems compared: tests over persons whose answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.evaluate import FIGURES, Interval, score
from mannerism.core.evaluate.compare import Comparison, compare
from mannerism.core.evaluate.interval import combined, mean_over_persons, transformed
from mannerism.core.evaluate.paired import EXACT, moves_towards, own_reference, own_style, sign_flip
from mannerism.core.evaluate.style_id import share_of_ceiling

# Two figures together


def test_what_is_hard_about_persons_cancels_in_a_difference():
    random = np.random.default_rng(0)
    persons = [str(i) for i in range(12)]
    hard = 10.0 * random.normal(size=12)
    one, other = (mean_over_persons(persons, hard + by) for by in (0.5, 0.0))
    found = combined(one, other, np.subtract)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))
    assert one.high - one.low > 5.0
    # Apart from the person, one system is better by 0.5 and varies by 0.1 a person: the interval says so.
    noisy = mean_over_persons(persons, hard + 0.5 + 0.1 * random.normal(size=12))
    found = combined(noisy, other, np.subtract)
    assert 0.4 < found.low < found.value < found.high < 0.6


def test_other_persons_or_one_alone_cannot_be_compared():
    a, b = mean_over_persons(["a", "b"], np.arange(2.0)), mean_over_persons(["a", "c"], np.arange(2.0))
    alone = mean_over_persons(["a"], np.ones(1))
    assert np.isnan(combined(a, b, np.subtract).value)
    assert np.isnan(combined(alone, alone, np.subtract).value)
    assert transformed(alone, np.exp).value == pytest.approx(np.e)


def test_a_monotone_function_takes_the_bounds_along():
    found = mean_over_persons(["a", "b", "c", "d"], np.array([0.0, 1.0, 5.0, 2.0]))
    doubled = transformed(found, lambda values: 2.0 * values)
    assert (doubled.value, doubled.low, doubled.high) == pytest.approx(
        (2 * found.value, 2 * found.low, 2 * found.high)
    )


def test_the_share_of_the_way_to_the_ceiling():
    persons = ["a", "b", "c", "d"]
    auc, real = (mean_over_persons(persons, np.array(values)) for values in ([0.6, 0.8] * 2, [0.7, 1.1] * 2))
    found = share_of_ceiling(auc, real)
    assert found.value == pytest.approx(0.5)  # (0.7 − 0.5) / (0.9 − 0.5)
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))  # and so for each person
    assert share_of_ceiling(real, real).value == 1.0


# Sign flips


def test_signs_that_all_agree_are_as_rare_as_can_be():
    found = sign_flip(["a", "a", "b", "c", "d"], np.array([1.0, 3.0, 0.5, 2.0, 1.0]))
    assert found.mean == pytest.approx((2.0 + 0.5 + 2.0 + 1.0) / 4)
    assert found.persons == 4
    assert found.p == 1 / 16
    assert sign_flip(["a", "b", "c"], np.zeros(3)).p == 1.0
    assert sign_flip(["a", "b", "c"], np.array([1.0, 1.0, -5.0])).p == 5 / 8  # the 4 with + 5, and itself
    assert np.isnan(sign_flip([], np.empty(0)).p)


def test_takes_of_one_person_are_one_fact():
    once = sign_flip(["a", "b", "c"], np.array([1.0, 2.0, 0.5]))
    often = sign_flip(["a", "b", "c"] * 8, np.tile([1.0, 2.0, 0.5], 8))
    assert often == once


def test_many_persons_are_tried_by_chance_and_agree_with_all_ways():
    random = np.random.default_rng(1)
    values = random.normal(0.1, 1.0, EXACT)
    exact = sign_flip([str(i) for i in range(EXACT)], values).p
    more = sign_flip([str(i) for i in range(EXACT + 1)], np.append(values, 1e-6)).p
    assert 0.01 < exact < 0.5
    assert more == pytest.approx(exact, abs=0.01)


@pytest.mark.slow
def test_chance_is_below_one_in_ten_as_often_as_that():
    random = np.random.default_rng(2)
    persons = [str(i) for i in range(9)]
    found = np.array([sign_flip(persons, random.normal(size=9)).p for _ in range(400)])
    assert (found <= 0.1).mean() == pytest.approx(0.1, abs=0.05)
    assert found.mean() == pytest.approx(0.5, abs=0.06)


# What the style decides


def in_the_style_of(takes, by):
    """Each with the real motion of the person some places further, and whose that is."""
    shifted = takes[by:] + takes[:by]
    made = [
        take.with_motion(replace(other.target, valid=take.target.valid), "wrong style")
        for take, other in zip(takes, shifted, strict=True)
    ]
    return made, {(take.pair, 0): other.pair for take, other in zip(takes, shifted, strict=True)}


def test_persons_are_near_their_own_reference_and_strangers_are_not(takes, verifier):
    real = [take.with_motion(take.target, "real") for take in takes]
    found = own_reference(real, verifier)
    assert (found.p, found.persons) == (1 / 2**8, 8)
    strangers, _ = in_the_style_of(takes, 3)
    assert own_reference(strangers, verifier).p > 0.05


def test_a_style_that_decides_moves_the_motion_and_one_that_does_not_moves_nothing(takes, verifier):
    wrong, towards = in_the_style_of(takes, 3)
    assert own_style(takes, wrong, verifier).p < 0.01
    assert moves_towards(takes, wrong, verifier, towards).p < 0.01
    deaf = [replace(take, system="wrong style") for take in takes]
    for found in (own_style(takes, deaf, verifier), moves_towards(takes, deaf, verifier, towards)):
        assert (found.mean, found.p) == (0.0, 1.0)


def test_only_takes_that_both_have_are_compared_and_kinds_apart(takes, verifier):
    wrong, towards = in_the_style_of(takes, 1)
    assert own_style(takes, wrong[:5], verifier).persons == 5
    assert own_style(takes, [], verifier).persons == 0
    # A stranger of the other kind has no reference that could be compared.
    mixed = [replace(take, kind="same") if i < 4 else take for i, take in enumerate(takes)]
    other = [replace(take, kind="same") if i < 4 else take for i, take in enumerate(wrong)]
    assert own_style(mixed, other, verifier).persons == 8
    assert moves_towards(mixed, other, verifier, towards).persons == 6


# Two systems


@pytest.mark.slow
def test_half_the_size_is_worse_in_kin_and_equal_in_sync(takes):
    half = [
        replace(take, motion=replace(take.motion, angles_deg=0.5 * take.motion.angles_deg), system="half")
        for take in takes
    ]
    rows = score([*takes, *half])
    (found,) = compare(rows, "half", "another take")
    assert list(found.worse) == ["kin", "sync_gap", "hold_gap"]
    assert found.verdict("kin") == "worse"
    assert found.verdict("sync_gap") == "open"
    assert found.worse["hold_gap"].value == pytest.approx(0.0, abs=1e-9)
    (back,) = compare(rows, "another take", "half")
    assert back.verdict("kin") == "better"
    assert back.worse["kin"].value == pytest.approx(-found.worse["kin"].value)
    assert compare(rows, "half", "nobody") == ()


def test_worse_is_as_each_figure_means_it():
    better = {"style_id": 0.9, "kin": 1.0, "sync_gap": 0.2, "hold_gap": 0.2, "c2st": 0.5}
    for name, badness in FIGURES.items():
        assert badness(np.array([better[name]]))[0] == badness(better[name])
    found = Comparison("a", "b", "other", {"kin": Interval(0.1, -0.1, 0.3)})
    assert found.verdict("kin") == "open"
