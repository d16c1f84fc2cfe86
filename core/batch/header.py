"""The header of a localisation table: which separator, and which column is which key of a line."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..table_file import plain_name
from .fields import NAMES

_SEPARATORS = ",\t;"
_SEARCHED = 30
_FEWEST = 2
"""Known columns that make a row a header."""


@dataclass(frozen=True)
class Header:
    """The header of a table.

    columns : key of each column, empty where there is none
    names : of the columns as the table writes them
    separator : between cells
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    separator: str

    def has(self, key: str) -> bool:
        """Whether a column holds this key."""
        return key in self.columns

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on the columns that no line heeds."""
        named = [
            f"“{name}”"
            for key, name in zip(self.columns, self.names, strict=True)
            if not key and name.strip()
        ]
        if not named:
            return ()
        return (f"Columns without a meaning here, passed over: {', '.join(named)}.",)


def find_header(
    lines: Sequence[str], called: Mapping[str, Sequence[str]] = NAMES
) -> tuple[int, int, Header] | None:
    """Find the header among the first lines of a table, below titles and comments.

    lines : with their ends
    called : keys that columns may hold, and what headers call each

    Returns the number of lines above it, the number of lines that it takes, and the header; None without one.
    """
    names = {
        plain_name(name): (key, rank) for key, others in called.items() for rank, name in enumerate(others)
    }
    given = lines[0].strip().casefold() if lines else ""
    separators = given[4:5] if given.startswith("sep=") and len(given) == 5 else _SEPARATORS
    for above in range(min(len(lines), _SEARCHED)):
        if not lines[above].strip():
            continue
        found = [_parsed(lines[above:], separator, names) for separator in separators or "\t"]
        taken, header = max(found, key=lambda each: sum(map(bool, each[1].columns)))
        if sum(map(bool, header.columns)) >= _FEWEST:
            return above, taken, header
    return None


def _parsed(lines: Sequence[str], separator: str, names: Mapping[str, tuple[str, int]]) -> tuple[int, Header]:
    reader = csv.reader(iter(lines), delimiter=separator)
    try:
        cells = [cell.strip() for cell in next(reader, [])]
    except csv.Error:
        cells = []
    known = [names.get(plain_name(cell), ("", 0)) for cell in cells]
    best: dict[str, tuple[int, int]] = {}
    for at, (key, rank) in enumerate(known):
        if key:
            best[key] = min(best.get(key, (rank, at)), (rank, at))
    kept = {at for _, at in best.values()}
    columns = tuple(key if at in kept else "" for at, (key, _) in enumerate(known))
    return reader.line_num, Header(columns, tuple(cells), separator)


def synonyms(key: str) -> str:
    """What a header may call a column, in words."""
    return ", ".join(f"“{name}”" for name in NAMES[key][:7])
