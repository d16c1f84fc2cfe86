"""The machines of a cluster, and the actors on them: taken on as there are cores, dismissed with a reason."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BatchError
from .line_maker import Installation, LineMaker

_NUMBERS = re.compile(r"[0-9a-f]{16,} ?")
_LOOK_EVERY_S = 2.0
_NOBODY_S = 60.0
"""For so long a cluster may have no machine at all, as while one joins."""
_MOST_LOSSES = 3
"""Actors lost in a row on a machine before it gets no more; a machine that is really gone leaves the list by itself."""


@dataclass(eq=False)
class Machine:
    """A machine of the cluster.

    losses : actors lost there since a line was last made
    proven : whether a file that it wrote was seen from here
    unseen : how many were not, since the last that was
    refusal : why it gets no lines, else empty
    """

    id: str
    host: str
    cores: int
    present: bool = True
    losses: int = 0
    proven: bool = False
    unseen: int = 0
    refusal: str = ""


@dataclass(eq=False)
class Maker:
    """An actor on a machine. `greeting` is what it has not answered yet."""

    machine: Machine
    handle: Any
    greeting: Any


class Crew:
    """All actors of a batch.

    ray : the module, connected
    most : how many actors at the most
    seen : a file that every machine has to see
    on_note : called with a sentence when a machine is lost or dismissed
    """

    def __init__(
        self, ray: Any, most: int, time_limit_s: float, seen: Path, on_note: Callable[[str], None]
    ) -> None:
        self._ray, self._most, self._time_limit_s, self._seen = ray, most, time_limit_s, seen
        self._on_note = on_note
        self._here = Installation.of_this_machine()
        self._machines: dict[str, Machine] = {}
        self._looked_at, self._alone_since = float("-inf"), time.monotonic()
        self._actor = ray.remote(LineMaker)
        self.makers: list[Maker] = []

    @property
    def at_work(self) -> set[str]:
        """Ids of the machines with an actor that is ready."""
        return {maker.machine.id for maker in self.makers if maker.greeting is None}

    def update(self, wanted: int) -> Iterator[Maker]:
        """Take on actors, `wanted` at the most in all, and yield those that have just become ready.

        Raises
        ------
        BatchError : no machine can make lines
        """
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at = now
            self._look()
            self._take_on(min(wanted, self._most))
        greeting = {maker.greeting: maker for maker in self.makers if maker.greeting is not None}
        if greeting:
            ready, _ = self._ray.wait(list(greeting), num_returns=len(greeting), timeout=0)
            for reference in ready:
                maker = greeting[reference]
                if maker in self.makers and self._greeted(maker):
                    yield maker
        self._refuse_an_empty_cluster(now)

    def lose(self, maker: Maker, reason: str) -> None:
        """Forget an actor that has ended or does not answer."""
        self.release(maker)
        machine = maker.machine
        machine.losses += 1
        self._on_note(f"A process on {machine.host} is lost, and its lines go to others ({reason}).")
        if machine.losses >= _MOST_LOSSES:
            self.dismiss(machine, f"lost {_MOST_LOSSES} processes and finished no line ({reason})")

    def release(self, maker: Maker) -> None:
        """End an actor."""
        if maker in self.makers:
            self.makers.remove(maker)
            self._ray.kill(maker.handle)

    def dismiss(self, machine: Machine, reason: str) -> None:
        """Give a machine no more lines, and end its actors."""
        for maker in [maker for maker in self.makers if maker.machine is machine]:
            self.release(maker)
        if not machine.refusal:
            machine.refusal = reason
            self._on_note(f"{machine.host} gets no lines: it {reason}.")

    def close(self, within_s: float) -> None:
        """Let all actors end what they do, and end them."""
        stops = [maker.handle.stop.remote() for maker in self.makers if maker.greeting is None]
        if stops:
            self._ray.wait(stops, num_returns=len(stops), timeout=within_s)
        for maker in self.makers:
            self._ray.kill(maker.handle)
        self.makers.clear()

    def _look(self) -> None:
        """Read the list of machines."""
        present = {node["NodeID"]: node for node in self._ray.nodes() if node["Alive"]}
        for name, node in present.items():
            cores = int(node["Resources"].get("CPU", 0))
            if name not in self._machines and cores:
                self._machines[name] = Machine(name, node["NodeManagerHostname"], cores)
        for name, machine in self._machines.items():
            machine.present = name in present

    def _usable(self) -> list[Machine]:
        return [each for each in self._machines.values() if each.present and not each.refusal]

    def _take_on(self, wanted: int) -> None:
        """One actor after another, each on the machine that has the largest share of its cores left."""
        on_machine = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        usable = self._usable()
        used = {machine.id: 0 for machine in usable}
        for maker in self.makers:
            if maker.machine.id in used:
                used[maker.machine.id] += 1
        while len(self.makers) < wanted and usable:
            machine = min(usable, key=lambda each: used[each.id] / each.cores)
            if used[machine.id] >= machine.cores:
                return
            used[machine.id] += 1
            handle = self._actor.options(
                num_cpus=1,
                max_concurrency=2,
                scheduling_strategy=on_machine(machine.id, soft=False),
            ).remote(self._time_limit_s)
            self.makers.append(Maker(machine, handle, handle.greet.remote(self._seen)))

    def _greeted(self, maker: Maker) -> bool:
        """Whether an actor that has answered can make lines as this machine would."""
        try:
            there, seen = self._ray.get(maker.greeting)
        except self._ray.exceptions.RayError as error:
            self.lose(maker, cause(error))
            return False
        maker.greeting = None
        if there != self._here:
            self.dismiss(maker.machine, f"has another Mannerism ({_difference(there, self._here)})")
        elif not seen:
            self.dismiss(maker.machine, f"does not see {self._seen}, so it does not share this folder")
        return not maker.machine.refusal

    def _refuse_an_empty_cluster(self, now: float) -> None:
        refused = [machine for machine in self._machines.values() if machine.refusal]
        if self._usable():
            self._alone_since = now
            return
        if not refused and now - self._alone_since < _NOBODY_S:
            return
        reasons = "; ".join(f"{machine.host} {machine.refusal}" for machine in refused)
        raise BatchError(
            f"No machine of the cluster can make lines{': ' if reasons else ''}{reasons}",
            "Every machine needs this Mannerism, a free core, and this folder at the same path; the same command carries on",
        )


def cause(error: Exception) -> str:
    """What an error of Ray says in one line: the end of a traceback, or else the beginning of its first sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if any("Traceback" in line for line in lines):
        return lines[-1].strip()
    return _NUMBERS.sub("", lines[0]).partition(":")[0].strip().rstrip(".")


def _difference(there: Installation, here: Installation) -> str:
    if there.version != here.version:
        return f"version {there.version}, and here {here.version}"
    if there.python != here.python:
        return f"Python {there.python}, and here {here.python}"
    return "its weights differ from those here"
