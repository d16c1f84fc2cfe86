"""A chunk of a manifest: its own rows are read, and no others, through an index that all chunks share."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import OutputError
from ..file_lock import LockedError, locked
from ..motion import Progress, no_progress
from ..version import VERSION
from .collisions import without_collisions
from .form import form_of
from .given import NOTHING, Given
from .index import (
    FORMAT,
    Index,
    Source,
    hashed,
    known_as,
    output_hash,
    read_index,
    with_problems,
    write_index,
)
from .manifest import Manifest, places_of, read_manifest
from .manifest_row import Line, each_file
from .places import Places
from .rows import Form, row_at, with_any_quoting
from .status import status_files

INDEXED_BYTES = 1 << 20
"""A smaller manifest is read whole, which takes less time than looking for an index."""
_LONGEST_WAIT_S = 1800.0
_STAMP_BYTES = 1 << 12


def read_chunk(
    path: Path,
    chunk: tuple[int, int],
    allowed: Sequence[Path] = (),
    given: Given = NOTHING,
    progress: Progress = no_progress,
) -> Manifest:
    """Read a chunk (index, count) of a manifest: every `count`-th line from `index` on, as `read_manifest` reads it.

    Of a large manifest the first chunk writes an index beside it, `.mannerism-….index`; the others read the rows that it
    names. It is written anew where the manifest, or how it is read, has changed.

    allowed : folders that outputs may lie in, besides that of the manifest
    given : what lines leave out

    Raises
    ------
    BatchError : as `read_manifest`
    """
    try:
        large = chunk[1] > 1 and path.is_file() and path.stat().st_size >= INDEXED_BYTES
        found = read_indexed(path, chunk, given, allowed, progress) if large else None
    except (OSError, OutputError, LockedError):  # no index can be had here
        found = None
    return found or read_manifest(path, allowed, given, progress).chunk(*chunk)


def read_indexed(
    path: Path,
    chunk: tuple[int, int],
    given: Given = NOTHING,
    allowed: Sequence[Path] = (),
    progress: Progress = no_progress,
) -> Manifest | None:
    """Read a chunk of a manifest of any size through its index; None where that does not fit what is there.

    Raises
    ------
    BatchError : as `read_manifest`
    OSError, OutputError, LockedError : the index cannot be written
    """
    return _indexed(path, slice(chunk[0], None, chunk[1]), places_of(path, allowed), given, progress)


def _indexed(path: Path, chunk: slice, places: Places, given: Given, progress: Progress) -> Manifest | None:
    form = form_of(path, lambda: path.open("rb"))
    place, stamp = _index_of(path, places, given)
    for _ in range(2):
        found = read_index(place, stamp, chunk)
        if found is None:
            found = _written(place, stamp, Source(form, places, given), chunk, progress)
        if found is None:
            return None
        form = replace(form, quoting=found.quoting)
        source = Source(form, places, given.beneath(form.defaults, form.characters))
        lines = _lines(source, found, range(found.count)[chunk])
        if lines is not None:
            checked = without_collisions(lines, [path, *status_files(path)])
            return Manifest(path, checked, range(found.count)[chunk], form.notes)
        place.unlink(missing_ok=True)  # the file system has changed beneath it
    return None


def _written(place: Path, stamp: str, source: Source, chunk: slice, progress: Progress) -> Index | None:
    """The index, written by this process unless another one has done so meanwhile."""

    def write(form: Form) -> None:
        given = source.given.beneath(form.defaults, form.characters)
        write_index(place, Source(form, source.places, given), stamp, progress)

    with locked(place.with_suffix(".lock"), wait_s=_LONGEST_WAIT_S):
        found = read_index(place, stamp, chunk)
        if found is not None:
            return found
        with_any_quoting(source.form, write)
    return read_index(place, stamp, chunk)


def _lines(source: Source, index: Index, numbers: range) -> list[Line] | None:
    """The lines of a chunk; None where the index does not fit what is there now."""
    lines: list[Line] = []
    unclear: list[int] = []
    with source.form.open() as file:
        for at, entry in zip(numbers, index.rows.tolist(), strict=True):
            start, text_hash, out, length, number = entry
            row = row_at(file, source.form, start, length, number)
            if row is None or hashed(row.text) != text_hash:
                return None
            line = source.line(row.text, number)
            if output_hash(line) != out:
                return None
            if at in index.problems:
                line = with_problems(line, index.problems[at])
            for each in each_file([line]):
                if not each.problem:
                    unclear.extend(known_as(each.out_text))
            lines.append(line)
    return None if np.isin(np.array(unclear, "<u8"), index.inputs).any() else lines


def _index_of(path: Path, places: Places, given: Given) -> tuple[Path, str]:
    """Where the index lies, for each way of reading the manifest another, and its stamp. Raises OSError."""
    status = path.stat()
    with path.open("rb") as file:
        ends = file.read(_STAMP_BYTES)
        file.seek(max(status.st_size - _STAMP_BYTES, 0))
        ends += file.read(_STAMP_BYTES)
    characters = {name: [each.name, dict(each.fields)] for name, each in given.characters.items()}
    within = [str(folder) for folder in places.within]
    how = json.dumps([path.name, within, dict(given.stated), characters], sort_keys=True).encode()
    what = json.dumps([VERSION, FORMAT, status.st_size, status.st_mtime_ns]).encode()
    name = hashlib.sha256(how).hexdigest()[:16]
    return (
        path.resolve().with_name(f".mannerism-{name}.index"),
        hashlib.sha256(what + how + ends).hexdigest(),
    )
