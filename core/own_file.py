"""Reading of files that the program itself keeps: regular files, no links, of a limited size and depth.

Somebody else may have put another file in such a place: a link to a secret, a pipe that never ends, a file larger
than the memory, JSON nested so deeply that a reader breaks.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import Any, BinaryIO

_DEEPEST = 32


class UnusableFileError(ValueError):
    """A file in the place of one of the program's own that is none, with its name and what is wrong."""


@contextmanager
def open_own(path: Path, *, linked: bool = False) -> Iterator[BinaryIO]:
    """Open a regular file for reading.

    linked : whether it may be a symbolic link, as an installer makes them of a package's files

    Raises
    ------
    UnusableFileError : a link, a pipe, a device
    OSError : it cannot be read
    """
    if not linked and S_ISLNK(path.lstat().st_mode):
        raise UnusableFileError(f"“{path.name}” is a link")
    flags = (
        os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    )  # a pipe is not waited for
    if not linked:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    with open(path, "rb", opener=lambda name, _flags: os.open(name, flags)) as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnusableFileError(f"“{path.name}” is no file")
        yield file


def read_own(path: Path, largest_bytes: int) -> bytes:
    """Read a regular file that is no link. Raises UnusableFileError, OSError."""
    with open_own(path) as file:
        content = file.read(largest_bytes + 1)
    if len(content) > largest_bytes:
        raise UnusableFileError(f"“{path.name}” has more than the {largest_bytes} bytes that it may have")
    return content


def read_own_json(path: Path, largest_bytes: int) -> Any:
    """Read a regular file of JSON that is no link, nested no deeper than sense.

    Raises
    ------
    UnusableFileError : a link, no file, too large, too deep
    ValueError : no JSON, or no UTF-8
    OSError : it cannot be read
    """
    deep = UnusableFileError(f"“{path.name}” is nested more deeply than the {_DEEPEST} levels that it may be")
    try:
        content = json.loads(read_own(path, largest_bytes).decode("utf-8-sig"))
    except RecursionError:
        raise deep from None
    level = [content]
    for _ in range(_DEEPEST):
        level = [inner for value in level if isinstance(value, dict | list) for inner in _parts(value)]
        if not level:
            return content
    raise deep


def _parts(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value
