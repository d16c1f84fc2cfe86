"""The lines of a batch that wait for a machine, and the chunks in which they go out."""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..batch.run import Task
from ..batch.status import FAILED, Outcome

MOST_TRIES = 3
"""A line that was in hand when so many machines were lost is taken for the cause."""

LARGEST_CHUNK = 16
_CHUNKS_EACH = 4
_AGAIN_AFTER_S = 3.0
"""A worker process whose machine was lost ends within that time, and writes no more."""


@dataclass(eq=False)
class Attempt:
    """A line, and what became of it so far.

    lost_on : machines, by id, that were lost with it in hand, or whose file of it could not be seen
    begins : on the clock of `time.monotonic`, not before
    note : what the user should know of earlier tries
    """

    task: Task
    lost_on: list[str] = field(default_factory=list)
    begins: float = 0.0
    note: str = ""

    @property
    def id(self) -> str:
        """Id of the line."""
        return self.task.line.id

    def failure(self) -> Outcome | None:
        """The outcome of a line that was tried often enough, else None."""
        if len(self.lost_on) < MOST_TRIES:
            return None
        return Outcome(self.id, FAILED, reason=f"It was tried {MOST_TRIES} times. {self.note}")


class LineQueue:
    """Lines that wait."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._fresh = deque(Attempt(task) for task in tasks)
        self._again: list[Attempt] = []

    def __len__(self) -> int:
        return len(self._fresh) + len(self._again)

    def put_back(self, attempts: Iterable[Attempt]) -> None:
        """Lines that another machine has to make, after a little while."""
        for attempt in attempts:
            attempt.begins = time.monotonic() + _AGAIN_AFTER_S
            self._again.append(attempt)

    def next_chunk(self, machine: str, machines: set[str], makers: int, most: int) -> list[Attempt]:
        """Lines for one of so many makers, fewer towards the end, so that all finish at the same time; may be empty.

        machine : id of the maker's
        machines : ids of all that can be had
        most : no more lines than that

        One that may have been the cause of a loss goes out alone, and to another machine where there is one.
        """
        now = time.monotonic()
        due = [attempt for attempt in self._again if attempt.begins <= now]
        for attempt in due:
            if attempt.lost_on and (machine not in attempt.lost_on or machines <= set(attempt.lost_on)):
                self._again.remove(attempt)
                return [attempt]
        innocent = [attempt for attempt in due if not attempt.lost_on]
        self._again = [attempt for attempt in self._again if attempt not in innocent]
        self._fresh.extendleft(reversed(innocent))
        size = min(most, max(1, len(self._fresh) // (_CHUNKS_EACH * max(makers, 1))))
        return [self._fresh.popleft() for _ in range(min(size, len(self._fresh)))]


def status_file(tasks: Sequence[Task]) -> Path:
    """A file of the batch that is there from its beginning: the status file that is being written."""
    return tasks[0].statuses[-1]
