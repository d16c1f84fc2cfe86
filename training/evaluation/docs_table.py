"""Tables that a command writes into a page of documentation."""

from pathlib import Path

from mannerism.core.errors import MannerismError
from mannerism.core.files import replacing

END = "<!-- end of table -->"


class PageError(MannerismError):
    """A page without a place for the table."""


def begin(command: str) -> str:
    """What stands before the table of a command."""
    return f"<!-- table: written by `make {command}` -->"


def put_into(page: Path, command: str, table: str) -> None:
    """Replace what stands between `begin(command)` and END. Raises PageError where they are missing."""
    mark = begin(command)
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    before, found, rest = text.partition(mark)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise PageError(f"“{page}” has no place for the table", f"Write {mark} and {END} where it belongs")
    with replacing(page) as temporary:
        temporary.write_text(f"{before}{mark}\n{table}\n{END}{after}", encoding="utf-8")
