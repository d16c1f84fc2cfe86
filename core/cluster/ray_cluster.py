"""Batch runner on a Ray cluster: one that loses a machine makes its lines on another."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..batch.line import temporary_folder
from ..batch.pool import TRIES
from ..batch.run import Task
from ..batch.status import FAILED, Outcome
from ..errors import DiskFullError, error_of
from ..worker.limits import LINE_S
from .crew import Crew, Machine, Maker, cause
from .line_maker import Stopped
from .line_queue import LARGEST_CHUNK, Attempt, LineQueue, status_file
from .session import LOCAL, connected
from .shared_folder import SEEN_WITHIN_S, is_as_said

_POLL_S = 0.1
_SILENT_S = 120.0
"""Beyond the time limits of a line, after which a machine is taken for frozen."""
_STOPS_WITHIN_S = 6.0
_MOST_UNSEEN = 3


class RayCluster:
    """Runs lines on the machines of a Ray cluster, on each core one. A `BatchRunner`.

    address : HOST:PORT of the cluster, or `local` for one that is started on this machine
    makers : how many lines at once; None for one on each core
    time_limit_s : seconds that a line may take
    on_note : called with a sentence when a machine is lost, or gets no lines
    """

    def __init__(
        self,
        address: str,
        makers: int | None = None,
        time_limit_s: float = LINE_S,
        on_note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._address, self._makers, self._time_limit_s = address, makers, time_limit_s
        self._on_note = on_note

    def run(self, tasks: Sequence[Task], on_work: Callable[[float], None]) -> Generator[Outcome, None, None]:
        """As `BatchRunner.run`.

        Raises
        ------
        MissingPartError : this Python has no Ray
        BatchError : there is no such cluster, or none of its machines can make lines
        """
        if not tasks:
            return
        local = self._makers or os.cpu_count() or 1
        most = local if self._address == LOCAL else self._makers or len(tasks)
        with connected(self._address, local) as ray:
            crew = Crew(ray, most, self._time_limit_s, status_file(tasks), self._on_note)
            yield from _Run(ray, crew, tasks, self._time_limit_s).outcomes(on_work)


@dataclass
class _Chunk:
    """Lines that an actor has in hand, by id in their order, and by when it must have answered."""

    maker: Maker
    attempts: dict[str, Attempt]
    deadline: float


@dataclass(frozen=True)
class _Unseen:
    """An outcome whose file cannot be seen from here yet."""

    outcome: Outcome
    attempt: Attempt
    machine: Machine
    until: float


class _Run:
    """One batch on one connection."""

    def __init__(self, ray: Any, crew: Crew, tasks: Sequence[Task], time_limit_s: float) -> None:
        self._ray, self._crew = ray, crew
        self._queue = LineQueue(tasks)
        self._silent_s = time_limit_s * TRIES + _SILENT_S
        self._idle: list[Maker] = []
        self._busy: dict[Any, _Chunk] = {}
        self._unseen: list[_Unseen] = []

    def outcomes(self, on_work: Callable[[float], None]) -> Generator[Outcome, None, None]:
        try:
            while self._queue or self._busy or self._unseen:
                self._send()
                yield from self._receive()
                yield from self._look_again()
                yield from self._give_up_the_silent()
                on_work(0.0)
        finally:
            self._crew.close(_STOPS_WITHIN_S)
            for chunk in self._busy.values():
                for attempt in chunk.attempts.values():
                    shutil.rmtree(temporary_folder(attempt.task.line), ignore_errors=True)

    def _send(self) -> None:
        """Give each idle actor a chunk."""
        in_hand = sum(len(chunk.attempts) for chunk in self._busy.values())
        self._idle += self._crew.update(len(self._queue) + in_hand)
        self._idle = [maker for maker in self._idle if maker in self._crew.makers]
        idle, self._idle = self._idle, []
        for maker in idle:
            attempts = self._chunk_for(maker.machine)
            if not attempts:
                self._idle.append(maker)
                continue
            make = maker.handle.make.options(num_returns="streaming")
            items = make.remote([attempt.task for attempt in attempts])
            by_id = {attempt.id: attempt for attempt in attempts}
            self._busy[items] = _Chunk(maker, by_id, time.monotonic() + self._silent_s)

    def _chunk_for(self, machine: Machine) -> list[Attempt]:
        """Lines for an actor; a single one where no file of its machine was seen yet, and then none until it is."""
        if not machine.proven and any(each.machine is machine for each in self._unseen):
            return []
        most = LARGEST_CHUNK if machine.proven else 1
        return self._queue.next_chunk(machine.id, self._crew.at_work, len(self._crew.makers), most)

    def _receive(self) -> Iterator[Outcome]:
        """Outcomes that have come in since."""
        if not self._busy:
            time.sleep(_POLL_S)
            return
        ready, _ = self._ray.wait(list(self._busy), num_returns=1, timeout=_POLL_S)
        if ready and len(self._busy) > 1:
            ready, _ = self._ray.wait(list(self._busy), num_returns=len(self._busy), timeout=0)
        for items in ready:
            if items not in self._busy:  # of a machine that has been dismissed meanwhile
                continue
            try:
                item = self._ray.get(next(items))
            except StopIteration:
                chunk = self._busy.pop(items)
                self._queue.put_back(chunk.attempts.values())
                self._idle.append(chunk.maker)
            except self._ray.exceptions.RayError as error:
                yield from self._lose(items, cause(error))
            else:
                yield from self._take(items, item)

    def _take(self, items: Any, item: Outcome | Stopped) -> Iterator[Outcome]:
        chunk = self._busy[items]
        machine = chunk.maker.machine
        chunk.deadline = time.monotonic() + self._silent_s
        if isinstance(item, Stopped):
            error = error_of(item.kind, item.problem, item.remedy)
            if isinstance(error, DiskFullError):
                raise error
            self._dismiss(machine, f"says: {item.problem}")
            return
        attempt = chunk.attempts.pop(item.id)
        machine.losses = 0
        if item.status == FAILED and attempt.lost_on:
            # Its earlier machine may not have been gone, and have got in the way.
            attempt.lost_on.append(machine.id)
            attempt.note = f"{attempt.note} Then: {item.reason}"
            yield from self._again(attempt)
        elif is_as_said(item):
            machine.unseen = 0
            machine.proven |= item.status != FAILED
            yield _noted(item, attempt)
        else:
            self._unseen.append(_Unseen(item, attempt, machine, time.monotonic() + SEEN_WITHIN_S))

    def _look_again(self) -> Iterator[Outcome]:
        """Look for the files that could not be seen; where they do not come, their machine writes elsewhere."""
        unseen, self._unseen = self._unseen, []
        for each in unseen:
            machine = each.machine
            if is_as_said(each.outcome):
                machine.unseen = 0
                machine.proven = True
                yield _noted(each.outcome, each.attempt)
            elif machine.refusal or time.monotonic() > each.until:
                machine.unseen += 1
                name = each.attempt.task.line.out.name
                each.attempt.note = (
                    f"{machine.host} said that it wrote “{name}”, which was not to be seen here."
                )
                if not machine.proven or machine.unseen >= _MOST_UNSEEN:
                    self._dismiss(machine, f"wrote “{name}” where it cannot be seen from here")
                each.attempt.lost_on.append(machine.id)
                yield from self._again(each.attempt)
            else:
                self._unseen.append(each)

    def _give_up_the_silent(self) -> Iterator[Outcome]:
        now = time.monotonic()
        for items in [items for items, chunk in self._busy.items() if chunk.deadline < now]:
            if items in self._busy:  # not with a machine that has been dismissed for another
                yield from self._lose(items, f"it has said nothing for {self._silent_s:.0f} s")

    def _lose(self, items: Any, reason: str) -> Iterator[Outcome]:
        """Give the lines of an actor that has ended to others; only the one in hand may have been the cause."""
        chunk = self._busy.pop(items)
        self._crew.lose(chunk.maker, reason)
        self._take_back()
        in_hand = list(chunk.attempts.values())
        self._queue.put_back(in_hand[1:])
        for first in in_hand[:1]:
            first.lost_on.append(chunk.maker.machine.id)
            first.note = f"{chunk.maker.machine.host} was lost while making it ({reason})."
            yield from self._again(first)

    def _again(self, attempt: Attempt) -> Iterator[Outcome]:
        failure = attempt.failure()
        if failure is None:
            self._queue.put_back([attempt])
        else:
            yield failure

    def _dismiss(self, machine: Machine, reason: str) -> None:
        """Give a machine no more lines."""
        self._crew.dismiss(machine, reason)
        self._take_back()

    def _take_back(self) -> None:
        """Give the lines of actors that were ended with their machine to others; none of them is to blame."""
        for items in [items for items, chunk in self._busy.items() if chunk.maker not in self._crew.makers]:
            self._queue.put_back(self._busy.pop(items).attempts.values())


def _noted(outcome: Outcome, attempt: Attempt) -> Outcome:
    return replace(outcome, reason=" ".join(filter(None, (attempt.note, outcome.reason))))
