"""Client of the worker process: kept warm, jobs that never block the caller."""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CancelledError, MannerismError, OutputError, WorkerError
from .protocol import SCRATCH, SCRATCH_PREFIX, Cancel, Failure, Message, ProgressMessage, Result, Run, busy

if TYPE_CHECKING:
    from .process import WorkerProcess

_log = logging.getLogger(__name__)

CANCEL_S = 0.3
"""A job that has not obeyed by then is killed, so that ESC takes less than half a second."""


class Job:
    """One request to a worker: `poll` until it is true, then take the `result`."""

    def __init__(self, worker: "Worker", run: Run, label: str) -> None:
        self._worker = worker
        self._outcome: dict[str, Any] | MannerismError | None = None
        self.run = run
        self.label = label
        self.share = 0.0
        self.what = "Starting"

    @property
    def done(self) -> bool:
        """Whether the job has ended, well or not, as of the last `poll`."""
        return self._outcome is not None

    def poll(self) -> bool:
        """Process new messages of the worker; True when the job has ended. Never blocks."""
        if not self.done:
            self._worker.receive(self)
        return self.done

    def wait(self) -> dict[str, Any]:
        """Block until the job ends, for scripts and for a Blender without a window; Ctrl-C cancels it."""
        try:
            while not self.poll():
                time.sleep(0.01)
        finally:
            self.cancel()
        return self.result()

    def result(self) -> dict[str, Any]:
        """Return the answer of the job.

        Raises
        ------
        MannerismError : what the job refused with, WorkerError when the process died, CancelledError
        """
        if self._outcome is None:
            raise RuntimeError("the job is still running")
        if isinstance(self._outcome, MannerismError):
            raise self._outcome
        return self._outcome

    def cancel(self) -> None:
        """Ask the job to stop and kill the worker when it does not, within half a second."""
        self._worker.cancel(self)

    def settle(self, outcome: dict[str, Any] | MannerismError) -> None:
        """Set the outcome; the first one stays."""
        if self._outcome is None:
            self._outcome = outcome

    def receive(self, message: Message) -> None:
        """Process one message.

        Raises
        ------
        MannerismError : the message does not belong to this job, or refuses one that the parent sent
        """
        match message:
            case ProgressMessage(job, share, what) if job == self.run.job:
                self.share, self.what = min(max(share, 0.0), 1.0), what
            case Result(job, value) if job == self.run.job:
                self.settle(value)
            case Failure(job) if job == self.run.job:
                self.settle(message.error())
            case Failure(""):
                raise message.error()
            case _:
                raise WorkerError("The worker answered nonsense", "Try again, and report it if it stays")


class Worker:
    """A worker process, started by the first job and again after a crash or a kill.

    command : the program and its arguments, as `[python, "-s", "boot.py"]`
    settings : environment variables that it gets besides those of this process
    arrived : set whenever a poll has something to process, for one who waits; several workers may share it
    folder : a temporary folder for the arrays of its jobs, gone after `close`

    Raises
    ------
    OutputError : there can be no such folder
    """

    def __init__(
        self,
        command: Sequence[str],
        settings: Mapping[str, str] | None = None,
        arrived: threading.Event | None = None,
    ) -> None:
        self.command, self.settings = list(command), dict(settings or {})
        try:
            # Within a worker's own folder, if this is one: it goes with that, however the worker ends.
            self._temporary = tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=os.environ.get(SCRATCH))
        except OSError as error:
            raise OutputError(
                f"There is no room for temporary files ({error.strerror or error})",
                "Free some space on the disk of the temporary folder, or set TMPDIR to another",
            ) from error
        self.folder = Path(self._temporary.name)
        self.arrived = arrived or threading.Event()
        self._process: WorkerProcess | None = None
        self._job: Job | None = None
        self._count = 0

    @property
    def job(self) -> Job | None:
        """The running job, as of the last poll."""
        return self._job if self._job is not None and not self._job.done else None

    @property
    def pid(self) -> int | None:
        """Process id while the process runs."""
        return self._process.pid if self._process is not None and self._process.alive else None

    def start(self, name: str, arguments: dict[str, Any], *, label: str) -> Job:
        """Begin a job.

        name, arguments : as in the table of jobs
        label : what to call the job when a second one is refused

        Raises
        ------
        WorkerError : another job runs, or the process cannot start
        """
        if self.job is not None:
            raise busy(self.job.label)
        if self.pid is None:
            self._kill()
            from .process import WorkerProcess  # not before there is a job: Blender starts without it

            self._process = WorkerProcess(self.command, self.folder, self.settings, self.arrived)
            _log.info("Worker %d started by %s", self._process.pid, self.command[0])
        self._count += 1
        self._job = Job(self, Run(str(self._count), name, arguments), label)
        self._send(self._job.run)
        return self._job

    def _send(self, message: Message) -> None:
        if self._process is not None:
            self._process.send(message)

    def receive(self, job: Job) -> None:
        """Pass on the messages of the process to its job, and settle the job of a process that died."""
        process = self._process
        if process is None:
            return
        try:
            for message in process.messages():
                job.receive(message)
        except MannerismError as error:
            _log.info("Worker failed: %s", error.problem)
            job.settle(error)
            self._kill()

    def cancel(self, job: Job) -> None:
        """Ask the job to stop, and kill the process when it does not within CANCEL_S."""
        if job.poll():
            return
        self._send(Cancel(job.run.job))
        deadline = time.monotonic() + CANCEL_S
        while not job.poll() and time.monotonic() < deadline:
            time.sleep(0.01)
        if not job.done:
            _log.info("Job %s did not stop in %.1f s; its worker is killed", job.run.job, CANCEL_S)
            job.settle(CancelledError())
            self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def rest(self) -> bool:
        """End the process and give its memory back, unless a job runs; whether it ran. The next job starts another."""
        if self.job is not None or self.pid is None:
            return False
        _log.info("Worker %d ends until it is needed again", self.pid)
        self._kill()  # at the end of its input it would remove the folder, which stays
        return True

    def close(self) -> None:
        """End the process, by the end of its stdin or else by force, and remove the folder."""
        if self._job is not None:
            self._job.settle(CancelledError())
        if self._process is not None:
            self._process.shut_down()
            self._kill()
        self._temporary.cleanup()
