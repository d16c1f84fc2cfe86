"""Status files of a batch: the outcome of each line, as JSON lines beside the manifest."""

import json
import os
import re
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from ..errors import OutputError
from ..files import output_error, put_aside, replacing

DONE, SKIPPED, FAILED = "done", "skipped", "failed"

_LONGEST_ROW = 1 << 20
_TEXT = rb'("[^"\\]*(?:\\.[^"\\]*)*")'
_BEGIN = re.compile(rb'\{"id": ' + _TEXT + rb', "status": "[a-z]*", "out": ' + _TEXT + rb', "digest": ')
CARRIED = ("character", "text", "language")
"""What a line brings along into its row."""


@dataclass(frozen=True)
class Outcome:
    """Outcome of a line.

    status : `done`, `skipped` (its file was there and nothing had changed, or it was edited) or `failed`
    out : path of the file; where the line failed, of the one that an earlier run wrote for it, if any
    digest : of what the file was made from, empty where it failed
    reason : why it failed, or what was noticed on its sound or its file, else empty
    size, sha256 : bytes of the file as it was written, and the SHA-256 of its content
    character, text, language : as the line has them; left out of the row where they are empty
    """

    id: str
    status: str
    out: str = ""
    digest: str = ""
    reason: str = ""
    size: int = 0
    sha256: str = ""
    character: str = ""
    text: str = ""
    language: str = ""


class StatusFile:
    """The status of one chunk, written line by line, so that a crash costs the line in hand and no more.

    manifest : its path; the files are NAME.status.jsonl, or NAME.status-I-of-N.jsonl for a chunk
    all : the status files of all chunks that there are, the oldest first
    """

    def __init__(self, manifest: Path, index: int, count: int) -> None:
        which = f"status-{index}-of-{count}" if count > 1 else "status"
        self.path = manifest.with_name(f"{manifest.stem}.{which}.jsonl")
        self.all = status_files(manifest)

    def written(self, ids: Iterable[str], places: Iterable[str]) -> list[Outcome]:
        """What earlier runs wrote for these lines or at these places, in whatever chunk.

        For each place the last, in the order of writing. Rows of other lines, of which a large batch has many, are
        passed over by their first bytes.
        """
        found: dict[str, Outcome] = {}
        wanted = {form for name in (*ids, *places) for form in _forms(name)}
        for path in self.all:
            for outcome in _outcomes(path, wanted):
                if outcome.sha256 and outcome.out:
                    wanted.update(_forms(outcome.out))  # another line may have written there since
                    found.pop(outcome.out, None)
                    found[outcome.out] = outcome
        return list(found.values())

    def mend(self) -> str:
        """Leave out the damaged rows of the file, so that nothing is appended to half a row.

        A file none of whose rows is one of a status is kept under another name; returns a sentence about it, else
        an empty one. Raises OutputError.
        """
        outcomes = read_status(self.path)
        try:
            strange = self.path.is_file() and self.path.stat().st_size > 0 and not outcomes
            note = put_aside(self.path) if strange else ""
        except OSError as error:
            raise output_error(self.path, error) from error
        self.rewrite(outcomes)
        return note

    def add(self, outcome: Outcome) -> None:
        """Append an outcome, whole or not at all. Raises OutputError."""
        try:
            with self.path.open("ab") as file:
                before = file.tell()
                try:
                    file.write(_row(outcome))
                    file.flush()
                except OSError:
                    with suppress(OSError):
                        os.truncate(self.path, before)
                    raise
        except OSError as error:
            raise output_error(self.path, error) from error

    def rewrite(self, outcomes: Iterable[Outcome]) -> None:
        """Replace the file by these outcomes, whole or not at all. Raises OutputError."""
        with replacing(self.path) as temporary:
            temporary.write_bytes(b"".join(map(_row, outcomes)))


def status_files(manifest: Path) -> list[Path]:
    """The status files of a manifest, of all chunks, the oldest first."""
    try:
        found = manifest.parent.glob(f"{_literal(manifest.stem)}.status*.jsonl")
        return sorted(found, key=lambda path: path.stat().st_mtime)
    except OSError as error:
        raise OutputError(
            f"The folder {manifest.parent} cannot be read ({error.strerror or error})",
            "Put the manifest in a folder that is readable and writable",
        ) from error


def read_status(path: Path) -> list[Outcome]:
    """Read the outcomes in a status file; damaged and unknown rows are passed over."""
    return list(_outcomes(path))


def _outcomes(path: Path, wanted: Container[bytes] | None = None) -> Iterator[Outcome]:
    """The outcomes in a status file.

    wanted : ids and places, as `_forms`, of rows that are looked for; None for all
    """
    if not path.is_file():  # a pipe or a device may never end
        return
    with suppress(OSError), path.open("rb") as file:
        while row := file.readline(_LONGEST_ROW):
            begin = None if wanted is None else _BEGIN.match(row)
            if wanted is not None and begin and begin[1] not in wanted and begin[2] not in wanted:
                continue
            if (outcome := _outcome(row)) is not None:
                yield outcome


def _forms(name: str) -> Iterator[bytes]:
    """How a row may write an id or a place."""
    yield json.dumps(name).encode()
    with suppress(UnicodeEncodeError):
        yield json.dumps(name, ensure_ascii=False).encode()


def _row(outcome: Outcome) -> bytes:
    row = {key: value for key, value in vars(outcome).items() if value or key not in CARRIED}
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # a file name that is no text
        return json.dumps(row).encode() + b"\n"


def _outcome(row: bytes) -> Outcome | None:
    try:
        found = json.loads(row)
        return (
            Outcome(**found)
            if all(type(found[key]) is kind for key, kind in _KINDS if key in found)
            else None
        )
    except (ValueError, TypeError, RecursionError):
        return None


_KINDS = tuple((field.name, field.type) for field in fields(Outcome))


def _literal(name: str) -> str:
    """A name in which `glob` finds nothing special."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
