"""Running a batch: lines to a summary, on any runner."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from ..motion import Progress
from ..progress import duration
from .manifest import Line
from .status import DONE, FAILED, SKIPPED, Outcome, StatusFile


class BatchRunner(Protocol):
    """Protocol of what makes lines: this machine, or a farm."""

    def run(
        self, lines: Sequence[Line], finished: Mapping[str, str], on_work: Callable[[float], None]
    ) -> Generator[Outcome, None, None]:
        """Make all lines in any order, an outcome each; closing the generator stops the work.

        finished : digests of finished lines by id
        on_work : called now and then with how many lines' worth of work the unfinished ones have had
        """
        ...


@dataclass(frozen=True)
class Summary:
    """How many lines ended in which way."""

    done: int
    skipped: int
    failed: int


def run_batch(
    lines: Sequence[Line],
    runner: BatchRunner,
    status: StatusFile,
    on_outcome: Callable[[Outcome], None],
    progress: Progress,
) -> Summary:
    """Make all lines that can be made, and record the outcome of each.

    on_outcome : called with each outcome as soon as there is one

    Raises
    ------
    OutputError : the status cannot be written
    """
    finished = status.finished()
    outcomes: dict[int, Outcome] = {}
    clock = _Clock(len(lines), progress)
    status.rewrite(_finished_before(lines, finished))

    def settle(at: int, outcome: Outcome) -> None:
        outcomes[at] = outcome
        status.add(outcome)
        on_outcome(outcome)
        clock.settled(outcome)

    for at, line in enumerate(lines):
        if line.problem:
            settle(at, Outcome(line.id, FAILED, reason=line.problem))
    places = {line.id: at for at, line in enumerate(lines) if not line.problem}
    good = [lines[at] for at in places.values()]
    with closing(runner.run(good, finished, clock.working)) as made:
        for outcome in made:
            settle(places[outcome.id], outcome)
    status.rewrite(outcomes[at] for at in range(len(lines)))
    counts = [outcome.status for outcome in outcomes.values()]
    return Summary(counts.count(DONE), counts.count(SKIPPED), counts.count(FAILED))


def _finished_before(lines: Sequence[Line], finished: Mapping[str, str]) -> Iterator[Outcome]:
    """Outcomes of an earlier run, so that the status holds them while this one works."""
    for line in lines:
        if not line.problem and line.id in finished:
            yield Outcome(line.id, DONE, str(line.out), finished[line.id])


class _Clock:
    """Progress of all lines as one, with the time left."""

    def __init__(self, count: int, progress: Progress) -> None:
        self._count, self._progress = count, progress
        self._start = monotonic()
        self._settled = self._quick = self._failed = 0

    def settled(self, outcome: Outcome) -> None:
        self._settled += 1
        self._failed += outcome.status == FAILED
        # What costs next to nothing says nothing about the time left.
        self._quick += outcome.status != DONE
        self.working(0.0)

    def working(self, worth: float) -> None:
        worked = self._settled - self._quick + worth
        left = self._count - self._settled - worth
        what = f"{self._settled} of {self._count} lines"
        if self._failed:
            what += f", {self._failed} failed"
        if worked > 0 and left > 0:
            what += f", {duration((monotonic() - self._start) / worked * left)} left"
        self._progress((self._settled + worth) / self._count, what)
