"""Consent records: no video of a person without attested consent, kept for each reference with its date.

What holds now is in one JSON file. Whatever is attested is first appended to a history beside it, from which the file is
restored when it is damaged; the damaged one is kept. Nothing is left in either of who withdraws. Processes take turns.
"""

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...errors import ConsentError, OutputError
from ...file_lock import LockedError, locked
from ...files import output_error, replacing, write_json
from ...own_file import UnusableFileError, read_own, read_own_json
from .identity import Reference

_log = logging.getLogger(__name__)

STATEMENT = "I am the person in this video, or they have agreed that I make synthetic video of them"
"""What is attested."""

_NAME, _HISTORY, _LOCK = "consent.json", "consent.history.jsonl", "consent.lock"
_FORMAT = "mannerism-consent"
_LARGEST_BYTES = 1 << 26
_WAIT_S = 60.0
_threads = threading.Lock()  # a file's lock excludes other processes alone


def consent_of(reference: Reference, folder: Path) -> str | None:
    """Date when consent for a reference was attested, as 2026-01-31T12:00:00Z; None where it was not.

    folder : where what is made from references is kept, see `frame_store.data_folder`

    Raises
    ------
    ConsentError : a link or something huge is in the place of the records
    """
    return _read(folder)[0].get(reference.sha256)


def attest(reference: Reference, folder: Path) -> str:
    """Record consent for a reference, now; an earlier date stays. Returns the date.

    Raises
    ------
    ConsentError : a link or something huge is in the place of the records
    OutputError : it cannot be noted
    """
    with _records(folder) as records:
        date = records.get(reference.sha256)
        if date is None:
            date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            _note(folder, reference.sha256, date)
            _write(folder, {**records, reference.sha256: date})
    return date


def withdraw(reference: Reference, folder: Path) -> None:
    """Delete the consent record of a reference, if any. Raises ConsentError, OutputError."""
    if not any(folder.glob("consent.*")):
        return
    with _records(folder) as records:
        if reference.sha256 in records:
            left = {known: date for known, date in records.items() if known != reference.sha256}
            _write(folder, left)
            _rewrite_history(folder, left)


def mend(folder: Path) -> str:
    """Put damaged records aside and restore them from their history; returns a sentence about it, else "".

    Raises
    ------
    ConsentError, OutputError : as `attest`
    """
    if not _read(folder)[1]:
        return ""
    with _turn(folder):
        return _mend(folder)


def require(reference: Reference, folder: Path) -> None:
    """Check that consent for a reference is recorded. Raises ConsentError."""
    if consent_of(reference, folder) is None:
        raise refusal(reference.path)


def refusal(path: Path) -> ConsentError:
    """Error for a reference without recorded consent."""
    return ConsentError(
        f"Nobody has attested that the person in “{path.name}” consents to synthetic video of them",
        "If it is you, or they have agreed, say so: with --consent, consent=True, MANNERISM_CONSENT=1 or the box in the panel",
    )


@contextmanager
def _records(folder: Path) -> Iterator[dict[str, str]]:
    """The records, mended, for who is going to change them; nobody else does meanwhile."""
    with _turn(folder):
        if note := _mend(folder):
            _log.warning("%s", note)
        yield _read(folder)[0]


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    with _threads:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with locked(folder / _LOCK, wait_s=_WAIT_S):
                yield
        except OSError as error:
            raise output_error(folder / _NAME, error) from error
        except LockedError:
            raise OutputError(
                f"Another program has held the records of consent in {folder} for {_WAIT_S:g} s",
                "End it, and try again",
            ) from None


def _read(folder: Path) -> tuple[dict[str, str], bool]:
    """Dates by SHA-256, and whether the file is damaged: they are then those of the history."""
    try:
        content = read_own_json(folder / _NAME, _LARGEST_BYTES)
        given = content["attested"]
        records = {digest: date for digest, date in given.items() if _is_text(digest) and _is_text(date)}
        if content["format"] == _FORMAT:
            damaged = len(records) < len(given)
            return (_history(folder) | records if damaged else records), damaged
    except FileNotFoundError:
        return {}, False
    except UnusableFileError as error:
        if "nested" not in str(error):
            raise _unusable(folder, error) from error
    except OSError as error:
        raise output_error(folder / _NAME, error) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return _history(folder), True


def _mend(folder: Path) -> str:
    records, damaged = _read(folder)
    if not damaged:
        return ""
    number, aside = 1, folder / f"{_NAME}.damaged"
    while os.path.lexists(aside):
        number += 1
        aside = folder / f"{_NAME}.damaged-{number}"
    try:
        (folder / _NAME).rename(aside)
    except OSError as error:
        raise output_error(aside, error) from error
    _write(folder, records)
    return (
        f"The records of consent in {folder} were damaged: they are kept as “{aside.name}”, "
        f"and {len(records)} could be restored."
    )


def _history(folder: Path) -> dict[str, str]:
    """What holds by the history."""
    try:
        rows = read_own(folder / _HISTORY, _LARGEST_BYTES).decode(errors="replace").split("\n")
    except UnusableFileError as error:
        raise _unusable(folder, error) from error
    except OSError:
        return {}
    records: dict[str, str] = {}
    for row in rows:
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            found: Any = json.loads(row)
            digest, date = found["sha256"], found["attested"]
            if _is_text(digest) and _is_text(date):
                records[digest] = date
    return records


def _note(folder: Path, digest: str, date: str | None) -> None:
    """Append to the history, each row whole on a line of its own."""
    row = json.dumps(
        {"sha256": digest, "attested": date, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    )
    path = folder / _HISTORY
    try:
        if path.is_symlink():
            raise _unusable(folder, UnusableFileError(f"“{path.name}” is a link"))
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                row = row if file.read(1) == b"\n" else f"\n{row}"  # of a process that was killed
            file.write(f"{row}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise output_error(path, error) from error


def _rewrite_history(folder: Path, records: Mapping[str, str]) -> None:
    with replacing(folder / _HISTORY) as temporary:
        temporary.write_text("".join(f"{_row(*record)}\n" for record in records.items()), encoding="utf-8")


def _row(digest: str, date: str) -> str:
    return json.dumps({"sha256": digest, "attested": date})


def _write(folder: Path, records: Mapping[str, str]) -> None:
    content = {"format": _FORMAT, "version": 1, "statement": STATEMENT, "attested": records}
    write_json(folder / _NAME, content)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _unusable(folder: Path, error: UnusableFileError) -> ConsentError:
    return ConsentError(
        f"The records of consent in {folder} cannot be used: {error}",
        "Put the file itself there, or move it away",
    )
