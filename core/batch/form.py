"""How a manifest is written: JSON lines or a localisation table, its encoding, its header and its defaults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from ..errors import BatchError
from .fields import NAMES
from .given import DEFAULTED, characters_of, checked
from .header import find_header, synonyms
from .rows import Form, Lines, fields_of, rows_of, unreadable, with_any_quoting

TABLES = (".csv", ".tsv", ".tab", ".txt")
"""Suffixes of localisation tables; all else is JSON lines."""

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_HEAD_BYTES = 400
_HEAD_LINES = 200
_FOR_ALL = {"*", "default", "defaults"}
"""Ids of the first row of a table that make it a row of defaults."""
_STATES = {"defaults", "characters"}


def form_of(path: Path, content: Callable[[], BinaryIO]) -> Form:
    """Find out how a manifest is written, from its name and its first rows.

    content : opens it, from the first byte

    Raises
    ------
    BatchError : no text in a known encoding, a table without a header, or defaults that cannot be
    """
    if path.suffix.lower() not in TABLES:
        return _with_defaults_line(_encoded(Form(path, content), {b"\xef\xbb\xbf": "utf-8"}))
    form = table_form(path, content)
    if form.header is None or not form.header.has("id"):
        raise unreadable(path, f"has no column of ids, as {synonyms('id')}")
    return with_any_quoting(form, _with_defaults_row)


def table_form(
    path: Path, content: Callable[[], BinaryIO], called: Mapping[str, Sequence[str]] = NAMES
) -> Form:
    """The form of any table with a header.

    called : keys that columns may hold, and what headers call each

    Raises
    ------
    BatchError : no text in a known encoding, or no header
    """
    form = _encoded(Form(path, content), _MARKS)
    with Lines(form) as lines:
        head = list(islice(lines, _HEAD_LINES))
    found = find_header(head, called)
    if found is None:
        raise unreadable(path, f"has no header with two of the columns {', '.join(called)}")
    above, taken, header = found
    start = form.start + sum(len(line.encode(form.encoding)) for line in head[: above + taken])
    titles = [line.strip() for line in head[:above] if not _is_remark(line)]
    notes = tuple(f"Above the header, passed over: “{title[:80]}”." for title in titles)
    return replace(form, header=header, start=start, number=1 + above + taken, notes=notes + header.notes)


def _is_remark(line: str) -> bool:
    return not line.strip(" \t,;\r\n") or line.lstrip().startswith(("#", "sep="))


def _encoded(form: Form, marks: Mapping[bytes, str]) -> Form:
    with form.open() as file:
        head = file.read(_HEAD_BYTES)
    for mark, encoding in marks.items():
        if head.startswith(mark):
            return replace(form, encoding=encoding, start=len(mark))
    if len(marks) > 1:
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) * 2 > len(zeros):
                return replace(form, encoding=encoding)
    return form


def _with_defaults_line(form: Form) -> Form:
    """The form of JSON lines whose first one may state defaults and characters."""
    first = next(rows_of(form), None)
    try:
        stated = fields_of(first.text, form) if first is not None else {}
    except BatchError:  # a bad line, which its own reader names
        stated = {}
    if first is None or not stated or not stated.keys() <= _STATES:
        return form
    where = f"“{form.path.name}”, line {first.number}"
    return replace(
        form,
        start=first.start + first.length,
        number=first.number + 1,
        defaults=checked(stated.get("defaults", {}), DEFAULTED, f"{where}, defaults"),
        characters=characters_of(stated.get("characters", {}), f"{where}, characters"),
    )


def _with_defaults_row(form: Form) -> Form:
    """The form of a table whose first row may state what the others leave empty."""
    first = next(rows_of(form), None)
    try:
        stated = fields_of(first.text, form) if first is not None else {}
    except BatchError:
        stated = {}
    if first is None or str(stated.pop("id", "")).casefold() not in _FOR_ALL:
        return form
    where = f"“{form.path.name}”, line {first.number}, the row of defaults"
    return replace(
        form,
        start=first.start + first.length,
        number=first.number + first.text.count("\n"),
        defaults=checked(stated, DEFAULTED, where),
    )
