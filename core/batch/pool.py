"""Batch runner on worker processes of this machine: one that dies costs its line, not the batch."""

import shutil
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..errors import CancelledError, DiskFullError, MannerismError
from ..worker.client import Job, Worker
from ..worker.limits import LINE_S
from .line import temporary_folder
from .plain_line import plain
from .run import Task
from .status import DONE, FAILED, SKIPPED, Outcome

TRIES = 2
"""A line whose worker dies may be the victim of something else, and is tried again."""

_POLL_EVERY_S = 0.1
"""A message ends the wait; it is no longer than this, since a limit of time may pass without one."""
T = TypeVar("T")
# By its path: the table of jobs imports this room, and nothing imports it back.
_COMMAND = (sys.executable, "-s", str(Path(__file__).parents[1] / "jobs" / "boot.py"))


@dataclass
class _Attempt:
    task: Task
    tries: int = 0
    deadline: float = 0.0


class LocalPool:
    """Runs lines on several processes of this machine. A `BatchRunner`."""

    def __init__(self, processes: int, time_limit_s: float = LINE_S) -> None:
        self._processes = processes
        self._time_limit_s = time_limit_s

    def run(self, tasks: Sequence[Task], on_work: Callable[[float], None]) -> Generator[Outcome, None, None]:
        """As `BatchRunner.run`; what unfinished lines had begun to write is removed."""
        with closing(LineWorkers(min(self._processes, len(tasks)), self._time_limit_s)) as workers:
            yield from workers.run(tasks, on_work)


class LineWorkers:
    """Worker processes that make lines, warm from one run to the next until `close`.

    Raises
    ------
    OutputError : there is no room for their temporary files
    """

    def __init__(self, count: int, time_limit_s: float) -> None:
        self._arrived = threading.Event()
        self._workers = [Worker(_COMMAND, arrived=self._arrived) for _ in range(count)]
        self._time_limit_s = time_limit_s

    def run(self, tasks: Sequence[Task], on_work: Callable[[float], None]) -> Generator[Outcome, None, None]:
        """As `BatchRunner.run`; lines are begun in their order."""
        waiting = deque(_Attempt(task) for task in tasks)
        busy: dict[int, tuple[_Attempt, Job]] = {}
        try:
            while waiting or busy:
                self._arrived.clear()  # before the polls: what arrives during them is processed in the next round
                for at, worker in enumerate(self._workers):
                    if at in busy and self._ended(*busy[at]):
                        attempt, job = busy.pop(at)
                        outcome = self._outcome(attempt, job, worker)
                        if outcome is None:
                            waiting.appendleft(attempt)
                        else:
                            yield outcome
                    if at not in busy and waiting:
                        attempt = waiting.popleft()
                        attempt.tries += 1
                        attempt.deadline = time.monotonic() + self._time_limit_s
                        busy[at] = attempt, _start(worker, attempt.task)
                on_work(sum(job.share for _, job in busy.values()))
                self._arrived.wait(_POLL_EVERY_S)
        finally:
            _each(Job.cancel, [job for _, job in busy.values()])
            for attempt, _ in busy.values():
                shutil.rmtree(temporary_folder(attempt.task.line), ignore_errors=True)

    def close(self) -> None:
        """End the processes."""
        _each(Worker.close, self._workers)

    def _ended(self, attempt: _Attempt, job: Job) -> bool:
        """Whether a line is made, refused, or out of time; then its worker is killed unless it obeys."""
        if not job.poll() and time.monotonic() > attempt.deadline:
            job.cancel()
        return job.done

    def _outcome(self, attempt: _Attempt, job: Job, worker: Worker) -> Outcome | None:
        """Outcome of a line; None where it is worth another try. Raises DiskFullError."""
        line = attempt.task.line
        try:
            made = job.result()
        except DiskFullError:
            raise
        except CancelledError:
            shutil.rmtree(temporary_folder(line), ignore_errors=True)
            limit = f"It took longer than the {self._time_limit_s:g} s that a line may take."
            return Outcome(line.id, FAILED, reason=f"{limit} Cut its sound, or give a larger --time-limit.")
        except MannerismError as error:
            if worker.pid is None:
                shutil.rmtree(temporary_folder(line), ignore_errors=True)
                if attempt.tries < TRIES:
                    return None
            return Outcome(line.id, FAILED, reason=" ".join(str(error).split()))
        status = DONE if made["written"] else SKIPPED
        return Outcome(
            line.id, status, str(line.out), made["digest"], made["note"], made["size"], made["sha256"]
        )


def _each(what: Callable[[T], None], things: Sequence[T]) -> None:
    """Call a function that waits on each thing, at the same time."""
    with ThreadPoolExecutor(max(len(things), 1)) as threads:
        list(threads.map(what, things))


def _start(worker: Worker, task: Task) -> Job:
    arguments: dict[str, Any] = {
        "wanted": plain(task.line),
        "record": asdict(task.record) if task.record is not None else {},
        "statuses": [str(path) for path in task.statuses],
        "overwrite_edited": task.overwrite_edited,
    }
    return worker.start("line", arguments, label=task.line.id)
