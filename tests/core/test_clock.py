"""Times of rows: strays cost their own row, long gaps and restarts cut, and nothing is done in silence."""

import numpy as np
import pytest

from mannerism.core.clock import check_steps, from_start, in_seconds, one_stretch
from mannerism.core.text_file import UnreadableError

TIMES = np.arange(200) / 25


def changed(at, value):
    time_s = TIMES.copy()
    time_s[at] = value
    return time_s


@pytest.mark.parametrize("at", [0, 2, 77, 198, 199])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1.7e9, 4e7, -1.7e9, 1e308, 2.5, -3.0, 9.0])
def test_one_stray_time_costs_one_row(at, value):
    used, said = one_stretch(changed(at, value))
    fits = (at, value) in {(199, 9.0), (0, -3.0)}
    assert set(np.delete(np.arange(200), at)) <= {*used.tolist(), at}
    assert (len(used), len(said)) == ((200, 0) if fits else (199, 1))
    assert (np.diff(changed(at, value)[used]) > 0).all()


def test_many_strays():
    at = np.arange(5, 195, 10)
    used, said = one_stretch(changed(at, np.linspace(-1e9, 1e9, len(at))))
    assert sorted({*range(200)} - {*used.tolist()}) == at.tolist()
    assert f"{len(at)} rows were left out" in said[0]


def test_repeated_times_keep_one_row_each():
    used, said = one_stretch(np.repeat(TIMES, 2))
    assert len(used) == 200
    assert "repeated" in said[0]


@pytest.mark.parametrize("gap_s", [6.0, 3600.0, 1e9])
def test_a_gap_cuts(gap_s):
    time_s = np.concatenate([TIMES[:80], TIMES[80:] + gap_s])
    used, said = one_stretch(time_s)
    assert used.tolist() == list(range(80, 200))
    assert "jumps" in said[0]
    assert "80 rows" in said[0]


def test_a_short_gap_does_not():
    used, said = one_stretch(np.concatenate([TIMES[:80], TIMES[80:] + 3.0]))
    assert len(used) == 200
    assert not said


def test_a_clock_that_starts_anew():
    time_s = np.concatenate([TIMES[:80], TIMES[:120]])
    used, said = one_stretch(time_s)
    assert used.tolist() == list(range(80, 200))
    assert "starts anew" in said[0]


@pytest.mark.parametrize("order", [np.arange(200)[::-1], np.random.default_rng(0).permutation(200)])
def test_rows_in_no_order_are_sorted(order):
    used, said = one_stretch(TIMES[order])
    assert TIMES[order][used].tolist() == TIMES.tolist()
    assert said == ("The rows are in no order of their times, and are sorted by them.",)
    assert in_seconds(1000 * TIMES[order])[0] == pytest.approx(TIMES[order])


def test_a_clock_that_often_starts_anew_is_not_sorted():
    used, said = one_stretch(np.tile(TIMES[:50], 4))
    assert used.tolist() == list(range(50))
    assert "starts anew" in said[0]


def test_days_of_spreadsheets():
    time_s, said = in_seconds(46354.5 + TIMES / 86400)
    assert time_s - time_s[0] == pytest.approx(TIMES, abs=1e-6)
    assert "days" in said[0]


@pytest.mark.parametrize("step", [1.0, 1e-5, 3600.0])
def test_steps_of_no_recording_are_refused(step):
    with pytest.raises(UnreadableError, match=r"apart.*Frame numbers"):
        check_steps(step * np.arange(100))


def test_steps_of_recordings_are_not():
    for rate in (5, 15, 120, 1000):
        check_steps(np.arange(100) / rate)


def test_sparse_tables_have_long_steps():
    used, said = one_stretch(np.linspace(0.0, 40.0, 5))
    assert len(used) == 5
    assert not said


@pytest.mark.parametrize("time_s", [np.array([]), np.array([np.nan, np.inf])])
def test_no_times(time_s):
    assert len(one_stretch(time_s)[0]) == 0


def test_calendars_are_counted_from_the_start():
    time_s, said = from_start(TIMES + 1.7e9)
    assert time_s == pytest.approx(TIMES, abs=1e-6)
    assert said
    assert not from_start(TIMES + 3.0)[1]
