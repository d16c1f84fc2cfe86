"""Coverage meter on the example, whose motion is known, and its advice where something is missing."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import MissingPartError
from mannerism.core.jobs.table import JOBS
from mannerism.core.motion_csv import read_track
from mannerism.core.portrait.preflight import measurements
from mannerism.core.portrait.preflight.coverage import ENOUGH, coverage
from mannerism.core.portrait.preflight.criteria import CLOSED, OPEN
from mannerism.core.portrait.preflight.survey import survey
from mannerism.core.track.landmarks import find_model
from mannerism.tests.support.paths import EXAMPLES, REFERENCE

pytestmark = pytest.mark.slow

EYES_M = 0.09


@pytest.fixture(scope="module")
def example():
    try:
        find_model()
    except MissingPartError as error:
        pytest.skip(str(error))
    return survey(REFERENCE)


@pytest.fixture(scope="module")
def meter(example):
    return coverage(example)


@pytest.fixture(scope="module")
def truth():
    return np.genfromtxt(EXAMPLES / "reference.face.csv", delimiter=",", names=True)


def row(meter, name):
    (found,) = [row for row in meter.rows if row.name == name]
    return found


def number(row):
    return float(row.sentence.split("for ")[1].split(" s")[0])


def test_rows_are_shares_with_sentences(meter):
    assert len({row.name for row in meter.rows}) == len(meter.rows)
    for line in meter.rows:
        assert 0.0 <= line.share <= 1.0
        assert line.sentence.endswith(".")
        assert bool(line.wish) == (line.share < ENOUGH)
    assert meter.blocks_high_quality is None


def test_time_is_that_of_the_file(meter):
    assert number(row(meter, "Time")) == pytest.approx(14.6, abs=0.1)


def test_turns_and_nods_are_the_true_ones(meter):
    true = np.degrees(rot.to_euler(read_track(EXAMPLES / "reference.truth.csv").rotation))
    low, high = np.quantile(true[:, :2], [0.01, 0.99], axis=0)
    turns = [float(part.split("°")[0]) for part in row(meter, "Turns").sentence.split(" ") if "°" in part]
    nods = [float(part.split("°")[0]) for part in row(meter, "Nods").sentence.split(" ") if "°" in part]
    assert turns == pytest.approx([-low[1], high[1]], abs=2.0)
    assert nods == pytest.approx([-low[0], high[0]], abs=2.0)


def test_the_mouth_is_as_open_as_it_was(example, meter, truth):
    true = np.interp(example.time_s, truth["time_s"], truth["mouth_opening_m"]) / EYES_M
    opening, _ = measurements.mouth(example)
    assert np.corrcoef(opening, true)[0, 1] > 0.9
    assert number(row(meter, "Mouth open")) == pytest.approx((opening > OPEN).mean() * 14.6, abs=0.1)
    assert number(row(meter, "Mouth closed")) == pytest.approx((true <= CLOSED).mean() * 14.6, rel=0.4)


def test_blinks_are_counted(meter, truth):
    shut = truth["blink"] > 0.5
    true = int((shut[1:] & ~shut[:-1]).sum())
    assert abs(int(row(meter, "Blinks").sentence.split()[0]) - true) <= 1


def test_a_head_that_never_turns_is_asked_to(example):
    still = np.broadcast_to(example.rotation[0], example.rotation.shape).copy()
    meter = coverage(replace(example, rotation=still))
    for name in ("Turns", "Nods"):
        assert row(meter, name).share < 0.5
        assert "slow" in row(meter, name).wish
    assert meter.blocks_high_quality.name == "one_pose"


def test_a_hole_between_turns_is_seen(example):
    """Turned to one side with the head up, to the other with the head down, and nothing else."""
    side = np.where(np.arange(len(example.time_s)) % 2, 1.0, -1.0)
    diagonal = rot.from_euler(np.radians(12.0) * side, np.radians(22.0) * side, 0.0 * side)
    meter = coverage(replace(example, rotation=diagonal))
    assert row(meter, "Between").share < 0.5
    assert row(meter, "Between").wish in meter.wishes


def test_what_lacks_is_in_the_text(example):
    few = replace(example, found=example.found & (example.time_s < 4.0))
    text = coverage(few).as_text()
    assert "The face is seen for 4" in text
    assert "Record 10 to 15 seconds" in text
    assert "Give 10 to 15 s" in text


def test_the_worker_tells_it(meter):
    answer = JOBS["coverage"](lambda _share, _what: None, reference=str(REFERENCE), size=256)
    assert json.loads(json.dumps(answer)) == answer
    assert [line["name"] for line in answer["rows"]] == [line.name for line in meter.rows]
    assert answer["bars_high"] == ""
