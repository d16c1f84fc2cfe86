"""The rows of a manifest, JSON lines or a localisation table, each with its place in the file."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self, TypeVar

from .. import strict_json
from ..errors import BatchError, QuotesError
from .fields import from_text
from .given import Character
from .header import Header

LONGEST_ROW = 1 << 20
"""Characters; no row of a manifest has as many."""

_ARRAY = re.compile(r"\s*\[\s*(?:\{|$)")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Form:
    """How a manifest is written.

    path : of the manifest
    open : its content, from the first byte
    encoding : of its text
    start, number : byte and line at which the rows begin, behind header and defaults
    header : of a table; None for JSON lines
    quoting : how the csv module reads quotation marks
    defaults, characters : that the manifest states
    notes : sentences on what of it is not heeded
    """

    path: Path
    open: Callable[[], BinaryIO]
    encoding: str = "utf-8"
    start: int = 0
    number: int = 1
    header: Header | None = None
    quoting: int = csv.QUOTE_MINIMAL
    defaults: Mapping[str, Any] = field(default_factory=dict)
    characters: Mapping[str, Character] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Row(NamedTuple):
    """A row of a manifest: its bytes, the number of its first line, and its text."""

    start: int
    length: int
    number: int
    text: str


def _quotes(path: Path, number: int, why: str) -> QuotesError:
    return QuotesError(
        f"“{path.name}”, line {number}: quotation marks do not match ({why})",
        "Double those within a quoted cell, or save the table anew from the spreadsheet",
    )


def unreadable(path: Path, what: str) -> BatchError:
    """The refusal for a manifest of which no line can be made."""
    return BatchError(
        f"“{path.name}” {what}", "Give a manifest with one JSON object a line, or a table; see docs/batch.md"
    )


def rows_of(form: Form) -> Iterator[Row]:
    """The rows of a manifest, empty ones left out.

    Raises
    ------
    BatchError : no text in its encoding, or a row without end
    QuotesError : quotation marks of a table do not match
    """
    with Lines(form) as lines:
        yield from _json_rows(lines) if form.header is None else _table_rows(lines, form, form.header)


def row_at(file: BinaryIO, form: Form, start: int, length: int, number: int) -> Row | None:
    """The row at a place in the file; None where it is no text, as after a change of the file."""
    file.seek(start)
    try:
        return Row(start, length, number, file.read(length).decode(form.encoding))
    except UnicodeDecodeError:
        return None


def with_any_quoting(form: Form, read: Callable[[Form], _Result]) -> _Result:
    """Read a manifest; where its quotation marks do not match and its cells end at tabs, they are letters.

    Programs that write tab-separated text do not quote, but for spreadsheets.
    """
    try:
        return read(form)
    except QuotesError:
        if form.header is None or form.header.separator != "\t" or form.quoting == csv.QUOTE_NONE:
            raise
        return read(replace(form, quoting=csv.QUOTE_NONE))


def fields_of(text: str, form: Form) -> dict[str, Any]:
    """The fields that a row gives itself.

    Raises
    ------
    BatchError : no JSON object, or more cells than the header has columns
    """
    return _object(text) if form.header is None else _cells(text, form, form.header)


class Lines:
    """The lines of a text file, with their ends.

    at, number : byte and number of the line that comes next
    kept : the lines since it was last emptied
    """

    def __init__(self, form: Form) -> None:
        self.path, self._encoding = form.path, form.encoding
        file = form.open()
        file.seek(form.start)
        self._text = io.TextIOWrapper(file, form.encoding, newline="")
        self.at, self.number = form.start, form.number
        self.kept: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[str]:
        while text := self._next():
            ascii_bytes = text.isascii() and self._encoding == "utf-8"
            self.at += len(text) if ascii_bytes else len(text.encode(self._encoding))
            self.number += 1
            self.kept.append(text)
            yield text

    def _next(self) -> str:
        try:
            text = self._text.readline(LONGEST_ROW)
        except UnicodeDecodeError as error:
            kind = "is not UTF-8 text" if self._encoding == "utf-8" else "is damaged UTF-16 text"
            raise unreadable(self.path, f"{kind} near line {self._undecodable()}") from error
        if sum(map(len, self.kept), len(text)) >= LONGEST_ROW:
            raise unreadable(self.path, f"has a row without end at line {self.number}")
        return text

    def _undecodable(self) -> int:
        """In which line the text cannot be decoded: the wrapper decodes ahead of what it gives."""
        file = self._text.buffer
        try:
            file.seek(self.at)
            rest = file.read(io.DEFAULT_BUFFER_SIZE * 2)
            rest.decode(self._encoding)
        except UnicodeDecodeError as error:
            return self.number + rest[: error.start].count(b"\n")
        except (OSError, ValueError):
            pass
        return self.number


def _json_rows(lines: Lines) -> Iterator[Row]:
    at, number = lines.at, lines.number
    first = True
    for text in lines:
        lines.kept.clear()
        if text.strip():
            if first and _ARRAY.match(text):
                raise unreadable(lines.path, "is one JSON array, and a manifest has one JSON object a line")
            first = False
            yield Row(at, lines.at - at, number, text)
        at, number = lines.at, lines.number


def _table_rows(lines: Lines, form: Form, header: Header) -> Iterator[Row]:
    reader = csv.reader(iter(lines), delimiter=header.separator, quoting=_quoting(form), strict=True)
    while True:
        at, number = lines.at, lines.number
        lines.kept.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _quotes(form.path, number, str(error)) from error
        if cells is None:
            return
        if header.separator == "\t" and any("\t" in cell and "\n" in cell for cell in cells):
            raise _quotes(form.path, number, "a cell holds tabs and line breaks")
        if any(map(str.strip, cells)):
            yield Row(at, lines.at - at, number, "".join(lines.kept))


def _quoting(form: Form) -> Any:
    return form.quoting  # the csv module has no public type for it on every Python


def _object(text: str) -> dict[str, Any]:
    try:
        fields = strict_json.loads(text)
    except ValueError as error:
        raise BatchError(f"This is no JSON: {error}", "Write one JSON object a line") from error
    if not isinstance(fields, dict):
        raise BatchError("This is no JSON object", "Write one JSON object a line")
    return fields


def _cells(text: str, form: Form, header: Header) -> dict[str, Any]:
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=header.separator, quoting=_quoting(form), strict=True
    )
    cells = [cell.strip() for cell in next(rows, [])]
    if any(cells[len(header.columns) :]):
        raise BatchError(
            f"This row has {len(cells)} cells, and the header {len(header.columns)}",
            "Put quotation marks about cells that hold the separator",
        )
    return {
        key: from_text(key, cell) for key, cell in zip(header.columns, cells, strict=False) if key and cell
    }
