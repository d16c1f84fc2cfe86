"""Rows of the scorecard as text and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from .carried import Carried
from .evaluation_case import KINDS
from .interval import Interval
from .scorecard import FIGURES, Row
from .traits import TRAITS

HEADINGS = ("StyleID", "Kin", "SyncGap", "HoldGap", "C2ST")
"""Of FIGURES, in their order."""

KIND_NAMES = dict(zip(KINDS, ("Another recording", "The same recording"), strict=True))
_NONE = "–"


@dataclass(frozen=True)
class Table:
    """What is printed: a title, and lines of equally many cells, the first of them the headings."""

    title: str
    lines: Sequence[Sequence[str]]


def as_text(rows: Sequence[Row]) -> str:
    """A table a kind, a line a row, and below them what traits they have, in columns for a terminal."""
    return text_of([*row_tables(rows), *trait_tables(rows)])


def as_markdown(rows: Sequence[Row]) -> str:
    """The same tables for a page of documentation."""
    return markdown_of([*row_tables(rows), *trait_tables(rows)])


def text_of(tables: Sequence[Table]) -> str:
    """Tables below each other, in columns for a terminal."""
    parts = []
    for table in tables:
        widths = [max(len(cell) for cell in column) for column in zip(*table.lines, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            for line in table.lines
        ]
        parts.append("\n".join([table.title, *(line.rstrip() for line in lines)]))
    return "\n\n".join(parts)


def markdown_of(tables: Sequence[Table]) -> str:
    """Tables below each other, for a page of documentation."""
    parts = []
    for table in tables:
        head, *body = table.lines
        lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *body)]
        parts.append("\n".join([f"**{table.title}**", "", *lines]))
    return "\n\n".join(parts)


def row_tables(rows: Sequence[Row], title: str = "") -> list[Table]:
    """A table for each kind of pairs that there is, with a line for each row."""
    numbers = ["C2ST 2", "rank 1", "Z", "Z > 1.64", "spread", "novelty"]
    head = ["", "overall", *HEADINGS, *numbers, "gates failed", "takes"]
    return [
        Table(
            f"{title}{KIND_NAMES[kind]} of the person",
            [head, *(_cells(row) for row in rows if row.kind == kind)],
        )
        for kind in dict.fromkeys(row.kind for row in rows)
    ]


def trait_tables(rows: Sequence[Row], title: str = "") -> list[Table]:
    """For each kind, how large the traits of rows are, and how far they are carried from reference to motion."""
    found = []
    for kind in dict.fromkeys(row.kind for row in rows if row.traits):
        own = [row for row in rows if row.kind == kind and row.traits]
        for what, cell in (
            ("How much, and by how much more than the person", _level_of),
            ("How far carried per person: one take, two, all", _carried_of),
        ):
            lines = [[row.system, *(cell(row.traits[name]) for name in TRAITS)] for row in own]
            found.append(Table(f"{title}{what}. {KIND_NAMES[kind]}", [["", *TRAITS], *lines]))
    return found


def _level_of(trait: Carried) -> str:
    more = trait.level
    if not isfinite(more.low):
        return _number(trait.value)
    return f"{trait.value.value:.2f} ({more.value:+.3f} [{more.low:+.3f}, {more.high:+.3f}])"


def _carried_of(trait: Carried) -> str:
    return f"{_number(trait.single)}, {_number(trait.double)}, {cell_of(trait.whole)}"


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as plain values, each interval as [value, low, high]; None for a number that is missing."""
    return [
        {
            **vars(row),
            "figures": plain(row.figures),
            "details": plain(row.details),
            "gates": dict(row.gates),
            "scaled": dict(row.scaled),
            "traits": {name: plain(vars(trait)) for name, trait in row.traits.items()},
        }
        for row in rows
    ]


def _cells(row: Row) -> list[str]:
    failed = [name for name, passed in row.gates.items() if not passed]
    return [
        row.system,
        _NONE if row.overall is None else f"{row.overall:.2f}",
        *(cell_of(row.figures.get(figure)) for figure in FIGURES),
        *(_number(row.details.get(name)) for name in ("c2st_2", "rank_1", "z", "share", "spread", "novelty")),
        ", ".join(failed) or "none",
        f"{row.takes} of {row.persons}",
    ]


def cell_of(interval: Interval | None) -> str:
    """A value and its interval, a value alone, or a dash."""
    if interval is None or not isfinite(interval.low):
        return _number(interval)
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def _number(interval: Interval | None) -> str:
    return _NONE if interval is None or not isfinite(interval.value) else f"{interval.value:.2f}"


def plain(intervals: Mapping[str, Interval]) -> dict[str, list[float | None]]:
    """Each interval as [value, low, high]; None for a number that is missing."""
    return {
        name: [value if isfinite(value) else None for value in (found.value, found.low, found.high)]
        for name, found in intervals.items()
    }
