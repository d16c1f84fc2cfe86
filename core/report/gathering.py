"""Facts of many lines, on several worker processes: one that dies costs the lines in its hands, not the report."""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..batch.earlier import Record
from ..batch.manifest_row import Line
from ..batch.plain_line import of_plain, plain
from ..errors import MannerismError
from ..motion import Progress
from ..worker.client import Job, Worker
from .facts import Facts, gather

_LINES_A_JOB = 16
_FEW = 2 * _LINES_A_JOB  # are looked at sooner than a process starts
_TIME_LIMIT_S = 600.0
_POLL_EVERY_S = 0.1
# By its path: the table of jobs imports this room, and nothing imports it back.
_COMMAND = (sys.executable, "-s", str(Path(__file__).parents[1] / "jobs" / "boot.py"))


@dataclass(frozen=True)
class Case:
    """A line that can be made, and the record of what was last written at its place."""

    line: Line
    record: Record | None

    def plain(self) -> dict[str, Any]:
        """As values that JSON has."""
        return {
            "line": plain(self.line),
            "record": asdict(self.record) if self.record is not None else None,
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> "Case":
        """From what `plain` returned."""
        return cls(of_plain(values["line"]), Record(**values["record"]) if values["record"] else None)


def gather_all(cases: Sequence[Case], processes: int, progress: Progress) -> list[Facts | str]:
    """Facts of each case in order, or a sentence on why there are none.

    Raises
    ------
    CancelledError : through `progress`
    WorkerError, OutputError : no process can be started
    """
    found: list[Facts | str] = ["It was not looked at."] * len(cases)
    processes = min(processes, -(-len(cases) // _LINES_A_JOB))
    if processes < 2 or len(cases) <= _FEW:
        for at, case in enumerate(cases):
            progress(at / len(cases), f"{at} of {len(cases)} lines looked at")
            found[at] = gather(case.line, case.record)
        return found
    done = 0
    for places, facts in _on_workers(cases, processes):
        for at, each in zip(places, facts, strict=True):
            found[at] = each
        done += len(places)
        progress(done / len(cases), f"{done} of {len(cases)} lines looked at")
    return found


def _on_workers(cases: Sequence[Case], processes: int) -> Iterator[tuple[range, Sequence[Facts | str]]]:
    """Stretches of the cases with their facts, in any order."""
    waiting = deque(
        range(at, min(at + _LINES_A_JOB, len(cases))) for at in range(0, len(cases), _LINES_A_JOB)
    )
    arrived = threading.Event()
    workers = [Worker(_COMMAND, arrived=arrived) for _ in range(processes)]
    busy: dict[int, tuple[range, Job, float]] = {}
    try:
        while waiting or busy:
            arrived.clear()
            for at, worker in enumerate(workers):
                if at in busy and _ended(*busy[at][1:]):
                    places, job, _ = busy.pop(at)
                    facts = _facts(job)
                    if (
                        facts is None and len(places) > 1
                    ):  # which line it was is found by taking them one by one
                        waiting.extendleft(range(place, place + 1) for place in places)
                    else:
                        yield places, facts or [_LOST]
                if at not in busy and waiting:
                    places = waiting.popleft()
                    lines = [cases[place].plain() for place in places]
                    job = worker.start("line_facts", {"lines": lines}, label="report")
                    busy[at] = places, job, time.monotonic() + _TIME_LIMIT_S
            arrived.wait(_POLL_EVERY_S)
    finally:
        with ThreadPoolExecutor(max(len(workers), 1)) as threads:
            list(threads.map(Worker.close, workers))


def _ended(job: Job, deadline: float) -> bool:
    if not job.poll() and time.monotonic() > deadline:
        job.cancel()
    return job.done


def _facts(job: Job) -> list[Facts | str] | None:
    """Facts of a job; None where its process died or took too long."""
    try:
        return [Facts.of_plain(values) for values in job.result()["facts"]]
    except MannerismError:
        return None


_LOST = "The process that looked at it died, or took too long."
