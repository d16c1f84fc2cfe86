"""Statistics of people's brows, cheeks and lids, ARKit's weights for them, and the judge, on faces that are made by a rule."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is there for training alone")

from mannerism.core.face.expression_parts import NUMBERS
from mannerism.core.face.usual_expression import generated, usual_expression
from mannerism.core.motion import GRID_HZ
from mannerism.training.data.dataset import Recording
from mannerism.training.face.blendshapes import fit_expression
from mannerism.training.face.expression import learn
from mannerism.training.face.expression_corpus import Shown
from mannerism.training.face.expression_judge import scores, statistics, windows
from mannerism.training.face.expression_score import HEADINGS, THIRDS, rows, trials_of

pytestmark = pytest.mark.usefixtures("one_thread")

ROW = Recording("a", "a", "s", "a", "l", "train", 30.0, (0.0, 0.0, 0.0), 0.0, 9.0, False, ((0, 750),))


def person(number, seconds=30.0):
    """Somebody whose face is that of people in general, and whose voice goes up and down."""
    random = np.random.default_rng(number)
    count = round(seconds * GRID_HZ)
    loud = 0.5 * np.convolve(random.normal(size=count + 12), np.ones(13) / 13**0.5, "valid")
    row = replace(ROW, id=f"{number}", person=f"{number}")
    return Shown(row, generated(loud, number), loud, loud, np.zeros(count))


def test_statistics_of_people_who_are_made_of_a_table_are_that_table():
    usual = usual_expression()
    found = learn([person(number, 60.0) for number in range(24)])
    assert np.array(found["sizes_m"]) / 1.2 == pytest.approx(usual.sizes_m, rel=0.2)
    assert np.array(found["alike"])[0, 1] == pytest.approx(usual.alike[0, 1], abs=0.15)
    assert np.array(found["shares"]).sum(axis=1) == pytest.approx(1.0, abs=1e-3)
    narrow = np.array(found["shares"])[:, :3].sum(axis=1)
    assert narrow == pytest.approx(usual.shares[:, :3].sum(axis=1), abs=0.25)


def test_weights_of_a_shape_are_found_for_its_own_side():
    random = np.random.default_rng(0)
    clips = []
    for _ in range(5):
        numbers = 1e-3 * random.normal(size=(40, len(NUMBERS)))
        same = dict.fromkeys(("browInnerUp",), 50.0 * (numbers[:, 0] + numbers[:, 1]))
        sided = {
            f"{name}{side}": 80.0 * numbers[:, column] - 20.0 * numbers[:, 3]
            for name in ("browDown", "browOuterUp")
            for side, column in (("Left", 0), ("Right", 1))
        }
        eyes = {
            f"{name}{side}": 100.0 * numbers[:, 7]
            for name in ("eyeSquint", "eyeWide")
            for side in ("Left", "Right")
        }
        clips.append((numbers - np.median(numbers, axis=0), same | sided | eyes))
    found = fit_expression(clips)
    assert found["browOuterUp*"][:4] == pytest.approx([80.0, 0.0, 0.0, -20.0], abs=4.0)
    assert found["browInnerUp"][:2] == pytest.approx([50.0, 50.0], abs=2.0)
    assert found["eyeSquint*"] == pytest.approx([0.0] * 7 + [100.0], abs=4.0)


@pytest.mark.slow
def test_the_judge_recognises_a_still_face_and_not_a_like_one():
    persons = [person(number, 12.0).numbers for number in range(20)]
    twins = [person(number, 12.0).numbers for number in range(20, 40)]
    names = np.repeat([f"{number}" for number in range(20)], len(windows(persons[0]))).tolist()

    def recognised(made):
        known = np.concatenate(
            [statistics(np.concatenate(list(map(windows, each)))) for each in (persons, made)]
        )
        is_made = np.repeat([False, True], len(names))
        found = scores(known, is_made, names * 2)
        return float((found[is_made][:, None] > found[~is_made]).mean())

    assert recognised([0.0 * each for each in persons]) > 0.99
    assert 0.25 < recognised(twins) < 0.75


@pytest.mark.slow
def test_a_table_has_a_cell_for_each_heading():
    trials = list(trials_of([person(number, 15.0) for number in range(2)]))
    assert len(trials) == 2 * THIRDS * 2
    assert all(len(cells) == len(HEADINGS) for cells in rows(trials[::2]).values())
    assert list(trials_of([person(0, 8.0)])) == []
