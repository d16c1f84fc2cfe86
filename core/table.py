"""Tables of text as programs export them: commas, semicolons or tabs, in UTF-8 or UTF-16."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import TableError
from .types import Array

_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = ",;\t"
_MOST_BYTES = 1 << 29
_MOST_COLUMNS = 5000


@dataclass(frozen=True)
class Table:
    """Columns of text by name, in the order of the file; a short row ends in empty cells."""

    columns: dict[str, list[str]]

    def numbers(self, name: str) -> Array:
        """A column as numbers (N,), with a decimal point or comma; NaN where a cell is none."""
        return np.array([_number(cell) for cell in self.columns[name]], np.float64)


def read_table(path: Path) -> Table:
    """Read a table whose first row names its columns.

    Raises
    ------
    TableError : the file cannot be read, is empty or too large, or is no text
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise TableError(f"“{path.name}” is larger than 512 MB", "Cut the recording into parts")
        data = path.read_bytes()
    except OSError as error:
        raise TableError(
            f"“{path.name}” cannot be read ({error.strerror or error})", "Check the path"
        ) from error
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    lines = data.decode(encoding, errors="replace").replace("\0", "").splitlines()
    if lines and lines[0].lower().startswith("sep="):  # Excel's own first line
        lines = lines[1:]
    if not any(line.strip() for line in lines):
        raise TableError(f"“{path.name}” is empty", "Export or copy it again")
    separator = max(_SEPARATORS, key=lines[0].count)
    try:
        header, *rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    except csv.Error as error:
        raise TableError(f"“{path.name}” is no table ({error})", "Export it again as CSV") from error
    names = [name.strip() for name in header[:_MOST_COLUMNS]]
    rows = [row for row in rows if row]
    return Table(
        {name: [row[at].strip() if at < len(row) else "" for row in rows] for at, name in enumerate(names)}
    )


def _number(cell: str) -> float:
    try:
        return float(cell.replace(",", ".")) if cell and "_" not in cell else np.nan
    except ValueError:
        return np.nan
