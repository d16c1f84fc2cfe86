"""Whether two paths are one file: through links, and for names that some systems take for one."""

import os
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

from .errors import OutputError


def identities(path: Path | str) -> Iterator[Hashable]:
    """Everything that a file is known by: two paths with one of these in common are one file, here or on another system.

    The file itself, where it exists, through symbolic and hard links; and the path without regard to letter case
    and Unicode form.
    """
    there = inode_of(path)
    if there is not None:
        yield there
    yield folded(path)


def inode_of(path: Path | str) -> tuple[int, int] | None:
    """Device and inode of a file, through symbolic links; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116  planning asks for a hundred thousand
    except (OSError, ValueError):  # ValueError: a name that no system can have
        return None
    return status.st_dev, status.st_ino


def folded(path: Path | str) -> str:
    """A path in which names are equal that a system without regard to case or Unicode form takes for one."""
    text = os.fspath(path)
    if not text.startswith("/") or "/." in text or "//" in text or os.sep != "/":
        text = os.path.abspath(text)  # noqa: PTH100  links stay as they are
    return folded_name(text)


def folded_name(name: str) -> str:
    """A name, equal for all that a system without regard to case or Unicode form takes for one."""
    if name.isascii():
        return name.upper()
    return "".join(map(_upper, unicodedata.normalize("NFC", name)))


def refuse_input(output: Path, inputs: Iterable[Path | None]) -> None:
    """Refuse an output that is one of the inputs. Raises OutputError."""
    own = set(identities(output))
    for path in inputs:
        if path is not None and not own.isdisjoint(identities(path)):
            raise OutputError(
                f"“{output}” is also what is read: “{path}” would be overwritten",
                "Choose another name to write",
            )


def _upper(letter: str) -> str:
    """One letter in upper case, itself where that would be several: systems compare letter by letter."""
    upper = letter.upper()
    return upper if len(upper) == 1 else letter
