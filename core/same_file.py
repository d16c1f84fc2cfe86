"""Whether two paths are one file: through links, and for names that some systems take for one."""

import os
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

from .errors import OutputError


def identities(path: Path) -> Iterator[Hashable]:
    """Everything that a file is known by: two paths with one of these in common are one file, here or on another system.

    The file itself, where it exists, through symbolic and hard links; and the path without regard to letter case
    and Unicode form.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):  # ValueError: a name that no system can have
        pass
    else:
        yield status.st_dev, status.st_ino
    yield folded(path)


def folded(path: Path) -> str:
    """A path in which names are equal that a system without regard to case or Unicode form takes for one."""
    plain = os.path.abspath(path)  # noqa: PTH100  links stay as they are
    if plain.isascii():
        return plain.upper()
    return "".join(map(_upper, unicodedata.normalize("NFC", plain)))


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
