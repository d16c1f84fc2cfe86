"""Messages between a worker and its parent: one JSON object a line, each a frozen dataclass here.

Each side sends `Hello` first. Arrays never travel here but in `.npz` files, see `motion_npz.py`.
"""

import dataclasses
import json
import platform
from dataclasses import dataclass
from typing import Any, BinaryIO

from .. import strict_json
from ..errors import MannerismError, WorkerError, error_of
from ..version import VERSION

PROTOCOL = 1
MAX_LINE_BYTES = 1 << 20
"""A longer line is a mistake or an attack, and is never held in memory."""

SCRATCH = "MANNERISM_SCRATCH"
SCRATCH_PREFIX = "mannerism-worker-"
"""Variable with the folder for the arrays of jobs, and how its name begins."""


@dataclass(frozen=True)
class Hello:
    """First message of each side: versions of the protocol, the package and Python."""

    protocol: int
    package: str
    python: str


@dataclass(frozen=True)
class Run:
    """Request to the worker: run a job of the table with these keyword arguments."""

    job: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Cancel:
    """Request to the worker: stop that job."""

    job: str


@dataclass(frozen=True)
class ProgressMessage:
    """Answer of the worker: the share done, 0 to 1, and what is being done."""

    job: str
    share: float
    what: str


@dataclass(frozen=True)
class Result:
    """Answer of the worker: the job is done."""

    job: str
    value: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Answer of the worker: the job, or with an empty id a message, was refused or failed.

    kind : name of the error's class
    """

    job: str
    kind: str
    problem: str
    remedy: str

    @classmethod
    def of(cls, job: str, error: MannerismError) -> "Failure":
        """The message of an error."""
        return cls(job, type(error).__name__, error.problem, error.remedy)

    def error(self) -> MannerismError:
        """The error, of its own class."""
        return error_of(self.kind, self.problem, self.remedy)


Message = Hello | Run | Cancel | ProgressMessage | Result | Failure
KINDS: dict[str, type[Message]] = {
    "hello": Hello,
    "run": Run,
    "cancel": Cancel,
    "progress": ProgressMessage,
    "result": Result,
    "error": Failure,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def hello() -> Hello:
    """The greeting of this process."""
    return Hello(PROTOCOL, VERSION, platform.python_version())


def check_hello(message: Message | None) -> Hello:
    """Return a greeting that this side understands.

    Raises
    ------
    WorkerError : something else came first, or from another version
    """
    if not isinstance(message, Hello):
        raise WorkerError("The worker did not greet as one", "Check the worker's Python in the preferences")
    if (message.protocol, message.package) != (PROTOCOL, VERSION):
        raise WorkerError(
            f"Version {VERSION} (protocol {PROTOCOL}) met a worker or parent of version "
            f"{message.package} (protocol {message.protocol})",
            "Restart Blender, so that both sides are of the version that is installed",
        )
    return message


def encode(message: Message) -> bytes:
    """Encode a message as one line of JSON, its end included."""
    fields = {"type": NAMES[type(message)], **dataclasses.asdict(message)}
    return json.dumps(fields, allow_nan=False).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Decode the message of a line.

    Raises
    ------
    WorkerError : not JSON, no known type, or fields that are missing, unknown or of a wrong type
    """
    try:
        fields = strict_json.loads(line)
    except ValueError as error:
        raise _nonsense("is not JSON") from error
    name = fields.pop("type", None) if isinstance(fields, dict) else None
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise _nonsense("has no known type")
    wanted = {field.name: field.type for field in dataclasses.fields(kind)}
    if fields.keys() != wanted.keys() or not all(_fits(fields[key], wanted[key]) for key in wanted):
        raise _nonsense(f"of type “{name}” has wrong fields")
    return kind(**fields)


def receive(stream: BinaryIO) -> Message | None:
    """Read the next message, or None at the end of the stream, also when that comes within a line.

    Raises
    ------
    WorkerError : as `decode`, or the line is too long; the stream then stands after that line
    """
    line = stream.readline(MAX_LINE_BYTES)
    if line.endswith(b"\n"):
        return decode(line)
    while rest := stream.readline(MAX_LINE_BYTES):
        if rest.endswith(b"\n"):
            raise _nonsense(f"is longer than {MAX_LINE_BYTES} bytes")
    return None


def busy(first: str) -> WorkerError:
    """The refusal of a second job, naming the first."""
    return WorkerError(f"“{first}” is still running", "Wait for it to end, or press ESC to cancel it")


def _fits(value: Any, wanted: Any) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str if wanted is str else dict)


def _nonsense(what: str) -> WorkerError:
    return WorkerError(
        f"A message between Blender and the worker {what}", "Try again, and report it if it stays"
    )
