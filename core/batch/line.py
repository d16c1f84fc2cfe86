"""Making one line of a batch: the same bytes in any process, in any order, on any machine."""

import hashlib
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import BatchError
from ..files import output_error, put_aside, sha256_of
from ..motion import Progress
from .digest import digest_of
from .earlier import Kind, Record, find_earlier, is_beginning
from .making import write_line
from .manifest_row import Line

_log = logging.getLogger(__name__)

_WORTHLESS = {Kind.ABSENT, Kind.EMPTY, Kind.OURS}
"""What may be replaced without a word."""


@dataclass(frozen=True)
class LineResult:
    """Result of making a line.

    digest : of the sources, settings, weights and versions that the file was made from
    written : False where the file was there already, or was edited and is kept
    size, sha256 : of the file as a batch wrote it
    note : what the user should know of it, else empty
    """

    digest: str
    written: bool
    size: int
    sha256: str
    note: str = ""


def make_line(
    line: Line,
    record: Record | None,
    progress: Progress,
    *,
    statuses: Sequence[Path] = (),
    overwrite_edited: bool = False,
) -> LineResult:
    """Write the file of a line, unless it is there as it was made from the same.

    record : of what an earlier run wrote at this place, None if nothing ever was
    statuses : the status files of the batch
    overwrite_edited : replace a file that somebody has edited

    The file is written in a folder beside its own and takes its place when it is whole. A file that somebody
    edited is kept; one that no batch has written is kept under another name.

    Raises
    ------
    BatchError, AudioError, StyleError, SettingsError, OutputError, MissingPartError, CancelledError
    """
    digest = digest_of(line)
    found = find_earlier(line.out, record, statuses)
    if record is not None and found.sha256 == record.sha256 and record.digest == digest:
        _log.info("Line %s: made before", line.id)
        return LineResult(digest, written=False, size=record.size, sha256=record.sha256)
    # What was cut of the same file is known by its bytes, below.
    unsure = found.kind is Kind.CUT and record is not None and record.digest == digest
    edited = record if (found.kind is Kind.EDITED or unsure) and not overwrite_edited else None
    if edited is not None and edited.digest != digest:
        return _kept(line, edited, digest)
    folder = temporary_folder(line)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        folder.mkdir()
        made = folder / line.out.name
        noticed = write_line(made, line, progress)
        own = found.kind in _WORTHLESS or is_beginning(line.out, made.read_bytes())
        if edited is not None and not own:
            return _kept(line, edited, digest)
        size, sha256 = made.stat().st_size, sha256_of(made)
        wanted = overwrite_edited and found.kind is not Kind.FOREIGN
        note = "" if own or wanted or found.sha256 == sha256 else put_aside(line.out)
        made.replace(line.out)
    except OSError as error:
        raise output_error(line.out, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return LineResult(digest, True, size, sha256, " ".join(filter(None, (note, *noticed))))


def temporary_folder(line: Line) -> Path:
    """Folder in which the file of a line is written first: always the same, so that a later run finds it after a crash."""
    return line.out.with_name(
        f".mannerism-{hashlib.sha256(line.out.name.encode(errors='surrogatepass')).hexdigest()[:16]}"
    )


def _kept(line: Line, edited: Record, digest: str) -> LineResult:
    """Result for a file that somebody has edited."""
    if edited.digest != digest and edited.id != line.id:
        raise BatchError(
            f"“{line.out.name}” was made for “{edited.id}” and edited since, so it is kept",
            "Move it, choose another output, or give --overwrite-edited",
        )
    although = "" if edited.digest == digest else ", although the line has changed"
    note = f"“{line.out.name}” was edited after it was made, and is kept{although}; --overwrite-edited replaces it."
    return LineResult(edited.digest, False, edited.size, edited.sha256, note)
