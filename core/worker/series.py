"""Many jobs run one after another as a single job."""

import time
from collections.abc import Sequence
from typing import Any, Protocol

from ..errors import CancelledError, MannerismError
from ..progress import duration
from .client import Job


class Task(Protocol):
    """One job of a series: how to start it, and what to do with its answer."""

    name: str
    skipped: bool
    """Whether its job found nothing to do."""

    def start(self) -> Job | None:
        """Start the job; None where there is nothing to do. Raises MannerismError."""
        ...

    def finish(self, answer: dict[str, Any]) -> Job | None:
        """Process the answer of a job; a further job where the task needs one. Raises MannerismError."""
        ...

    def fail(self, error: MannerismError) -> None:
        """Process the error that `start`, the job or `finish` raised."""
        ...


class Series:
    """Tasks that run as one job: `poll` until it is true, then take the `result`. One that fails fails alone.

    share, what : of all, with the time left
    """

    def __init__(self, label: str, tasks: Sequence[Task]) -> None:
        self.label = label
        self._tasks = tasks
        self._job: Job | None = None
        self._cancelled = False
        self._begin = time.monotonic()
        self._at = self._done = self._skipped = self._failed = 0

    @property
    def running(self) -> Task | None:
        """The task that the worker is running."""
        return self._tasks[self._at] if self._job is not None and not self._job.done else None

    @property
    def share(self) -> float:
        """Share done of all, 0 to 1."""
        return (self._at + self._begun) / len(self._tasks)

    @property
    def what(self) -> str:
        """Number and name of the current task, its stage, and the time left."""
        parts = [f"{min(self._at + 1, len(self._tasks))} of {len(self._tasks)}"]
        if self._job is not None and self.running is not None:
            parts += [self.running.name, self._job.what]
        worked = self._done + self._begun
        if worked >= 1.0:  # before, the start of the worker would be taken for the work
            left = len(self._tasks) - self._at - self._begun
            parts.append(f"{duration((time.monotonic() - self._begin) / worked * left)} left")
        return ", ".join(parts)

    @property
    def _begun(self) -> float:
        return self._job.share if self._job is not None else 0.0

    def poll(self) -> bool:
        """Process news of the current task, and start the next; True when all have ended. Never blocks."""
        while not self._cancelled and self._at < len(self._tasks):
            try:
                if not self._advance(self._tasks[self._at]):
                    return False
            except MannerismError as error:
                self._tasks[self._at].fail(error)
                self._failed += 1
            self._job = None
            self._at += 1
        return True

    def _advance(self, task: Task) -> bool:
        if self._job is None:
            self._job = task.start()
            if self._job is None:
                self._skipped += 1
                return True
        if not self._job.poll():
            return False
        self._job = task.finish(self._job.result())
        if self._job is not None:
            return False
        self._done += not task.skipped
        self._skipped += task.skipped
        return True

    def wait(self) -> dict[str, Any]:
        """Block until all have ended; Ctrl-C cancels the rest."""
        try:
            while not self.poll():
                time.sleep(0.01)
        finally:
            self.cancel()
        return self.result()

    def cancel(self) -> None:
        """Stop the current task, and start no other; finished ones stay."""
        if self._job is not None:
            self._job.cancel()
        self._cancelled = self._at < len(self._tasks)

    def result(self) -> dict[str, Any]:
        """How many were `done`, `skipped`, `failed` and are `left`. Raises CancelledError if none was even begun."""
        if self._cancelled and not (self._done or self._failed):
            raise CancelledError
        left = len(self._tasks) - self._at
        return {"done": self._done, "skipped": self._skipped, "failed": self._failed, "left": left}
