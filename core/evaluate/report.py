"""Rows of the scorecard as text and as JSON."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from .interval import Interval
from .scorecard import FIGURES, Row
from .take import KINDS

HEADINGS = ("StyleID", "Kin", "SyncGap", "HoldGap", "C2ST")
"""Of FIGURES, in their order."""

_KINDS = dict(zip(KINDS, ("Another recording", "The same recording"), strict=True))
_NONE = "–"


def as_text(rows: Sequence[Row]) -> str:
    """A table a kind, a line a row, in columns for a terminal."""
    parts = []
    for kind, table in _tables(rows).items():
        widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table
        ]
        parts.append("\n".join([f"{_KINDS[kind]} of the person", *(line.rstrip() for line in lines)]))
    return "\n\n".join(parts)


def as_markdown(rows: Sequence[Row]) -> str:
    """The same tables for a page of documentation."""
    parts = []
    for kind, (head, *body) in _tables(rows).items():
        lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *body)]
        parts.append("\n".join([f"**{_KINDS[kind]} of the person**", "", *lines]))
    return "\n\n".join(parts)


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as plain values, each interval as [value, low, high]; None for a number that is missing."""
    return [
        {
            **vars(row),
            "figures": _plain(row.figures),
            "details": _plain(row.details),
            "gates": dict(row.gates),
            "scaled": dict(row.scaled),
        }
        for row in rows
    ]


def _tables(rows: Sequence[Row]) -> dict[str, list[list[str]]]:
    head = ["", "overall", *HEADINGS, "rank 1", "Z", "Z > 1.64", "spread", "novelty", "gates failed", "takes"]
    tables: dict[str, list[list[str]]] = {}
    for row in rows:
        tables.setdefault(row.kind, [head]).append(_cells(row))
    return tables


def _cells(row: Row) -> list[str]:
    failed = [name for name, passed in row.gates.items() if not passed]
    return [
        row.system,
        _NONE if row.overall is None else f"{row.overall:.2f}",
        *(_cell(row.figures.get(figure)) for figure in FIGURES),
        *(_number(row.details.get(name)) for name in ("rank_1", "z", "share", "spread", "novelty")),
        ", ".join(failed) or "none",
        f"{row.takes} of {row.persons}",
    ]


def _cell(interval: Interval | None) -> str:
    if interval is None or not isfinite(interval.low):
        return _number(interval)
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def _number(interval: Interval | None) -> str:
    return _NONE if interval is None or not isfinite(interval.value) else f"{interval.value:.2f}"


def _plain(intervals: Mapping[str, Interval]) -> dict[str, list[float | None]]:
    return {
        name: [value if isfinite(value) else None for value in (found.value, found.low, found.high)]
        for name, found in intervals.items()
    }
