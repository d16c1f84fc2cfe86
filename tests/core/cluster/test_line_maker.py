"""The actor of a cluster's machine, in this process: one warm worker for all its lines, and an end that leaves nothing."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mannerism.core.batch.line import temporary_folder
from mannerism.core.batch.manifest_row import Line
from mannerism.core.batch.run import Task
from mannerism.core.cluster.line_maker import Installation, LineMaker, Stopped
from mannerism.core.style.built_in import style_path
from mannerism.core.timing import FrameRate
from mannerism.tests.support.paths import EXAMPLES


def line(folder, name, audio="line_1.wav"):
    return Line(name, EXAMPLES / audio, style_path(Path("calm")), folder / f"{name}.csv")


@pytest.fixture
def maker():
    maker = LineMaker(120.0)
    yield maker
    maker.stop()


@pytest.mark.slow
def test_lines_share_a_worker_until_the_end(maker, tmp_path):
    first, second = (
        list(maker.make([Task(line(tmp_path, name)), Task(line(tmp_path, f"{name} bad", "absent.wav"))]))
        for name in ("a", "b")
    )
    assert [outcome.status for outcome in (*first, *second)] == ["done", "failed"] * 2
    (worker,) = maker._workers._workers
    assert worker.pid is not None
    assert worker._count == 4, "lines of one worker, which has not been started anew"

    lines = [line(tmp_path, f"c{at}") for at in range(200)]
    outcomes = maker.make([Task(each) for each in lines])
    next(outcomes)
    stopper = threading.Timer(0.1, maker.stop)
    stopper.start()
    rest = list(outcomes)
    stopper.join()
    assert isinstance(rest[-1], Stopped)
    assert len(rest) < 100
    assert worker.pid is None
    assert not any(temporary_folder(each).exists() for each in lines)
    assert not list(maker.make([Task(lines[-1])])) or not lines[-1].out.exists()


@pytest.mark.slow
def test_a_full_disk_is_said_in_words_that_travel(maker, small_disk):
    fast = FrameRate.of(120)  # long files, so that a few fill it
    tasks = [Task(replace(line(small_disk, f"{at:03d}"), rate=fast)) for at in range(30)]
    *_, last = maker.make(tasks)
    assert isinstance(last, Stopped)
    assert last.kind == "DiskFullError"
    assert "cannot be written" in last.problem
    assert not list(small_disk.glob(".mannerism*"))


def test_the_greeting(maker, tmp_path, monkeypatch):
    monkeypatch.setattr("mannerism.core.cluster.line_maker._SEEN_WITHIN_S", 0.0)
    assert maker.greet(tmp_path) == (Installation.of_this_machine(), True)
    assert maker.greet(tmp_path / "absent") == (Installation.of_this_machine(), False)
    assert len(Installation.of_this_machine().weights) == 64
