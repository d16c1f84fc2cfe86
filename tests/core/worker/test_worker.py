"""The worker process as its parent sees it, with jobs that misbehave; no Blender."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mannerism.core import version
from mannerism.core.errors import AudioError, CancelledError, WorkerError
from mannerism.core.worker import process, protocol
from mannerism.core.worker.client import Worker
from mannerism.tests.support.paths import ROOT
from mannerism.tests.support.worker_commands import MISBEHAVING_WORKER

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")


@pytest.fixture
def worker():
    worker = Worker(MISBEHAVING_WORKER)
    yield worker
    worker.close()


def start(worker, name, **arguments):
    return worker.start(name, arguments, label=name)


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def runs(pid):
    """Whether a process still runs; a zombie that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_progress_then_result(worker):
    job = start(worker, "count", steps=4, pause_s=0.02)
    seen = set()
    while not job.poll():
        seen.add((job.share, job.what))
        time.sleep(0.002)
    assert job.result() == {"steps": 4}
    assert {(0.0, "step 0"), (0.25, "step 1"), (0.5, "step 2"), (0.75, "step 3")} <= seen


def test_it_rests_only_when_idle_and_starts_anew(worker):
    assert not worker.rest()
    job = start(worker, "count", steps=10, pause_s=0.02)
    pid = worker.pid
    assert not worker.rest()
    assert worker.pid == pid
    job.wait()
    kept = worker.folder / "kept"
    kept.write_text("motion", encoding="utf-8")
    assert worker.rest()
    assert worker.pid is None
    assert not runs(pid)
    assert kept.exists()
    assert start(worker, "count", steps=1, pause_s=0.0).wait() == {"steps": 1}
    assert worker.pid != pid


def test_the_process_is_kept_warm_and_leads_its_own_group(worker):
    first = start(worker, "who").wait()
    second = start(worker, "who").wait()
    assert first["pid"] == second["pid"] == first["group"] == worker.pid != os.getpid()


def test_a_refusal_keeps_its_class_and_remedy(worker):
    with pytest.raises(AudioError) as caught:
        start(worker, "refuse").wait()
    assert (caught.value.problem, caught.value.remedy) == ("The sound is silent", "Choose another")
    assert start(worker, "count", steps=1).wait() == {"steps": 1}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("break_down", {}, "ZeroDivisionError: division by zero, in misbehaving_worker.py line"),
        ("count", {"step": 3}, "TypeError"),
        ("juggle", {}, "knows no job “juggle”"),
    ],
)
def test_a_bug_is_told_and_survived(worker, name, arguments, words):
    job = start(worker, name, **arguments)
    with pytest.raises(WorkerError, match=words):
        job.wait()
    pid = worker.pid
    assert start(worker, "who").wait()["pid"] == pid


@pytest.mark.slow
def test_a_crash_is_told_and_the_next_job_starts_anew(worker):
    with pytest.raises(WorkerError, match="ended by signal 9"):
        start(worker, "crash").wait()
    assert worker.pid is None
    assert start(worker, "count", steps=1).wait() == {"steps": 1}


@pytest.mark.slow
def test_killed_from_outside_while_idle(worker):
    pid = start(worker, "who").wait()["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: worker.pid is None)
    assert start(worker, "who").wait()["pid"] != pid


def test_cancel_is_obeyed_and_keeps_the_process(worker):
    job = start(worker, "count", steps=2000, pause_s=0.01)
    wait_for(lambda: job.poll() or job.share > 0)
    pid = worker.pid
    job.cancel()
    with pytest.raises(CancelledError):
        job.result()
    assert start(worker, "who").wait()["pid"] == pid


@pytest.mark.slow
def test_a_job_that_does_not_hear_is_killed(worker, tmp_path):
    job = start(worker, "hang", started=str(tmp_path / "started"))
    wait_for((tmp_path / "started").exists)
    pid = worker.pid
    job.cancel()
    with pytest.raises(CancelledError):
        job.result()
    assert not runs(pid)
    assert start(worker, "count", steps=1).wait() == {"steps": 1}


def test_interrupted_while_waiting(worker, monkeypatch):
    def interrupt(_seconds):
        monkeypatch.undo()
        raise KeyboardInterrupt

    job = start(worker, "count", steps=2000, pause_s=0.01)
    monkeypatch.setattr(time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        job.wait()
    assert worker.job is None
    assert start(worker, "count", steps=1).wait() == {"steps": 1}


def test_a_second_job_is_refused_by_the_name_of_the_first(worker):
    first = worker.start("count", {"steps": 2000, "pause_s": 0.01}, label="Generate for Ada")
    with pytest.raises(WorkerError, match="“Generate for Ada” is still running"):
        start(worker, "who")
    assert worker.job is first
    first.cancel()
    assert worker.job is None


@pytest.mark.slow
def test_what_libraries_print_stays_out_of_the_messages(worker):
    assert start(worker, "shout").wait() == {"heard": True}


@pytest.mark.slow
def test_close_leaves_nothing_behind(tmp_path):
    worker = Worker(MISBEHAVING_WORKER)
    job = start(worker, "hang", started=str(tmp_path / "started"))
    wait_for((tmp_path / "started").exists)
    pid, folder, threads = worker.pid, worker.folder, threading.active_count()
    (folder / "motion.npz").write_bytes(b"half")
    worker.close()
    assert not runs(pid)
    assert not folder.exists()
    assert threading.active_count() == threads - 2
    with pytest.raises(CancelledError):
        job.result()
    worker.close()


@pytest.mark.slow
def test_the_worker_dies_with_its_parent(tmp_path):
    """Also in the middle of a job, and when the parent had no time to say anything."""
    program = (
        "import os, sys, time; from pathlib import Path; from mannerism.core.worker.client import Worker\n"
        "worker = Worker(sys.argv[2:]); started = Path(sys.argv[1])\n"
        "worker.start('hang', {'started': str(started)}, label='')\n"
        "while not started.exists(): time.sleep(0.01)\n"
        "print(worker.pid, worker.folder, flush=True); os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "started"), *MISBEHAVING_WORKER]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == -signal.SIGKILL, result.stderr
    pid, folder = result.stdout.strip().split(" ", 1)
    wait_for(lambda: not runs(int(pid)))
    assert not Path(folder).exists()


@pytest.mark.parametrize("program", ["/nonexistent/python", str(ROOT / "LICENSE"), str(ROOT)])
def test_a_program_that_does_not_start(program):
    worker = Worker([program, *MISBEHAVING_WORKER[1:]])
    with pytest.raises(WorkerError, match="does not start") as caught:
        start(worker, "who")
    assert "preferences" in caught.value.remedy
    worker.close()


def run_program(text):
    """A job asked of a Python that runs `text` in place of a worker."""
    worker = Worker([sys.executable, "-c", text])
    try:
        return start(worker, "who").wait()
    finally:
        assert worker.pid is None
        worker.close()


GREET = f"print({protocol.encode(protocol.hello()).decode()!r}, end='');"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit('no numpy here')", "status 1 .no numpy here"),
        ("print('Blender 4.5.0', flush=True); input(); input(); input()", "is not JSON"),
        (
            "import sys; sys.stdout.write('x' * 3_000_000 + chr(10)); sys.stdout.flush(); input()",
            "longer than",
        ),
        ("import sys; [print(line, end='', flush=True) for line in sys.stdin]", "answered nonsense"),
        (GREET + 'print(\'{"type": "result", "job": "7", "value": {}}\', flush=True); input()', "nonsense"),
        (GREET, "status 0 .without a word"),
        ("import os, time; os.close(1); time.sleep(60)", "ended by signal 9"),
    ],
)
def test_a_program_that_is_no_worker(program, words):
    with pytest.raises(WorkerError, match=words):
        run_program(program)


def test_a_program_that_never_greets(monkeypatch):
    monkeypatch.setattr(process, "GREETING_S", 0.2)
    with pytest.raises(WorkerError, match="did not answer as a worker"):
        run_program("import time; time.sleep(60)")


def test_a_worker_of_another_version_is_refused():
    other = protocol.encode(protocol.Hello(protocol.PROTOCOL, "99.0.0", "3.11.0")).decode()
    with pytest.raises(WorkerError, match=r"99\.0\.0"):
        run_program(f"print({other!r}, end='', flush=True); input()")


class TestBareWorker:
    """The worker's own side, spoken to line by line."""

    def converse(self, *lines, command=MISBEHAVING_WORKER):
        result = subprocess.run(command, input=b"".join(lines), capture_output=True, check=False, timeout=60)
        assert result.returncode == 0, result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()]

    @pytest.mark.slow
    def test_greets_first_and_ends_with_its_input(self):
        (greeting,) = self.converse(protocol.encode(protocol.hello()))
        assert greeting == {
            "type": "hello",
            "protocol": protocol.PROTOCOL,
            "package": version.VERSION,
            "python": ".".join(map(str, sys.version_info[:3])),
        }

    @pytest.mark.parametrize(
        "first",
        [
            protocol.encode(protocol.Hello(protocol.PROTOCOL + 1, version.VERSION, "3.11.0")),
            protocol.encode(protocol.Run("1", "who", {})),
            b"GET / HTTP/1.1\n",
        ],
    )
    def test_refuses_a_parent_that_does_not_greet_alike(self, first):
        _, answer = self.converse(first, protocol.encode(protocol.Run("1", "who", {})))
        assert (answer["type"], answer["job"], answer["kind"]) == ("error", "", "WorkerError")

    def test_survives_hostile_lines(self):
        hostile = [
            b"\n",
            b"not json\n",
            b"\xff\xfe\n",
            b"[" * 200_000 + b"\n",
            b'"run"\n',
            b'{"type": ["run"]}\n',
            b'{"type": "run", "job": "1", "name": "who"}\n',
            b'{"type": "run", "job": 1, "name": "who", "arguments": {}}\n',
            b'{"type": "run", "job": "1", "name": "who", "arguments": {}, "more": 1}\n',
            b'{"type": "progress", "job": "1", "share": NaN, "what": ""}\n',
            b"y" * (3 * protocol.MAX_LINE_BYTES) + b"\n",
        ]
        answers = self.converse(protocol.encode(protocol.hello()), *hostile)[1:]
        assert [(a["type"], a["job"]) for a in answers] == [("error", "")] * len(hostile)

    def test_refuses_a_second_job_itself(self):
        _greeting, *answers = self.converse(
            protocol.encode(protocol.hello()),
            protocol.encode(protocol.Run("a", "count", {"steps": 50, "pause_s": 0.01})),
            protocol.encode(protocol.Run("b", "who", {})),
        )
        (refused,) = [a for a in answers if a["job"] == "b"]
        assert "“count” is still running" in refused["problem"]

    def test_a_job_is_told_when_the_parent_goes(self):
        """It may then tidy up, rather than leave half a file behind."""
        answers = self.converse(
            protocol.encode(protocol.hello()),
            protocol.encode(protocol.Run("a", "count", {"steps": 5000, "pause_s": 0.01})),
        )
        assert answers[-1]["kind"] == "CancelledError"
