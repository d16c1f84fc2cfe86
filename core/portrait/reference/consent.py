"""No video of a person without somebody's word that the person agrees: kept for each reference, with its date."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ...errors import ConsentError, VideoError
from ...files import sha256_of, write_json

STATEMENT = "I am the person in this video, or they have agreed that I make synthetic video of them"
"""What is attested."""

_NAME = "consent.json"
_FORMAT = "mannerism-consent"


def fingerprint(path: Path) -> str:
    """SHA-256 of a reference, hexadecimal. Raises VideoError."""
    try:
        return sha256_of(path)
    except OSError as error:
        raise VideoError(f"“{path}” cannot be read ({error.strerror or error})", "Check the path") from error


def consent_of(path: Path, folder: Path) -> str | None:
    """When consent for a reference was attested, as 2026-01-31T12:00:00Z; None where it was not.

    folder : where what is made from references is kept, see `store.py`
    """
    return _records(folder).get(fingerprint(path))


def attest(path: Path, folder: Path) -> None:
    """Note that somebody gave their word for this reference, now; an earlier date stays.

    Raises
    ------
    VideoError : there is no such file
    OutputError : it cannot be noted
    """
    digest, records = fingerprint(path), _records(folder)
    if digest not in records:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _write(folder, {**records, digest: now})


def withdraw(path: Path, folder: Path) -> None:
    """Forget that consent was attested; nothing where it was not. Raises VideoError, OutputError."""
    digest, records = fingerprint(path), _records(folder)
    if digest in records:
        _write(folder, {known: date for known, date in records.items() if known != digest})


def require(path: Path, folder: Path) -> None:
    """Refuse a reference for which nobody gave their word. Raises ConsentError, VideoError."""
    if consent_of(path, folder) is None:
        raise refusal(path)


def refusal(path: Path) -> ConsentError:
    """The refusal of a reference for which nobody gave their word."""
    return ConsentError(
        f"Nobody has attested that the person in “{path.name}” consents to synthetic video of them",
        "If it is you, or they have agreed, say so: with --consent, consent=True, MANNERISM_CONSENT=1 or the box in the panel",
    )


def _records(folder: Path) -> dict[str, str]:
    """Dates by SHA-256. A file that is damaged attests nothing."""
    try:
        content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        if content["format"] == _FORMAT:
            return {str(digest): str(date) for digest, date in content["attested"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return {}


def _write(folder: Path, records: dict[str, str]) -> None:
    content = {"format": _FORMAT, "version": 1, "statement": STATEMENT, "attested": records}
    with suppress(OSError):  # `write_json` says what is wrong with the folder
        folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / _NAME, content)
