"""Test of looks: panels of real and made pictures, a key that nobody reads by accident, and an honest score."""

import csv
from collections import Counter

import cv2
import numpy as np
import pytest

from mannerism.core.errors import OutputError, TableError
from mannerism.tests.support.paths import EXAMPLES
from mannerism.training.portrait import looks
from mannerism.training.portrait.panels import CROPS, MADE, REAL, SINGLE, STRIP, Item, Scene, items_of
from mannerism.training.portrait.sealed_key import FORM, KEY, Answer, answers, score_table, seal, wilson

SIZE, COUNT = 64, 30


def scene():
    """Real pictures that are dark and made ones that are bright, with a face in the middle."""
    landmarks = np.zeros((COUNT, 478, 3))
    landmarks[..., :2] = 32 + 8 * np.random.default_rng(0).uniform(-1, 1, (478, 2))
    shape = (COUNT, SIZE, SIZE, 3)
    return Scene(
        np.full(shape, 10, np.uint8), np.full(shape, 200, np.uint8), landmarks, np.arange(COUNT) / 25
    )


def items(each=1, seed=0):
    return items_of([scene(), scene()], each, np.random.default_rng(seed))


def fill(folder, guess_of):
    with (folder / FORM).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / FORM).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "guess": guess_of(int(row["item"]))} for row in rows)


def test_every_kind_and_crop_is_as_often_real_as_made():
    found = Counter((item.what, item.kind, item.crop) for item in items())
    assert found == {
        (what, kind, crop): 2 for what in (REAL, MADE) for kind in (SINGLE, STRIP) for crop in CROPS
    }


def test_panels_show_what_they_are_said_to_be():
    for item in items():
        assert item.picture.mean() == pytest.approx(10 if item.what == REAL else 200, abs=1)
        height, width = item.picture.shape[:2]
        assert height == 256
        assert (width > 2.5 * height) == (item.kind == STRIP)


def test_the_order_is_shuffled_and_that_of_the_seed():
    order = [item.what for item in items(2)]
    assert order == [item.what for item in items(2)]
    assert order != [item.what for item in items(2, seed=1)]
    assert order != sorted(order)


def test_the_key_is_not_to_be_read_by_accident_and_known_by_its_hash(tmp_path):
    given = items()
    sealed = seal(tmp_path, given)
    text = (tmp_path / KEY).read_text()
    assert "made" not in text
    assert "real" not in text
    fill(tmp_path, lambda number: given[number - 1].what.upper() + " ")
    found, again = answers(tmp_path)
    assert again == sealed
    assert all(answer.guess == answer.what for answer in found)
    line = score_table(found).lines[-1]
    assert line[2:5] == (str(len(given)), str(len(given)), "100%")
    assert line[6] == f"0 of {len(given) // 2}"


def test_guesses_are_scored_by_kind_and_crop(tmp_path):
    given = [Item(what, SINGLE, "mouth", 0, np.zeros((1, 1, 3), np.uint8)) for what in (REAL, MADE) * 5]
    seal(tmp_path, given)
    fill(tmp_path, lambda number: REAL if number <= 8 else "")
    lines = {line[:2]: line for line in score_table(answers(tmp_path)[0]).lines}
    assert lines["single pictures", "mouth"][2:] == ("4", "8", "50%", "22% to 78%", "4 of 4", "2")
    assert lines["single pictures", "eyes"][2:5] == ("0", "0", "–")
    assert lines["strips of five", "all"][3] == "0"


def test_the_interval_is_wilsons():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_other_words_and_other_items_are_refused(tmp_path):
    with pytest.raises(TableError, match="no key"):
        answers(tmp_path)
    seal(tmp_path, items())
    fill(tmp_path, lambda _: "perhaps")
    with pytest.raises(TableError, match="perhaps"):
        answers(tmp_path)
    (tmp_path / FORM).write_text("item,guess,cue\n999,real,\n", encoding="utf-8")
    with pytest.raises(TableError, match="999"):
        answers(tmp_path)
    (tmp_path / KEY).write_bytes(b"not a key")
    with pytest.raises(TableError, match="no key"):
        answers(tmp_path)


def test_panels_that_are_there_are_never_replaced(tmp_path):
    (tmp_path / FORM).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not empty"):
        looks.make(EXAMPLES, tmp_path)
    assert (tmp_path / FORM).read_text(encoding="utf-8") == "mine"


def test_a_guesser_without_eyes_hits_half():
    rng = np.random.default_rng(0)
    found = [Answer(what, SINGLE, "whole", str(rng.choice([REAL, MADE]))) for what in (REAL, MADE) * 200]
    low, high = (float(part.rstrip("%")) for part in score_table(found).lines[-1][5].split(" to "))
    assert low < 50 < high


@pytest.mark.slow
def test_panels_of_the_example(tmp_path):
    out = tmp_path / "ü looks"
    sealed = looks.make(EXAMPLES, out, each=1, size=64, seconds=5.0, seed=3)
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) == 12
    assert all(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR).std() > 10 for path in pictures)
    found, again = answers(out)
    assert again == sealed
    assert Counter(answer.what for answer in found) == {REAL: 6, MADE: 6}
