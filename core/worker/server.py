"""The worker's side: one job at a time in the main thread, while another thread reads messages."""

import logging
import os
import platform
import queue
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from .. import motion
from ..errors import CancelledError, MannerismError, WorkerError
from ..progress import logged
from ..version import VERSION
from . import protocol
from .protocol import SCRATCH, SCRATCH_PREFIX, Cancel, Failure, Message, ProgressMessage, Result, Run, busy

_log = logging.getLogger(__name__)

JobFunction = Callable[..., dict[str, Any]]
"""Called with a `motion.Progress` and the keyword arguments of `Run`; returns what JSON can express."""

SHUT_DOWN_S = 0.5
"""Time for a job to clean up once the parent is gone. One in native code may never notice."""


def serve(source: BinaryIO, sink: BinaryIO, jobs: Mapping[str, JobFunction]) -> None:
    """Answer the requests of `source` on `sink`; the process ends with `source`, job or not."""
    Server(source, sink, jobs).serve()


class Server:
    """State shared by the two threads."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, jobs: Mapping[str, JobFunction]) -> None:
        self._source = source
        self._sink = sink
        self._jobs = jobs
        self._runs: queue.Queue[Run] = queue.Queue()
        self._running: Run | None = None
        self._idle = threading.Event()
        self._idle.set()
        self._cancelled = threading.Event()
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Send the greeting, then run jobs; `_read` ends the process."""
        _log.info(
            "Worker %s, Python %s, %s, %s", VERSION, platform.python_version(), sys.executable, sys.platform
        )
        self._send(protocol.hello())
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            run = self._runs.get()
            answer = self._run(run)
            with self._lock:  # who reads the answer may ask again at once
                self._running = None
                self._idle.set()
                self._write(answer)

    def _send(self, message: Message) -> None:
        with self._lock:
            self._write(message)

    def _write(self, message: Message) -> None:
        line = protocol.encode(message)
        with suppress(OSError):  # nobody reads any more: `_read` will notice, and tidies up
            self._sink.write(line)
            self._sink.flush()

    def _read(self) -> None:
        """Read until the parent is gone, then ask a running job to stop, and exit whether it does or not."""
        try:
            first = protocol.receive(self._source)
            if first is not None:
                protocol.check_hello(first)
                while self._receive():
                    pass
            self._cancelled.set()
            self._idle.wait(SHUT_DOWN_S)
            _log.info("The parent is gone")
            _remove_scratch()
        except MannerismError as error:
            self._send(Failure.of("", error))
        finally:
            self._lock.acquire(timeout=SHUT_DOWN_S)  # not in the middle of a message
            os._exit(0)

    def _receive(self) -> bool:
        try:
            message = protocol.receive(self._source)
        except WorkerError as error:
            self._send(Failure.of("", error))
            return True
        match message:
            case Run():
                self._accept(message)
            case Cancel(job) if self._running and self._running.job == job:
                self._cancelled.set()
        return message is not None

    def _accept(self, run: Run) -> None:
        with self._lock:
            first = self._running
            if first is None:
                self._running = run
                self._idle.clear()
                self._cancelled.clear()
        if first is None:
            self._runs.put(run)
        else:
            self._send(Failure.of(run.job, busy(first.name)))

    def _run(self, run: Run) -> Message:
        progress = logged(self._progress_of(run))
        began = time.monotonic()
        _log.info("Job %s, %s, begins", run.job, run.name)
        try:
            answer = Result(run.job, self._find(run.name)(progress, **run.arguments))
            protocol.encode(answer)  # an answer that JSON cannot express is a bug like any other
        except MannerismError as error:
            _log.info("Job %s refused: %s: %s", run.job, type(error).__name__, error.problem)
            return Failure.of(run.job, error)
        except Exception as error:  # noqa: BLE001  a job's bug must not end the worker
            _log.exception("Job %s failed", run.job)
            return Failure.of(run.job, _bug(run.name, error))
        _log.info("Job %s took %.2f s", run.job, time.monotonic() - began)
        return answer

    def _find(self, name: str) -> JobFunction:
        if name not in self._jobs:
            raise WorkerError(f"The worker knows no job “{name}”", f"Ask for one of {', '.join(self._jobs)}")
        return self._jobs[name]

    def _progress_of(self, run: Run) -> motion.Progress:
        def progress(share: float, what: str) -> None:
            if self._cancelled.is_set():
                raise CancelledError
            self._send(ProgressMessage(run.job, share, what))

        return progress


def _remove_scratch() -> None:
    """Remove the scratch folder that a killed parent left behind."""
    folder = Path(os.environ.get(SCRATCH, ""))
    if folder.name.startswith(SCRATCH_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _bug(name: str, error: Exception) -> WorkerError:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return WorkerError(
        f"“{name}” failed unexpectedly ({type(error).__name__}: {error}, "
        f"in {Path(place.filename).name} line {place.lineno})",
        "Report it with this message",
    )
