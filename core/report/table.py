"""A report as CSV: one row a line, for pipelines and spreadsheets."""

import csv
import io
from collections.abc import Collection, Iterator

from .columns import NUMBERS, number
from .findings import KINDS
from .places import TABLE_MARK
from .row import EXTRA, Report, Row

_UNITS = {
    "sound_s": "sound_s",
    "motion_s": "motion_s",
    "level": "level_db",
    "peak": "peak_db",
    "flat_tops": "flat_tops",
    "size": "size_deg",
    "speed": "speed_deg_s",
    "fastest": "fastest_deg_s",
    "times_style": "times_style",
    "z_lines": "z_lines",
    "z_style": "z_style",
}
_BEFORE, _AFTER = ("line", "state", "to_act_on", "findings", "reason", "note"), ("style", "sound", "motion")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_text(report: Report, acting: Collection[str]) -> str:
    """The table, with a column for each of EXTRA that some line has.

    acting : kinds of findings that are to be acted on

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    extra = [name for name in EXTRA if any(row.manifest_text(name) for row in report.rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_BEFORE, *extra, *(_UNITS[name] for name in NUMBERS), *_AFTER])
    for row in report.rows:
        writer.writerow(_cells(row, extra, acting))
    assert text.getvalue().startswith(TABLE_MARK)
    return text.getvalue()


def _cells(row: Row, extra: Collection[str], acting: Collection[str]) -> Iterator[str]:
    kinds = [found.kind for found in row.findings]
    details = [f"{KINDS[found.kind].label}: {found.detail}" for found in row.findings if found.detail]
    yield _safe(row.line.id)
    yield row.state
    yield "yes" if any(kind in acting for kind in kinds) else "no"
    yield " ".join(kinds)
    yield _safe(" ".join(details))
    yield _safe(row.note)
    for name in extra:
        yield _safe(row.manifest_text(name))
    for name in NUMBERS:
        value = number(row, name)
        yield (
            ""
            if value is None
            else f"{value:g}"
            if NUMBERS[name][1] == 0
            else f"{value:.{NUMBERS[name][1]}f}"
        )
    made = not row.line.problem
    for path in (row.line.style, row.line.audio, row.line.out):
        yield _safe(str(path)) if made else ""


def _safe(text: str) -> str:
    """Text that no spreadsheet runs (OWASP, CSV injection), in one line."""
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(_FORMULA) else text
