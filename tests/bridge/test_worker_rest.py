"""The worker ends when it has been idle as long as the preferences say, and its memory returns."""

import os
from types import SimpleNamespace

import pytest

from mannerism.bridge import batch, preferences, worker, worker_rest
from mannerism.core.threads import LIMIT
from mannerism.tests.support.worker_commands import FAKE_WORKER, MISBEHAVING_WORKER

bpy = pytest.importorskip("bpy")
pytestmark = [
    pytest.mark.usefixtures("extension"),
    pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX"),
]


@pytest.fixture
def clock(monkeypatch):
    """A clock to put forward, and the tests' own worker."""
    worker.close()
    monkeypatch.setattr(worker, "command", lambda: list(MISBEHAVING_WORKER))
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(worker_rest, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(worker_rest, "_idle_since", None)
    yield clock
    worker.close()


def worked():
    """The process id of a worker that has done a job."""
    assert worker.shared().start("count", {"steps": 1, "pause_s": 0.0}, label="count").wait() == {"steps": 1}
    return worker.shared().pid


def has_ended(pid):
    """Whether the process is gone altogether: it has been waited for, so not even a zombie is left."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_after_ten_minutes_without_a_job_the_process_is_gone(clock):
    pid = worked()
    for clock.now in (0.0, 300.0, 599.0):
        worker_rest.look()
        assert not has_ended(pid)
    clock.now = 600.0
    worker_rest.look()
    assert has_ended(pid)
    assert worked() != pid


def test_a_job_begins_the_count_anew_and_is_never_ended(clock):
    pid = worked()
    worker_rest.look()
    job = worker.shared().start("count", {"steps": 500, "pause_s": 0.02}, label="long")
    clock.now = 10_000.0
    worker_rest.look()
    assert not has_ended(pid)
    job.cancel()
    pid = worked()
    worker_rest.look()
    assert not has_ended(pid)
    clock.now += 601.0
    worker_rest.look()
    assert has_ended(pid)


def test_between_the_lines_of_a_batch_it_stays(clock, monkeypatch):
    pid = worked()
    monkeypatch.setattr(batch, "running", lambda: SimpleNamespace(label="Generate 2"))
    for clock.now in (0.0, 10_000.0):
        worker_rest.look()
    assert not has_ended(pid)


@pytest.mark.parametrize(
    ("warm", "minutes", "ends"), [(True, 0, False), (False, 0, True), (False, 60, False)]
)
def test_as_the_preferences_say(clock, monkeypatch, warm, minutes, ends):
    chosen = {"keep_warm": warm, "idle_minutes": minutes, "threads": 0}
    monkeypatch.setattr(preferences, "_value", lambda name, _default: chosen[name])
    pid = worked()
    for clock.now in (0.0, 1200.0):
        worker_rest.look()
    assert has_ended(pid) == ends


def test_a_button_ends_it_at_once(clock):
    assert not bpy.ops.mannerism.end_worker.poll()
    pid = worked()
    job = worker.shared().start("count", {"steps": 500, "pause_s": 0.02}, label="long")
    assert not bpy.ops.mannerism.end_worker.poll()
    job.cancel()
    pid = worked()
    assert bpy.ops.mannerism.end_worker() == {"FINISHED"}
    assert has_ended(pid)


def test_threads_reach_the_worker_and_another_number_starts_another(clock, monkeypatch):
    monkeypatch.setattr(worker, "threads", lambda: 3)
    monkeypatch.setattr(worker, "command", lambda: list(FAKE_WORKER))
    first = worker.shared()
    assert first.settings == {LIMIT: "3"}
    assert worker.shared() is first
    monkeypatch.setattr(worker, "threads", lambda: 0)
    assert worker.shared() is not first
    assert worker.shared().settings == {}


def test_without_a_window_there_is_no_timer():
    assert bpy.app.timers.is_registered(worker_rest.look) == (not bpy.app.background)
