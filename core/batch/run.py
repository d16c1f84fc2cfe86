"""Running a batch: lines to a summary, on any runner."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Protocol

from ..errors import DiskFullError
from ..motion import Progress
from ..progress import duration
from .earlier import Record
from .manifest_row import Line, each_file
from .status import DONE, FAILED, SKIPPED, Outcome, StatusFile


@dataclass(frozen=True)
class Task:
    """A line to be made, and what was written at its place before; see `make_line`."""

    line: Line
    record: Record | None = None
    statuses: tuple[Path, ...] = ()
    overwrite_edited: bool = False


class BatchRunner(Protocol):
    """Protocol of what makes lines: this machine, or a farm."""

    def run(self, tasks: Sequence[Task], on_work: Callable[[float], None]) -> Generator[Outcome, None, None]:
        """Make all lines in any order, an outcome each; closing the generator stops the work.

        on_work : called now and then with how many lines' worth of work the unfinished ones have had

        Raises
        ------
        DiskFullError : there is no room for a file; the lines without an outcome are as they were
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
    *,
    overwrite_edited: bool = False,
    on_note: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Make all lines that can be made, and record the outcome of each.

    on_outcome : called with each outcome as soon as there is one
    on_note : called with what is to be said of the batch as a whole
    overwrite_edited : replace files that somebody has edited

    Raises
    ------
    OutputError : the status cannot be written
    DiskFullError : the disk is full; what is finished stays, and nothing else was changed
    """
    lines = list(each_file(lines))
    records = Records(status.written([line.id for line in lines], [str(line.out) for line in lines]))
    outcomes: dict[int, Outcome] = {}
    clock = _Clock(len(lines), progress)
    if note := status.mend():
        on_note(note)

    def settle(at: int, outcome: Outcome) -> None:
        if outcome.status == FAILED:
            outcome = records.keep(lines[at], outcome)
        line = lines[at]
        if line.character or line.text or line.language:
            outcome = replace(outcome, character=line.character, text=line.text, language=line.language)
        outcomes[at] = outcome
        status.add(outcome)
        on_outcome(outcome)
        clock.settled(outcome)

    for at, line in enumerate(lines):
        if line.problem:
            settle(at, Outcome(line.id, FAILED, reason=line.problem))
    places = {line.id: at for at, line in enumerate(lines) if not line.problem}
    statuses = (*status.all, status.path)
    tasks = [Task(lines[at], records.of(lines[at]), statuses, overwrite_edited) for at in places.values()]
    try:
        with closing(runner.run(tasks, clock.working)) as made:
            for outcome in made:
                settle(places[outcome.id], outcome)
    except DiskFullError as error:
        raise DiskFullError(
            f"{error.problem}: the batch stops, {len(outcomes)} of {len(lines)} lines are through",
            "Free some space; the same command carries on",
        ) from error
    status.rewrite(outcomes[at] for at in range(len(lines)))
    counts = [outcome.status for outcome in outcomes.values()]
    return Summary(counts.count(DONE), counts.count(SKIPPED), counts.count(FAILED))


class Records:
    """What earlier runs wrote, by place and by line.

    written : for each place the last file, in the order of writing, see `StatusFile.written`
    """

    def __init__(self, written: Iterable[Outcome]) -> None:
        self._by_place = {outcome.out: outcome for outcome in written}
        self._by_line = {outcome.id: outcome for outcome in self._by_place.values()}

    def of(self, line: Line) -> Record | None:
        """What was last written at the place of a line.

        Where nothing was, what was written for it at a place that is gone: a folder that was moved keeps its lines.
        """
        found = self._by_place.get(str(line.out))
        if found is None:
            before = self._by_line.get(line.id)
            if before is None or Path(before.out).name != line.out.name or Path(before.out).exists():
                return None
            found = before
        return Record.of(found)

    def keep(self, line: Line, failed: Outcome) -> Outcome:
        """The outcome of a line that failed, with the file that an earlier run wrote at its place."""
        found = self._by_place.get(str(line.out))
        if line.problem or found is None:
            return failed
        return replace(failed, out=found.out, size=found.size, sha256=found.sha256)


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
