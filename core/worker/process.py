"""The child process on the parent's side: its messages, the last lines it printed, and how it ended."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from ..errors import WorkerError
from . import protocol
from .protocol import SCRATCH, Message

GREETING_S = 60.0
"""A program that has not greeted by then is no worker; a slow disk with a virus scanner needs about ten."""
SHUT_DOWN_S = 1.0
STDERR_LINES = 30
STDERR_LINE_BYTES = 2000

# A group of its own: a Ctrl-C in Blender's terminal must not reach it, and a kill must reach its children.
# A worker's own children stay in its group for that.
_NESTED = SCRATCH in os.environ
_GROUP: dict[str, Any]
if sys.platform == "win32":
    _GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
else:
    _GROUP = {"start_new_session": not _NESTED}

# Where another Python keeps its packages is no business of the worker's Python.
_FOREIGN = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")

_CHOOSE = "Choose another Python in the preferences of the extension"


class WorkerProcess:
    """A child with one thread that reads its messages and one that keeps the last lines it prints.

    arrived : set whenever there is something for `messages`
    """

    def __init__(
        self, command: Sequence[str], scratch: Path, settings: Mapping[str, str], arrived: threading.Event
    ) -> None:
        self._program = command[0]
        environment = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
        environment |= {**settings, SCRATCH: str(scratch)}
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                **_GROUP,
            )
        except OSError as error:
            raise WorkerError(
                f"The worker's Python, {self._program}, does not start ({error.strerror or error})",
                _CHOOSE,
            ) from error
        self._messages: queue.Queue[Message | WorkerError | None] = queue.Queue()
        self._arrived = arrived
        self._printed: deque[bytes] = deque(maxlen=STDERR_LINES)
        self._greeted = False
        self._deadline = time.monotonic() + GREETING_S
        self._threads = [
            threading.Thread(target=target, args=(stream,), daemon=True)
            for target, stream in ((self._read, self._child.stdout), (self._keep_printed, self._child.stderr))
        ]
        for thread in self._threads:
            thread.start()
        self.send(protocol.hello())

    @property
    def pid(self) -> int:
        """Process id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.poll() is None

    def send(self, message: Message) -> None:
        """Send a message; to a process that has ended none, and the next `messages` raises."""
        with suppress(OSError):
            stdin = _open(self._child.stdin)
            stdin.write(protocol.encode(message))
            stdin.flush()

    def messages(self) -> list[Message]:
        """Return the messages received since the last call, the greeting checked and taken out.

        Raises
        ------
        WorkerError : it ended, sent what is no message, or did not greet
        """
        received: list[Message] = []
        for _ in range(self._messages.qsize()):  # and no more: a chatterbox must not keep the caller here
            message = self._messages.get()
            if isinstance(message, WorkerError):
                raise message
            if message is None:
                if received:  # what it sent before its end comes first, perhaps a result
                    self._messages.put(None)
                    return received
                raise self._death()
            if self._greeted:
                received.append(message)
            else:
                protocol.check_hello(message)
                self._greeted = True
        if not self._greeted and time.monotonic() > self._deadline:
            raise WorkerError(f"{self._program} did not answer as a worker", _CHOOSE)
        return received

    def _read(self, stream: BinaryIO) -> None:
        while True:
            message: Message | WorkerError | None
            try:
                message = protocol.receive(stream)
            except WorkerError as error:
                message = error
            except (OSError, ValueError):  # closed under us
                message = None
            self._messages.put(message)
            self._arrived.set()
            if message is None:
                return

    def _keep_printed(self, stream: BinaryIO) -> None:
        with suppress(OSError, ValueError):
            while line := stream.readline(STDERR_LINE_BYTES):
                self._printed.append(line)

    def _death(self) -> WorkerError:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(SHUT_DOWN_S)
        self.kill()
        status = self._child.returncode
        if status < 0:
            how = f"was ended by signal {-status}"
        else:
            printed = b"".join(self._printed).decode(errors="replace").strip().splitlines()
            how = f"ended with status {status} ({printed[-1] if printed else 'without a word'})"
        return WorkerError(
            f"The worker process {how}",
            "Try again; if it ends again, check the worker's Python in the preferences",
        )

    def shut_down(self) -> None:
        """Close its input and give it time to end by itself."""
        with suppress(OSError, subprocess.TimeoutExpired):
            _open(self._child.stdin).close()
            self._child.wait(SHUT_DOWN_S)

    def kill(self) -> None:
        """Kill the process and its children, and close its pipes."""
        if self.alive:
            if sys.platform == "win32" or _NESTED:
                self._child.kill()
            else:
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        for thread in self._threads:
            thread.join(SHUT_DOWN_S)
        for stream in (self._child.stdin, self._child.stdout, self._child.stderr):
            with suppress(OSError):
                _open(stream).close()


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
