"""The scorecard's figures, each on motion whose answer is known."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mannerism.core.errors import ScoreError
from mannerism.core.evaluate import cheat_takes, make_take
from mannerism.core.evaluate.c2st import area, c2st, windows_of
from mannerism.core.evaluate.hold_gap import hold_gap, pause_ratio, rhythm
from mannerism.core.evaluate.interval import mean_over_persons, over_persons, ratio_over_persons
from mannerism.core.evaluate.kin import distance, kin
from mannerism.core.evaluate.style_id import style_id
from mannerism.core.evaluate.sync_gap import sync_gap, sync_z
from mannerism.core.motion import GRID_HZ, HeadMotion, HeadPoseTrack
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.style.resampling import to_grid
from mannerism.tests.support.judges import Distance, Linear
from mannerism.tests.support.synthetic_tracks import grid_of, judged, wave
from mannerism.tools.synthetic.persons import as_track, draw_person, draw_takes, move, speak

if TYPE_CHECKING:
    from mannerism.core.types import Array

# Takes


def test_a_take_is_what_target_motion_and_speech_share():
    random = np.random.default_rng(0)
    speech = speak(10.0, random)
    person = draw_person("a", random)
    whole = move(person, speech, random)
    hidden = np.ones(len(whole.time_s), np.bool_)
    hidden[100:150] = False
    target = HeadPoseTrack(whole.time_s + 1.0, whole.rotation, whole.translation_m, hidden)
    motion = HeadMotion(whole.time_s, whole.rotation, whole.translation_m)
    take = make_take("a", "p", reference=whole, target=target, motion=motion, speech=speech)
    assert (take.motion.start, len(take.motion.valid)) == (25, 210)  # to 0.6 s before the motion's end
    assert (take.target.start, len(take.target.valid)) == (25, 210)
    assert np.array_equal(take.motion.valid, take.target.valid)
    assert not take.motion.valid[110:140].any()
    # The target says a second later what the motion says.
    assert np.allclose(take.target.angles_deg[30:60], take.motion.angles_deg[5:35], atol=0.05)


def test_the_motion_may_have_any_rate():
    random = np.random.default_rng(0)
    speech = speak(8.0, random)
    track = move(draw_person("a", random), speech, random)
    motion = HeadMotion(track.time_s, track.rotation, track.translation_m).at(np.arange(0, 7.9, 1 / 60))
    take = make_take("a", "p", reference=track, target=track, motion=motion, speech=speech)
    assert np.abs(take.motion.angles_deg - take.target.angles_deg)[10:-10].max() < 0.05


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "twin"}, "twin"),
        ({"motion": as_track(wave(3.0))}, "motion"),
        ({"reference": as_track(wave(3.0))}, "reference"),
        ({"speech": speak(3.0, np.random.default_rng(0))}, "share 2.4 s"),
    ],
)
def test_what_cannot_be_judged_is_refused(change, said):
    track = as_track(wave(8.0))
    given = {
        "reference": track,
        "target": track,
        "motion": track,
        "speech": speak(8.0, np.random.default_rng(0)),
    }
    with pytest.raises(ScoreError, match=said):
        make_take("a", "p", **(given | change))


def test_a_face_that_was_never_seen_is_refused():
    track = as_track(wave(8.0))
    unseen = replace(track, valid=np.zeros(len(track.time_s), np.bool_))
    with pytest.raises(ScoreError, match="target"):
        make_take(
            "a",
            "p",
            reference=track,
            target=unseen,
            motion=track,
            speech=speak(8.0, np.random.default_rng(0)),
        )


# Intervals


def test_an_interval_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(0)
    persons = [str(i) for i in range(25)]
    held = [0.0 in mean_over_persons(persons, random.normal(size=25)) for _ in range(300)]
    assert 0.88 < np.mean(held) < 0.98


def test_takes_of_one_person_are_drawn_together():
    """Eight equal takes of each of ten persons are ten facts, not eighty."""
    values = np.random.default_rng(0).normal(size=10)
    persons = [str(i) for i in range(10)]
    once = mean_over_persons(persons, values)
    often = mean_over_persons(persons * 8, np.tile(values, 8))
    assert (often.value, often.low, often.high) == pytest.approx((once.value, once.low, once.high))
    drawn = over_persons(persons * 8, lambda rows: float(np.tile(values, 8)[rows].mean()))
    assert (drawn.low, drawn.high) == pytest.approx((once.low, once.high))


def test_a_ratio_of_means_and_rows_without_a_number():
    found = ratio_over_persons(["a", "b", "c"], np.array([1.0, 3.0, np.nan]), np.array([1.0, 1.0, 5.0]))
    assert found.value == 2.0
    assert (found.low, found.high) == (1.0, 3.0)


def test_one_person_gives_no_interval():
    found = mean_over_persons(["a", "a"], np.array([1.0, 2.0]))
    assert found.value == 1.5
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(mean_over_persons(["a", "b"], np.full(2, np.nan)).value)


# Kin


def test_a_motion_is_next_to_itself():
    a = grid_of(wave(12.0))
    assert distance(a, a) == 0.0
    assert distance(a, replace(a, angles_deg=a.angles_deg + 20.0)) == pytest.approx(0.0, abs=1e-9)


def test_half_and_double_are_equally_far():
    a, half = grid_of(wave(12.0)), grid_of(0.5 * wave(12.0))
    assert distance(a, half) == distance(half, a)
    # Half the size: log10 4 in density, (1 − ½)/√½ in speed and in angle.
    assert distance(a, half) > 2 * 0.5 / np.sqrt(0.5)
    spectrum = distance(a, half) - 2 * 0.5 / np.sqrt(0.5)
    assert 0 < spectrum <= np.log10(4) + 1e-9


def test_kin_is_one_for_the_person_and_none_for_a_copy(takes):
    assert kin([judged(take, take.target.angles_deg) for take in takes]).value == 1.0
    copies = [replace(take, motion=take.reference) for take in takes]
    assert kin(copies).value == 0.0


# SyncGap


def test_a_head_that_follows_the_voice_stands_out_at_any_lead_of_people():
    random = np.random.default_rng(3)
    speech = speak(20.0, random)
    person = draw_person("a", random)
    assert sync_z(to_grid(move(person, speech, random, follow=0.9)), speech) > 3.0


@pytest.mark.slow
def test_chance_is_zero_and_its_deviation_one():
    random = np.random.default_rng(4)
    person = draw_person("a", random)
    found = []
    for _ in range(60):
        track = to_grid(move(person, speak(20.0, random), random))
        found.append(sync_z(track, speak(20.0, random)))
    assert abs(np.mean(found)) < 0.5
    assert 0.6 < np.std(found) < 1.6
    assert np.mean(np.array(found) > 1.64) < 0.15


def test_a_head_at_rest_follows_nothing():
    speech = speak(10.0, np.random.default_rng(0))
    assert sync_z(grid_of(np.ones((250, 3))), speech) == 0.0
    assert np.isnan(sync_z(grid_of(wave(4.0)), speech))


@pytest.mark.slow
def test_driven_too_much_is_as_wrong_as_too_little(takes):
    more = sync_gap(draw_takes(16, seed=1, follow=1.0)).gap
    less = sync_gap(draw_takes(16, seed=1, follow=0.2)).gap
    same = sync_gap([judged(take, take.target.angles_deg) for take in takes])
    assert more.low > 0 > less.high
    assert (same.gap.value, same.gap.low, same.gap.high) == (0.0, 0.0, 0.0)
    assert same.z.value > 1.64
    assert same.share.value > 0.7


# HoldGap


def test_rhythms_that_are_known():
    rest = np.zeros((250, 3))
    hold, spread, _ = rhythm(grid_of(rest))
    assert (hold, spread) == (1.0, pytest.approx(0.0, abs=1e-9))
    hold, spread, kurtosis = rhythm(grid_of(np.cumsum(np.random.default_rng(0).normal(size=(9000, 3)), 0)))
    assert kurtosis == pytest.approx(3.0, abs=0.2)
    # Half of the time at rest, then at one speed.
    ramp = np.concatenate([np.zeros(500), np.arange(500.0)])[:, None] * [1.0, 0.0, 0.0]
    assert rhythm(grid_of(ramp))[0] == pytest.approx(0.5, abs=0.01)


def test_twice_as_fast_in_speech():
    values = np.zeros((400, len(NAMES)), np.float32)
    values[:200, NAMES.index("activity")] = 1.0
    speech = SpeechFeatures(np.arange(400) / GRID_HZ, values, 16.0)
    angle = np.cumsum(np.where(np.arange(400) < 200, 0.2, 0.1))[:, None] * [0.0, 1.0, 0.0]
    assert pause_ratio(grid_of(angle), speech) == pytest.approx(np.log(2.0), abs=0.02)
    assert np.isnan(pause_ratio(grid_of(angle[:210]), speech))


def test_copies_have_no_gap_and_noise_has(takes):
    assert hold_gap([replace(take, motion=take.reference) for take in takes]).gap.value == 0.0
    same = hold_gap([judged(take, take.target.angles_deg) for take in takes])
    noise = hold_gap(cheat_takes("spectrum noise", takes))
    assert noise.gap.low > same.gap.value
    assert same.pause.value == 0.0
    assert noise.pause.high < 0  # noise does not calm down in pauses


# StyleID


def test_persons_are_recognised_and_names_drawn_from_a_hat_are_not(takes, verifier):
    found = style_id([judged(take, take.target.angles_deg) for take in takes], verifier)
    assert found.auc.value > 0.9
    assert found.rank_1.value > 0.5
    # Over all ways to shift the names around, each motion claims to be everybody once: chance, exactly.
    shifted = [
        style_id([replace(take, motion=takes[i - by].target) for i, take in enumerate(takes)], verifier).auc
        for by in range(len(takes))
    ]
    assert np.mean([auc.value for auc in shifted]) == pytest.approx(0.5)
    assert max(auc.value for auc in shifted[1:]) < found.auc.low


def test_a_verifier_without_an_opinion_gives_chance(takes):
    class Blind(Distance):
        def __init__(self, answer):
            self._scale = np.ones(1)
            self._answer = answer

        def similarity(self, motions, references):
            return np.full((len(motions), len(references)), self._answer)

    for answer in (0.0, np.nan):
        found = style_id(takes, Blind(answer))
        assert (found.auc.value, found.rank_1.value) == (0.5, 0.0)


def test_nobody_is_told_from_nobody(takes, verifier):
    assert np.isnan(style_id(takes[:1], verifier).auc.value)
    assert np.isnan(c2st(takes[:1], Linear()).value)


# C2ST


def test_the_area_under_a_curve():
    assert area(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1.0
    assert area(np.array([0.0, 1.0]), np.array([2.0])) == 0.0
    assert area(np.array([1.0]), np.array([1.0, 1.0])) == 0.5
    assert area(np.array([1.0, 3.0]), np.array([2.0])) == 0.5


def test_windows_leave_gaps_out():
    track = grid_of(wave(10.0))
    assert windows_of(track).shape == (4, 100, 3)
    assert np.allclose(windows_of(track).mean(axis=1), 0.0)
    track.valid[100:120] = False
    assert len(windows_of(track)) == 2
    assert windows_of(grid_of(wave(3.0))).shape == (0, 100, 3)


def test_jitter_is_distinguished_from_real_and_real_is_not(takes):
    assert c2st(cheat_takes("jitter", takes), Linear()).low > 0.9
    assert c2st([judged(take, take.target.angles_deg) for take in takes], Linear()).low < 0.65


def test_shuffled_labels_teach_nothing(takes):
    class Misled(Linear):
        def fit_predict(self, windows, made, unseen):
            return super().fit_predict(windows, np.random.default_rng(0).permutation(made), unseen)

    assert c2st(cheat_takes("jitter", takes), Misled()).value < 0.75


def test_a_classifier_never_meets_the_persons_that_it_is_asked_about(takes):
    class Witness:
        def fit_predict(self, windows, made, unseen):
            calls.append((windows, unseen))
            return np.zeros(len(unseen))

    calls: list[tuple[Array, Array]] = []
    assert c2st(takes, Witness()).value == 0.5
    for windows, unseen in calls:
        assert not {window.tobytes() for window in windows} & {window.tobytes() for window in unseen}
    tracks = [track for take in takes for track in (take.reference, take.motion)]
    everything = sum([len(windows_of(track)) for track in tracks])
    assert sum([len(unseen) for _, unseen in calls]) == everything
