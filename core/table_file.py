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
_MOST_TITLES = 20  # lines above the header


@dataclass(frozen=True)
class Table:
    """A table with a header.

    names : of the columns as the file writes them
    lines : of the rows, as text, for cells take many times the memory
    separator : between cells
    plain : whether no cell is quoted
    """

    names: tuple[str, ...]
    lines: tuple[str, ...]
    separator: str
    plain: bool = False

    def has(self, *names: str) -> bool:
        """Whether there are columns of these names, apart from case, blanks and punctuation."""
        return {plain_name(name) for name in names} <= {plain_name(name) for name in self.names}

    def cells(self, name: str) -> list[str]:
        """Cells of a column, empty where a row is short. Raises KeyError, UnreadableError as `numbers`."""
        (at,) = self._places(name)
        return [row[at].strip() if at < len(row) else "" for row in self._rows(at + 1)]

    def numbers(self, *names: str) -> Array:
        """Columns as (rows, names); NaN where a cell is no number.

        Raises
        ------
        KeyError : there is no such column
        UnreadableError : there are two
        """
        places = self._places(*names)
        quick = self._all_numbers(places)
        if quick is not None:
            return quick
        values = [
            [self._number(row[at]) if at < len(row) else np.nan for at in places] for row in self._rows()
        ]
        return np.array(values, np.float64).reshape(-1, len(names))

    def _all_numbers(self, places: list[int]) -> Array | None:
        """Columns at `places` where all their cells are numbers, in a tenth of the time; else None."""
        if not (self.plain and self.lines):
            return None
        lines = self.lines if self.separator == "," else [line.replace(",", ".") for line in self.lines]
        try:
            return np.loadtxt(lines, delimiter=self.separator, usecols=places, comments=None, ndmin=2)
        except ValueError:
            return None

    def _places(self, *names: str) -> list[int]:
        own = [plain_name(name) for name in self.names]
        for name in names:
            if own.count(plain_name(name)) > 1:
                raise UnreadableError(f"has the column {name} twice")
        places = {name: at for at, name in enumerate(own)}
        return [places[plain_name(name)] for name in names]

    def _rows(self, most: int = -1) -> Iterator[list[str]]:
        """Rows as cells, of which the first `most` are separate; where some are quoted, `read_table` has read them so before."""
        if self.plain:
            return (line.split(self.separator, most) for line in self.lines)
        return csv.reader(self.lines, delimiter=self.separator)

    def _number(self, cell: str) -> float:
        try:
            return float(cell.replace(",", "."))  # between commas it was quoted
        except ValueError:
            return float("nan")


def read_table(path: Path) -> Table:
    """Read a table with a header; empty rows, comments and titles before the header are left out.

    Raises
    ------
    UnreadableError : no such file, no text, or no table
    """
    text = read_text(path).replace("\N{MINUS SIGN}", "-")
    named = _SEPARATOR_LINE.match(text)
    text = _COMMENTS.sub("", text[named.end() :] if named else text)
    written = [line for line in text.split("\n") if line.strip(_SEPARATORS + " ")] or [""]
    header, *lines = written[_titles(written) :]
    separator = named[1] if named else max(_SEPARATORS, key=header.count)
    plain = '"' not in text
    try:
        names = tuple(name.strip() for name in next(csv.reader([header], delimiter=separator), ()))
        if plain:
            widths = [line.count(separator) + 1 for line in lines]
        else:
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
    return Table(names, tuple(lines), separator, plain)


def _titles(lines: list[str]) -> int:
    """How many lines above the header have text in one cell alone, as spreadsheets keep titles."""
    for at, line in enumerate(lines[:_MOST_TITLES]):
        separator = max(_SEPARATORS, key=line.count)
        if sum(bool(cell.strip(' "')) for cell in line.split(separator)) > 1:
            return at
    return 0


def plain_name(name: str) -> str:
    """A name of a column without case, blanks and punctuation."""
    return re.sub(r"[\W_]", "", name.casefold())
