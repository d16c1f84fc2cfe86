"""What runs on the machines of a cluster: an actor with one warm worker process, so that a line that dies or hangs costs that
process alone, as on one machine.
"""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..batch.digest import weights_digest
from ..batch.pool import LineWorkers
from ..batch.run import Task
from ..batch.status import Outcome
from ..errors import CancelledError, MannerismError
from ..version import VERSION

_SEEN_WITHIN_S = 5.0
"""A shared folder may show a new file late."""

_STOPS_WITHIN_S = 5.0


@dataclass(frozen=True)
class Stopped:
    """In the place of further outcomes: nothing more can be made here.

    kind : name of the error's class in `core/errors.py`
    """

    kind: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Installation:
    """What must be the same on all machines for the same bytes."""

    version: str = VERSION
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    weights: str = ""

    @classmethod
    def of_this_machine(cls) -> "Installation":
        """The installation that runs this."""
        return cls(weights=weights_digest())


class LineMaker:
    """Makes lines one after another. An actor of Ray, which calls `stop` while `make` runs."""

    def __init__(self, time_limit_s: float) -> None:
        self._time_limit_s = time_limit_s
        self._workers: LineWorkers | None = None
        self._stopping = False
        self._idle = threading.Event()
        self._idle.set()

    def greet(self, seen: Path) -> tuple[Installation, bool]:
        """What is installed here, and whether a file of the batch can be seen."""
        deadline = time.monotonic() + _SEEN_WITHIN_S
        while not (there := _is_there(seen)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return Installation.of_this_machine(), there

    def make(self, tasks: Sequence[Task]) -> Iterator[Outcome | Stopped]:
        """Make lines in their order, an outcome each as soon as there is one."""
        self._idle.clear()
        try:
            if self._workers is None and not self._stopping:
                self._workers = LineWorkers(1, self._time_limit_s)
            if self._workers is not None:
                yield from self._workers.run(tasks, self._on_work)
        except MannerismError as error:
            yield Stopped(type(error).__name__, error.problem, error.remedy)
        finally:
            self._idle.set()

    def stop(self) -> None:
        """End `make`, what it had begun to write removed, and the worker process."""
        self._stopping = True
        if self._idle.wait(_STOPS_WITHIN_S) and self._workers is not None:
            self._workers.close()

    def _on_work(self, _worth: float) -> None:
        if self._stopping:
            raise CancelledError


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except OSError:
        return False
    return True
