"""Tables of numbers in text files: columns by name, whatever the separator, the encoding and the case."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .text_file import UnreadableError, read_text
from .types import Array

_SEPARATORS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"^sep=(.)\n", re.IGNORECASE)
_COMMENTS = re.compile(r"^(?:[ \t]*#[^\n]*\n|[ \t]*\n)+")


@dataclass(frozen=True)
class Table:
    """A table with a header.

    names : of the columns as the file writes them
    rows : cells as text; a row may be short
    decimal_comma : whether 0,5 is a half
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    decimal_comma: bool

    def has(self, *names: str) -> bool:
        """Whether there are columns of these names, apart from case, blanks and punctuation."""
        return {_plain(name) for name in names} <= {_plain(name) for name in self.names}

    def cells(self, name: str) -> list[str]:
        """Cells of a column, empty where a row is short. Raises KeyError."""
        at = {_plain(own): at for at, own in reversed(list(enumerate(self.names)))}[_plain(name)]
        return [row[at].strip() if at < len(row) else "" for row in self.rows]

    def numbers(self, *names: str) -> Array:
        """Columns as (rows, names); NaN where a cell is no number. Raises KeyError."""
        columns = [[self._number(cell) for cell in self.cells(name)] for name in names]
        return np.array(columns, np.float64).reshape(len(names), -1).T

    def _number(self, cell: str) -> float:
        try:
            return float(cell.replace(",", ".") if self.decimal_comma else cell)
        except ValueError:
            return float("nan")


def read_table(path: Path) -> Table:
    """Read a table with a header; empty rows and comments before the header are left out.

    Raises
    ------
    UnreadableError : no such file, no text, or no table
    """
    text = read_text(path)
    told = _SEPARATOR_LINE.match(text)
    text = _COMMENTS.sub("", text[told.end() :] if told else text)
    header = text.partition("\n")[0]
    separator = told[1] if told else max(_SEPARATORS, key=header.count)
    try:
        rows = [
            tuple(row) for row in csv.reader(text.split("\n"), delimiter=separator) if "".join(row).strip()
        ]
    except csv.Error as error:
        raise UnreadableError(f"is no table ({error})") from error
    names, *cells = rows or [()]
    table = Table(tuple(name.strip() for name in names), tuple(cells), decimal_comma=separator != ",")
    if separator == "," and cells and min(len(row) for row in cells) >= 2 * len(names) - 1 > 1:
        raise UnreadableError(
            f"has {len(cells[0])} cells in rows for {len(names)} columns: it seems to have decimal commas between"
            " commas, which nobody can tell apart"
        )
    return table


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())
