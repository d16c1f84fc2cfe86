"""A stand-in for Ray whose machines do what a test says, in this process; what it offers is what `core/cluster` uses of it."""

from types import SimpleNamespace

from mannerism.core.batch.status import Outcome
from mannerism.core.cluster.line_maker import Installation
from mannerism.core.files import sha256_of


class LostError(Exception):
    """As when an actor has died."""


class Machine:
    """A machine that works. Others differ in what they greet with, or in how they make a line."""

    def __init__(self, name, cores=1):
        self.name, self.cores, self.alive, self.frozen = name, cores, True, False
        self.made = []
        self.stopped = 0

    def greet(self, seen):
        return Installation.of_this_machine(), seen.exists()

    def write(self, line):
        """Make the file of a line, and say so."""
        line.out.write_bytes(line.id.encode() * 10)
        return Outcome(
            line.id, "done", str(line.out), "digest", "", line.out.stat().st_size, sha256_of(line.out)
        )

    def make(self, tasks):
        for task in tasks:
            if not self.alive:
                raise LostError(f"{self.name} died\nand more")
            self.made.append(task.line.id)
            yield self.write(task.line)


class _Reference:
    def __init__(self, call):
        self.call = call


class _Items:
    """What a streaming call gives: a reference each."""

    def __init__(self, machine, items):
        self.machine = machine
        self._items = items
        self._over = False

    def __next__(self):
        if self._over:
            raise StopIteration
        try:
            value = next(self._items)
        except LostError as error:
            self._over, lost = True, error

            def fail():
                raise lost

            return _Reference(fail)
        return _Reference(lambda: value)


class FakeRay:
    """The module."""

    def __init__(self, *machines):
        self.machines = list(machines)
        self.killed = 0
        self.exceptions = SimpleNamespace(RayError=LostError)
        affinity = SimpleNamespace(NodeAffinitySchedulingStrategy=lambda name, soft: name)
        self.util = SimpleNamespace(scheduling_strategies=affinity)

    def nodes(self):
        return [
            {
                "NodeID": machine.name,
                "NodeManagerHostname": machine.name,
                "Alive": machine.alive,
                "Resources": {"CPU": machine.cores},
            }
            for machine in self.machines
        ]

    def remote(self, _class):
        return SimpleNamespace(
            options=lambda scheduling_strategy, **_: SimpleNamespace(
                remote=lambda *_: self._handle(
                    next(m for m in self.machines if m.name == scheduling_strategy)
                )
            )
        )

    @staticmethod
    def _handle(machine):
        def stop():
            machine.stopped += 1

        make = SimpleNamespace(remote=lambda tasks: _Items(machine, machine.make(tasks)))
        return SimpleNamespace(
            greet=SimpleNamespace(remote=lambda seen: _Reference(lambda: machine.greet(seen))),
            make=SimpleNamespace(options=lambda num_returns: make),
            stop=SimpleNamespace(remote=lambda: _Reference(stop)),
        )

    @staticmethod
    def wait(things, num_returns, timeout):
        assert num_returns <= len(things)
        ready = [each for each in things if not (isinstance(each, _Items) and each.machine.frozen)]
        for each in ready:
            if isinstance(each, _Reference) and each.call.__name__ == "stop":
                each.call()
        return ready[:num_returns], [each for each in things if each not in ready[:num_returns]]

    @staticmethod
    def get(reference):
        return reference.call()

    def kill(self, _handle):
        self.killed += 1
