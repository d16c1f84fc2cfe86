"""Where a report may be written: beside the manifest, and never over a file that is not an earlier report."""

import os
from collections.abc import Iterable
from pathlib import Path

from ..errors import OutputError
from ..files import check_writable
from ..own_file import UnusableFileError, open_own
from ..same_file import refuse_input

PAGE_MARK = "<!-- mannerism report -->"
TABLE_MARK = "line,state,to_act_on,"
"""How a report's table begins; later versions may add columns after these."""

_HEAD = 256


def check_place(path: Path, mark: str, inputs: Iterable[Path]) -> None:
    """Refuse a place that cannot be written, that is read, or where something other than an earlier report lies.

    Raises
    ------
    OutputError
    """
    refuse_input(path, inputs)
    check_writable(path)
    try:
        with open_own(path) as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        return
    except (UnusableFileError, OSError) as error:
        raise OutputError(f"“{path.name}” is there already ({error})", _REMEDY) from error
    if head and mark.encode() not in head:
        raise OutputError(f"“{path.name}” is there already, and is no report of a batch", _REMEDY)


def beside(path: Path, folder: Path) -> str:
    """A path as a page in `folder` links to it: relative with slashes, or an address where that cannot be."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_uri()


_REMEDY = "Move it, or choose another name with --page"
