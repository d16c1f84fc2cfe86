"""Atomic writing of files: whole or not at all."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, EINVAL, EISDIR, ENAMETOOLONG, ENOSPC
from pathlib import Path
from typing import Any

from .errors import DiskFullError, OutputError

_FULL = {ENOSPC, EDQUOT, EFBIG}  # EFBIG: a limit on sizes, as of a job scheduler
_LONGEST_NAME = 255  # bytes, on most file systems


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` that takes its name when the block ends well.

    The temporary file keeps the suffix of `path`, for writers that choose a format by it.

    Raises
    ------
    OutputError : the folder is missing or read-only, or the disk is full
    """
    import tempfile  # registering in Blender writes nothing

    try:
        handle, name = tempfile.mkstemp(prefix=".mannerism-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise output_error(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def put_aside(path: Path) -> str:
    """Rename a file that is somebody else's, to make room; returns a sentence about it. Raises OSError."""
    number, aside = 1, _aside(path, ".earlier")
    while aside.exists() or aside.is_symlink():
        number += 1
        aside = _aside(path, f".earlier-{number}")
    path.rename(aside)
    return f"The file that was at “{path.name}” is kept as “{aside.name}”."


def _aside(path: Path, suffix: str) -> Path:
    """The path with a suffix behind its name, which is shortened where it would be too long."""
    name = os.fsencode(path.name)
    if len(name) + len(suffix) <= _LONGEST_NAME:
        return path.with_name(path.name + suffix)
    ending = os.fsencode(path.suffix) + suffix.encode()
    stem = name[: _LONGEST_NAME - len(ending)].decode("utf-8", "ignore")
    return path.with_name(stem + path.suffix + suffix)


def check_writable(path: Path) -> None:
    """Check before the work whether `replacing` could write there after it. Raises OutputError."""
    import tempfile

    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "a folder has this name")
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise output_error(path, error) from error
    except ValueError as error:
        raise output_error(path, OSError(EINVAL, "no system has such a name")) from error


def write_json(path: Path, value: Any) -> None:
    """Write `value` as readable JSON, whole or not at all. Refuses NaN and infinity."""
    with replacing(path) as temporary:
        text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:  # half a character, as a damaged text may hold
                text = json.dumps(value, indent=1, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def output_error(path: Path, error: OSError) -> OutputError:
    """The refusal for a file that could not be written: a DiskFullError where there was no room."""
    return (DiskFullError if error.errno in _FULL else OutputError)(
        f"“{path.name}” cannot be written in {path.parent} ({error.strerror or error})",
        _remedy(error),
    )


def _remedy(error: OSError) -> str:
    if error.errno in _FULL:
        return "Free some space there, or choose another folder"
    if error.errno == ENAMETOOLONG:
        return "Give it a shorter name"
    return "Choose a folder that exists and is writable"
