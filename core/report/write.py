"""Writing a report: the page and the table, both or none."""

from collections.abc import Collection
from pathlib import Path

from ..batch.manifest import Manifest
from ..batch.status import status_files
from ..files import replacing
from .findings import ACTING
from .page import page_text
from .places import PAGE_MARK, TABLE_MARK, check_place
from .row import Report
from .table import table_text


def default_page(manifest: Path) -> Path:
    """Where the page of a manifest is written unless another place is asked for."""
    return manifest.with_name(f"{manifest.stem}.report.html")


def check_places(manifest: Manifest, page: Path) -> None:
    """Refuse before the work what `write_report` would refuse after it, and what would overwrite anything of the batch.

    Raises
    ------
    OutputError : a place is not writable, is a file of the batch, or holds something other than an earlier report
    """
    files = {path for line in manifest.lines for path in (line.audio, line.style, line.out) if path != Path()}
    inputs = [manifest.path, *status_files(manifest.path), *files]
    for path, mark in ((page, PAGE_MARK), (_table_of(page), TABLE_MARK)):
        check_place(path, mark, inputs)


def write_report(report: Report, page: Path, acting: Collection[str] = ACTING) -> tuple[Path, Path]:
    """Write the page, and the table as a .csv of the same name; returns both paths.

    acting : kinds of findings that are to be acted on

    Raises
    ------
    OutputError : one of them cannot be written, or something else lies there
    """
    table = _table_of(page)
    for path, mark in ((page, PAGE_MARK), (table, TABLE_MARK)):
        check_place(path, mark, ())
    # Half a character, as a damaged name may hold, becomes an escape that JSON and people read.
    contents = (
        (page, page_text(report, acting, page.absolute().parent, table.name)),
        (table, table_text(report, acting)),
    )
    with replacing(page) as page_made, replacing(table) as table_made:
        for made, (_, text) in zip((page_made, table_made), contents, strict=True):
            made.write_bytes(text.encode("utf-8", "backslashreplace"))
    return page, table


def _table_of(page: Path) -> Path:
    return page.with_suffix(".csv")
