"""The score of made eyes on persons whose eyes are made by the same rule, and on eyes fixed in the head."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is there for training alone")

from mannerism.core.face.measured_gaze import MeasuredGaze
from mannerism.core.motion import GRID_HZ
from mannerism.training.data.dataset import Recording
from mannerism.training.face.gaze_corpus import Looked, _noise, _slope, seen
from mannerism.training.face.gaze_judge import COLUMNS, NAMES, events, statistics
from mannerism.training.face.gaze_score import (
    HEADINGS,
    SYSTEMS,
    distinguished,
    figures,
    made,
    on_grid,
    rows,
    with_own_share,
)

pytestmark = pytest.mark.usefixtures("one_thread")

ROW = Recording("a", "a", "s", "a", "l", "test", 15.0, (0.0, 0.0, 0.0), 0.0, 9.0, False, ((0, 375),))
FPS = 30


def person(number, seconds=15.0):
    """Somebody whose eyes are those of the model, seen with some noise, in two blinks not at all."""
    random = np.random.default_rng(number)
    time_s = np.arange(round(seconds * FPS)) / FPS
    waves = time_s[:, None] * random.uniform(0.5, 2.0, 6) + random.uniform(0.0, 6.0, 6)
    head = np.radians(
        np.column_stack([2.5 * np.sin(waves[:, :3]).sum(axis=1), 1.5 * np.sin(waves[:, 3:]).sum(axis=1)])
    )
    known = np.ones(len(time_s), np.bool_)
    known[60:68] = known[200:210] = False
    nothing = MeasuredGaze(time_s, np.zeros_like(head), head, known)
    talking = np.arange(round(seconds * GRID_HZ)) % 100 > 20
    row = replace(ROW, id=f"{number}", person=f"{number}")
    empty = Looked(row, nothing, np.zeros_like(head), np.zeros(2), talking)
    noisy = replace(empty, noise=np.radians(random.normal(size=head.shape)))
    gaze = seen(noisy, made(empty, 1000 + number))
    return replace(empty, real=replace(nothing, gaze=gaze), noise=np.radians(random.normal(size=head.shape)))


def test_events_are_counted_where_gaze_jumps():
    gaze = np.zeros((100, 2))
    gaze[40:, 0], gaze[80:, 1] = 6.0, 4.0
    size, up = events(gaze)
    assert np.sort(size[size > 0.0]) == pytest.approx([4.0, 6.0])
    assert up[size > 0.0].max() == pytest.approx(4.0)


def test_figures_of_gaze_that_is_averted_in_a_pause():
    columns = np.zeros((250, COLUMNS))
    columns[:, 4] = 1.0
    columns[100:150, 0], columns[100:150, 4] = 10.0, 0.0
    columns[:, 2] = np.sin(np.arange(250) / 9.0)
    shifts, large, averted, in_pauses, _ = figures(columns)
    assert shifts == large == pytest.approx(12.0)
    assert (averted, in_pauses) == pytest.approx((0.2, 1.0))
    fixed = columns.copy()
    fixed[:, :2] = 0.0
    assert figures(fixed)[4] == pytest.approx(-1.0)


def test_a_window_has_each_statistic_and_stillness_finite_ones():
    found = statistics(np.zeros((3, 100, COLUMNS)))
    assert found.shape == (3, len(NAMES))
    assert np.isfinite(found).all()


def test_noise_is_as_large_as_the_quickest_changes_of_gaze():
    random = np.random.default_rng(0)
    time_s = np.arange(3000) / FPS
    error = np.radians(random.normal(size=(3000, 2)) * [0.8, 1.2])
    gaze = error + np.radians(np.where(time_s > 9.0, 10.0, 0.0))[:, None]
    real = MeasuredGaze(time_s, gaze, np.zeros((3000, 2)), np.ones(3000, np.bool_))
    half = np.radians(random.normal(size=(3000, 2)) + 3.0)
    assert np.degrees(_noise(real, half).std(axis=0)) == pytest.approx([0.8, 1.2], rel=0.1)


def test_slope_is_that_of_the_eyes_between_shifts():
    time_s = np.arange(450) / FPS
    head = np.radians(8.0 * np.column_stack([np.sin(time_s), np.cos(1.3 * time_s)]))
    gaze = head * [0.2, -0.1] + np.radians(np.where(np.arange(450) // 60 % 2, 12.0, 0.0))[:, None]
    real = MeasuredGaze(time_s, gaze, head, np.ones(450, np.bool_))
    assert _slope(real) == pytest.approx([0.2, -0.1], abs=0.02)


def test_what_is_seen_has_the_anatomy_and_no_blinks():
    looked = person(1)
    looked = replace(looked, noise=np.zeros_like(looked.noise), slope=np.array([0.3, 0.0]))
    gaze = np.zeros_like(looked.real.head)
    gaze[~looked.real.known] = 1.0
    found = seen(looked, gaze)
    known = looked.real.known
    assert np.polyfit(looked.real.head[known, 0], found[known, 0], 1)[0] == pytest.approx(0.3, abs=0.01)
    assert np.abs(found).max() < 0.3


def test_the_own_share_comes_from_the_other_half():
    looked = person(2)
    gaze = np.zeros_like(looked.real.gaze)
    gaze[~looked.first_half, 0] = np.radians(15.0)
    shifty = replace(looked, real=replace(looked.real, gaze=gaze))
    averted = [
        np.mean([with_own_share(shifty, seed)[half] for seed in range(8)], axis=0)
        for half in (looked.first_half, ~looked.first_half)
    ]
    assert np.abs(averted[0]).mean() > np.abs(averted[1]).mean()


@pytest.mark.slow
def test_the_judge_recognises_fixed_eyes_and_not_those_of_the_same_rule():
    corpus = [person(number) for number in range(16)]
    persons = [looked.row.person for looked in corpus]
    real = [on_grid(looked, looked.real.gaze) for looked in corpus]

    def correct(system):
        takes = [
            on_grid(looked, seen(looked, SYSTEMS[system](looked, place)))
            for place, looked in enumerate(corpus)
        ]
        return float(distinguished(persons, real, takes)[0].split()[0])

    assert correct("fixed in the head") > 0.9
    assert 0.35 < correct("made, people in general") < 0.62


@pytest.mark.slow
def test_the_table_has_a_row_of_each_kind_of_eyes():
    found = rows([person(number) for number in range(6)])
    assert list(found) == ["real", "real, against their own other half", *SYSTEMS]
    assert {len(cells) for cells in found.values()} == {len(HEADINGS)}
