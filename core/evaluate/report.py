"""Rows of the scorecard as text and as JSON."""

from collections.abc import Sequence
from typing import Any

from .scorecard import Row


def as_text(rows: Sequence[Row]) -> str:
    """A table a kind, a line a row, for a terminal."""
    raise NotImplementedError


def as_markdown(rows: Sequence[Row]) -> str:
    """The same table for docs/scorecard.md."""
    raise NotImplementedError


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as plain values; None where a number is missing."""
    raise NotImplementedError
