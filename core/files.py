"""Atomic writing of files: whole or not at all."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, EINVAL, EISDIR, ENOSPC
from pathlib import Path
from typing import Any

from .errors import DiskFullError, OutputError


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
    full = error.errno in {ENOSPC, EDQUOT, EFBIG}  # EFBIG: a limit on sizes, as of a job scheduler
    return (DiskFullError if full else OutputError)(
        f"“{path.name}” cannot be written in {path.parent} ({error.strerror or error})",
        "Free some space there, or choose another folder"
        if full
        else "Choose a folder that exists and is writable",
    )
