"""Logging: to the terminal on request, and from the worker to a file of bounded size.

Modules log through `logging.getLogger(__name__)`. Lines name files without their folders, and hold nothing
of their content; the user's home folder is written as ~.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

PACKAGE = logging.getLogger(__name__.rpartition(".core.")[0])
"""The logger above all others of the package, by whatever name that is installed."""

MAX_BYTES = 1_000_000
"""Of a log file; one older file of this size is kept beside it, as NAME.1."""

_TERMINAL = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class PrivateFormatter(logging.Formatter):
    """Formatter that writes ~ for the user's home folder, also within error messages and tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as text without the home folder."""
        text = super().format(record)
        for home in _spellings_of_home():
            text = text.replace(home, "~")
        return text


class _FileHandler(RotatingFileHandler):
    """A log that is lost rather than be what ends a job: on a full disk, or where the folder is gone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  the name is logging's
        """Drop the record, and reopen the file for the next one."""
        stream, self.stream = self.stream, None  # as the class itself leaves it between two files
        with suppress(OSError):
            if stream is not None:
                stream.close()


@contextmanager
def shown_log(level: int = logging.DEBUG) -> Iterator[None]:
    """Show log lines of the package on stderr while the block runs."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_TERMINAL))
    before = PACKAGE.level
    PACKAGE.addHandler(handler)
    PACKAGE.setLevel(level)
    try:
        yield
    finally:
        PACKAGE.setLevel(before)
        PACKAGE.removeHandler(handler)


def log_to_file(path: Path, level: int = logging.DEBUG) -> bool:
    """Write log lines of the package to a file from now on; False where it cannot be written.

    The folder is made. Several processes may share the file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _FileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", errors="replace")
    except OSError:
        return False
    handler.setFormatter(PrivateFormatter(_FILE))
    PACKAGE.addHandler(handler)
    PACKAGE.setLevel(level)
    return True


def _spellings_of_home() -> list[str]:
    """The home folder as text and as it stands in a repr; none where there is no home, or it is the root."""
    try:
        home = Path.home()
    except RuntimeError:
        return []
    return [] if home == home.parent else sorted({repr(str(home))[1:-1], str(home)}, key=len, reverse=True)
