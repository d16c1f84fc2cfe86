"""Mutations read in a process of their own, which may hang, crash or run out of memory."""

import gc
import os
import resource
import select
import signal
import sys
import time
import traceback
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.tools.fuzz.mutations import mutated
from mannerism.tools.fuzz.readers import Reader

_MB = 1024  # kilobytes, in which memory is counted


@dataclass(frozen=True)
class Limits:
    """Limits of one input, and of the whole call.

    seconds : of the processor's time for one input
    waiting_s : until an input is answered, whatever else the machine does
    mb : growth of the process's largest resident size
    left_s : seconds after which no further input is begun
    """

    seconds: float = 5.0
    waiting_s: float = 60.0
    mb: int = 500
    left_s: float = float("inf")


@dataclass(frozen=True)
class Failure:
    """An input that was neither read nor refused."""

    number: int
    reason: str
    data: bytes
    suffix: str


@dataclass
class Findings:
    """What came of the mutations of one kind so far."""

    read: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def summary(self) -> str:
        """One line of counts."""
        return (
            f"{self.read + self.refused + len(self.failures):6} mutations: {self.read} read, {self.refused} refused, "
            f"{len(self.failures)} failed; slowest {self.slowest_s:.2f} s"
        )

    def keep(self, kind: str, folder: Path) -> None:
        """Write each failing input, and its traceback beside it."""
        for failure in self.failures:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{kind}-{failure.number}{failure.suffix}"
            path.write_bytes(failure.data)
            path.with_name(f"{path.name}.txt").write_text(failure.reason + "\n")


@dataclass(frozen=True)
class Target:
    """A kind of file, with a healthy example to mutate.

    path : where each mutation is written, and read from
    """

    kind: str
    reader: Reader
    seed: bytes
    path: Path

    @classmethod
    def of(cls, kind: str, reader: Reader, folder: Path) -> "Target":
        """Make the example in a folder of its own, inside `folder`."""
        path = folder / kind / reader.name
        path.parent.mkdir()
        reader.make(path)
        return cls(kind, reader, path.read_bytes(), path)

    def mutation(self, number: int) -> bytes:
        """The bytes of a mutation; always the same for a kind and a number."""
        random = np.random.default_rng((zlib.crc32(self.kind.encode()), number))
        return mutated(self.seed, self.reader.header, random, text=self.reader.text)


def fuzz(target: Target, numbers: Sequence[int], findings: Findings, limits: Limits) -> None:
    """Read mutations by number, and add what came of them to `findings`.

    A process that died or was stopped is followed by another one, which goes on with the next mutation.
    """
    end = time.monotonic() + limits.left_s
    left = list(numbers)
    while left and time.monotonic() < end:
        left = left[_in_a_process(target, left, findings, limits, end) :]


def _in_a_process(
    target: Target, numbers: Sequence[int], findings: Findings, limits: Limits, end: float
) -> int:
    """Read until the end or a failure; returns how many were begun."""
    answers, to_parent = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.close(answers)
        _child(target, numbers, os.fdopen(to_parent, "wb", buffering=0), limits)
    os.close(to_parent)
    begun = 0
    with os.fdopen(answers, "rb", buffering=0) as stream:
        for number in numbers:
            if time.monotonic() > end:
                break
            start = time.monotonic()
            ready, _, _ = select.select([stream], [], [], limits.waiting_s)
            answer = _line(stream) if ready else f"hang: nothing after {limits.waiting_s} s"
            begun += 1
            findings.slowest_s = max(findings.slowest_s, time.monotonic() - start)
            if answer == "read":
                findings.read += 1
            elif answer == "refused":
                findings.refused += 1
            else:
                suffix = "".join(target.path.suffixes)
                reason = answer or _death(child, limits)
                findings.failures.append(Failure(number, reason, target.mutation(number), suffix))
                break
    with suppress(ProcessLookupError, ChildProcessError):  # it has died, and been waited for
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return begun


def _death(child: int, limits: Limits) -> str:
    """Why a process has ended."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
        return f"hang: more than {limits.seconds} s of the processor's time"
    return "the process died"


def _line(stream: BinaryIO) -> str:
    """A message: its length in four bytes, then its text; empty where the process is gone."""
    size = stream.read(4)
    return stream.read(int.from_bytes(size, "big")).decode() if len(size) == 4 else ""


def _child(target: Target, numbers: Sequence[int], stream: BinaryIO, limits: Limits) -> None:
    """Read each mutation and answer with its outcome; never returns."""
    gc.freeze()  # what the parent holds is not ours to collect: a finalizer may wait for its threads, which are not here
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    largest = _largest() + limits.mb * _MB
    for number in numbers:
        target.path.write_bytes(target.mutation(number))
        _forget_largest()  # what making the mutation took is not the reader's
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)  # its signal ends the process
        try:
            target.reader.read(target.path)
            answer = "read"
        except MannerismError:
            answer = "refused"
        except BaseException:  # noqa: BLE001 — whatever it is, it is a finding
            answer = traceback.format_exc()[-3000:]
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)  # nor is the time
        if _largest() > largest:
            answer = f"memory: more than {limits.mb} MB ({answer[-200:]})"
        text = answer.encode("utf-8", "replace")
        stream.write(len(text).to_bytes(4, "big") + text)
    os._exit(0)


def _largest() -> int:
    """The most memory that was resident since `_forget_largest`, kilobytes; where that does nothing, ever."""
    with suppress(OSError, StopIteration):
        rows = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return int(next(row for row in rows if row.startswith("VmHWM")).split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _forget_largest() -> None:
    with suppress(OSError):  # Linux alone
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
