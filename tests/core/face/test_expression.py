"""Brows, cheeks and lids beside speech: measured, replayed by the voice, made for people in general, dosed."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import SettingsError
from mannerism.core.face.channels import expression_table
from mannerism.core.face.curves import curves_from_audio
from mannerism.core.face.doses import DOSES, ExpressionDoses, expression_doses
from mannerism.core.face.expression import expression_of
from mannerism.core.face.expression_from_speech import expression_from_speech
from mannerism.core.face.expression_parts import NUMBERS, PARTS, dosed
from mannerism.core.face.manner import FaceManner
from mannerism.core.face.recorded_expression import LEAST_S, recorded, replayed
from mannerism.core.face.usual_expression import generated, usual_expression
from mannerism.core.motion import GRID_HZ
from mannerism.core.track.head_pose import canonical_face
from mannerism.tests.support.paths import EXAMPLES

BROWS = [336, 285, 296, 295, 107, 55, 66, 65, 300, 276, 293, 283, 70, 46, 63, 53]


def voice(seconds, seed=0):
    """Loudness that goes up and down."""
    return 0.8 * np.convolve(
        np.random.default_rng(seed).normal(size=round(seconds * GRID_HZ) + 12), np.ones(13) / 13**0.5, "valid"
    )


def coupled(seconds, seed=0):
    """A person whose brows rise with loudness, 0.12 s before it, as `recorded` has it."""
    loud = voice(seconds, seed)
    time_s = np.arange(len(loud)) / GRID_HZ
    numbers = 2e-4 * np.random.default_rng(seed + 1).normal(size=(len(loud), len(NUMBERS)))
    numbers[:-3, :2] += 1e-3 * loud[3:, None]
    found = recorded(numbers, time_s, loud)
    assert found is not None
    return found


def raised(numbers):
    return numbers[:, :2].mean(axis=1)


def r(a, b):
    return float(np.corrcoef(a, b)[0, 1])


def test_a_known_raise_is_measured_whatever_the_head_and_the_lids_do():
    count = 400
    random = np.random.default_rng(0)
    points = np.tile(canonical_face(), (count, 1, 1))
    up, turn = 2e-3 * random.normal(size=count), 0.1 * random.normal(size=(count, 3))
    points[:, BROWS, 1] += up[:, None] + 0.01 * turn[:, :1]  # a nod leaks into the height
    shut = np.arange(count) % 50 < 5
    points[shut] += 0.02  # what a blink does
    found = expression_of(points, turn, shut)
    seen = np.convolve(shut, np.ones(7), "same") == 0
    assert r(raised(found)[seen], up[seen]) > 0.99
    assert raised(found)[seen].std() == pytest.approx(up.std(), rel=0.1)
    assert abs(found[:, PARTS["cheeks"]]).max() < 1e-6
    leaking = expression_of(points, None, shut)
    assert abs(r(raised(found), turn[:, 0])) < 0.05 < abs(r(raised(leaking), turn[:, 0]))


def test_lids_that_are_always_shut_say_nothing():
    points = np.tile(canonical_face(), (50, 1, 1))
    np.testing.assert_array_equal(expression_of(points, None, np.ones(50, np.bool_)), 0.0)


@pytest.mark.slow
def test_brows_follow_the_voice_as_this_person_s_do():
    known = coupled(30.0)
    loud = voice(60.0, seed=9)
    played = raised(replayed(known, loud, 3))
    shuffled = known._replace(voice=np.random.default_rng(0).permutation(known.voice))
    strangers = raised(replayed(shuffled, loud, 3))
    assert r(played[:-3], loud[3:]) > 0.45
    assert abs(r(strangers[:-3], loud[3:])) < 0.3
    assert played.std() == pytest.approx(raised(known.numbers).std(), rel=0.3)


def test_brows_go_with_the_head_where_it_is_known():
    """Somebody whose brows rise while the head turns quickly: 1.5 s at a time."""
    seconds, loud = 24.0, voice(24.0)
    time_s = np.arange(round(seconds * GRID_HZ)) / GRID_HZ
    quick = (time_s % 3.0) < 1.5
    turn = np.zeros((len(time_s), 3))
    turn[:, 1] = np.cumsum(np.where(quick, 0.02, 0.001) * np.sign(np.sin(2.0 * np.pi * time_s)))
    numbers = np.zeros((len(time_s), len(NUMBERS)))
    numbers[:, :2] = 2e-3 * quick[:, None]
    known = recorded(numbers, time_s, loud, turn)
    assert known is not None
    assert known.head is not None
    asked = np.where((time_s + 0.7) % 4.0 < 2.0, np.quantile(known.head, 0.9), np.quantile(known.head, 0.1))
    followed = raised(replayed(known, loud, 0, asked))
    free = raised(replayed(known, loud, 0))
    assert r(followed, asked) > 0.5 > abs(r(free, asked))


@pytest.mark.parametrize("manner", [FaceManner.average(), "recorded"])
def test_a_seed_is_one_face_and_speech_that_is_added_moves_nothing_long_before(manner):
    if manner == "recorded":
        known = coupled(12.0)
        manner = replace(FaceManner.average(), expression=known.numbers, voice=known.voice)
    loud = voice(30.0, seed=4)
    talking = np.ones(len(loud), np.bool_)
    whole, again, other = (expression_from_speech(loud, talking, manner, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(whole, again)
    assert not np.array_equal(whole, other)
    cut = 20 * GRID_HZ
    short = expression_from_speech(loud[:cut], talking[:cut], manner, 1)
    unmoved = cut - 6 * GRID_HZ
    np.testing.assert_array_equal(short[:unmoved], whole[:unmoved])


def test_a_long_silence_comes_to_rest():
    loud = np.full(20 * GRID_HZ, -4.0)
    loud[: 5 * GRID_HZ] = 0.0
    found = expression_from_speech(loud, loud > -1.5, FaceManner.average(), 0)
    assert np.abs(found[: 5 * GRID_HZ]).max() > 1e-4
    np.testing.assert_array_equal(found[9 * GRID_HZ :], 0.0)


@pytest.mark.slow
def test_people_in_general_have_the_sizes_and_couplings_of_the_table():
    usual = usual_expression()
    loud = np.tile(voice(60.0), 20)
    made = generated(loud, 11)
    assert made.std(axis=0) == pytest.approx(usual.sizes_m, rel=0.15)
    assert np.atleast_2d(np.corrcoef(made.T))[0, 1] == pytest.approx(usual.alike[0, 1], abs=0.12)
    assert r(raised(made)[:-3], loud[3:]) == pytest.approx(usual.voice[0], abs=0.06)


def test_too_little_is_no_recording_and_gaps_are_not_played():
    seconds = np.arange(int(LEAST_S * GRID_HZ) - 5) / GRID_HZ
    assert recorded(np.zeros((len(seconds), 8)), seconds, None) is None
    time_s = np.arange(20 * GRID_HZ) / GRID_HZ
    kept = (time_s < 6.0) | (time_s > 12.0)
    numbers = np.zeros((len(time_s), 8))
    numbers[~kept] = 0.01
    found = recorded(numbers[kept], time_s[kept], voice(20.0))
    assert found is not None
    assert np.isnan(found.voice[7 * GRID_HZ : 11 * GRID_HZ]).all()
    found.numbers[np.isnan(found.voice)] = 9.0
    assert replayed(found, voice(20.0, 3), 0).max() < 1.0


@pytest.mark.parametrize("count", [0, 1, 4, 26])
def test_any_length_is_a_face(count):
    known = coupled(8.0)
    manner = replace(FaceManner.average(), expression=known.numbers, voice=known.voice)
    for each in (manner, FaceManner.average()):
        found = expression_from_speech(np.zeros(count), np.ones(count, np.bool_), each, 0)
        assert found.shape == (count, len(NUMBERS))
        assert np.isfinite(found).all()


def test_a_recording_without_a_voice_is_played_all_the_same():
    known = coupled(10.0)
    found = replayed(known._replace(voice=np.zeros(len(known.voice))), voice(8.0), 0)
    assert raised(found).std() > 0.3 * raised(known.numbers).std()


@pytest.mark.parametrize("part", DOSES)
def test_a_dose_moves_its_own_part_and_none_is_exactly_rest(part):
    numbers = np.random.default_rng(0).normal(size=(9, len(NUMBERS)))
    none, twice = (dosed(numbers, ExpressionDoses(**{part: dose})) for dose in (0.0, 2.0))
    own = PARTS[part]
    assert not none[:, own].any()
    np.testing.assert_array_equal(twice[:, own], 2.0 * numbers[:, own])
    others = np.delete(np.arange(len(NUMBERS)), own)
    np.testing.assert_array_equal(none[:, others], numbers[:, others])
    np.testing.assert_array_equal(dosed(numbers, ExpressionDoses()), numbers)


@pytest.mark.parametrize("wrong", [{"brows": 2.5}, {"cheeks": -0.1}, {"squint": float("nan")}])
def test_doses_out_of_range_are_refused(wrong):
    with pytest.raises(SettingsError, match="out of range"):
        expression_doses(wrong)


def test_a_dose_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(SettingsError, match="no dose “ears”") as caught:
        expression_doses({"ears": 1.0})
    assert "brows, cheeks, squint" in str(caught.value)


def test_brows_of_a_person_are_stretches_of_the_reference():
    """Somebody whose brows do one known thing: no other is seen."""
    count = 500
    numbers = np.zeros((count, 8))
    numbers[:, :2] = 0.004
    manner = replace(FaceManner.average(), expression=numbers, voice=np.zeros(count))
    found = curves_from_audio(EXAMPLES / "line_1.wav", manner).channels
    inner = found["browInnerUp"]
    talking = inner > 0.9 * inner.max()
    assert talking.mean() > 0.5
    assert inner.max() == pytest.approx(0.004 * expression_table()["browInnerUp"][:2].sum())
    assert not found["browDownLeft"].any()
    assert not found["eyeSquintRight"].any()
