"""Tables of numbers in text files: columns by name, whatever the separator, the encoding and the case."""

import csv
import re
from collections.abc import Iterator
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
    lines : of the rows, as text, for cells take many times the memory
    separator : between cells
    """

    names: tuple[str, ...]
    lines: tuple[str, ...]
    separator: str

    def has(self, *names: str) -> bool:
        """Whether there are columns of these names, apart from case, blanks and punctuation."""
        return {plain_name(name) for name in names} <= {plain_name(name) for name in self.names}

    def cells(self, name: str) -> list[str]:
        """Cells of a column, empty where a row is short. Raises KeyError."""
        (at,) = self._places(name)
        return [row[at].strip() if at < len(row) else "" for row in self._rows()]

    def numbers(self, *names: str) -> Array:
        """Columns as (rows, names); NaN where a cell is no number. Raises KeyError."""
        places = self._places(*names)
        values = [
            [self._number(row[at]) if at < len(row) else np.nan for at in places] for row in self._rows()
        ]
        return np.array(values, np.float64).reshape(-1, len(names))

    def _places(self, *names: str) -> list[int]:
        first = {plain_name(own): at for at, own in reversed(list(enumerate(self.names)))}
        return [first[plain_name(name)] for name in names]

    def _rows(self) -> Iterator[list[str]]:
        return csv.reader(self.lines, delimiter=self.separator)

    def _number(self, cell: str) -> float:
        try:
            return float(cell if self.separator == "," else cell.replace(",", "."))
        except ValueError:
            return float("nan")


def read_table(path: Path) -> Table:
    """Read a table with a header; empty rows and comments before the header are left out.

    Raises
    ------
    UnreadableError : no such file, no text, or no table
    """
    text = read_text(path)
    named = _SEPARATOR_LINE.match(text)
    text = _COMMENTS.sub("", text[named.end() :] if named else text)
    separator = named[1] if named else max(_SEPARATORS, key=text.partition("\n")[0].count)
    header, *lines = [line for line in text.split("\n") if line.strip(_SEPARATORS + " ")] or [""]
    try:
        names = tuple(name.strip() for name in next(csv.reader([header], delimiter=separator), ()))
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except (csv.Error, TypeError, ValueError) as error:
        raise UnreadableError(f"is no table ({error})") from error
    if len(widths) != len(lines):
        raise UnreadableError("is no table (a quoted cell goes on over several lines)")
    if separator == "," and min(widths, default=0) >= 2 * len(names) - 1 > 1:
        raise UnreadableError(
            f"has {min(widths)} cells in rows for {len(names)} columns: it seems to have decimal commas between"
            " commas, which nobody can tell apart"
        )
    return Table(names, tuple(lines), separator)


def plain_name(name: str) -> str:
    """A name of a column without case, blanks and punctuation."""
    return re.sub(r"[\W_]", "", name.casefold())
