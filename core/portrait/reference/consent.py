"""Consent records: no video of a person without attested consent, kept for each reference with its date."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ...errors import ConsentError
from ...files import write_json
from .identity import Reference

STATEMENT = "I am the person in this video, or they have agreed that I make synthetic video of them"
"""What is attested."""

_NAME = "consent.json"
_FORMAT = "mannerism-consent"


def consent_of(reference: Reference, folder: Path) -> str | None:
    """Date when consent for a reference was attested, as 2026-01-31T12:00:00Z; None where it was not.

    folder : where what is made from references is kept, see `frame_store.data_folder`
    """
    return _records(folder).get(reference.sha256)


def attest(reference: Reference, folder: Path) -> str:
    """Record consent for a reference, now; an earlier date stays. Returns the date.

    Raises
    ------
    OutputError : it cannot be noted
    """
    records = _records(folder)
    date = records.get(reference.sha256)
    if date is None:
        date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _write(folder, {**records, reference.sha256: date})
    return date


def withdraw(reference: Reference, folder: Path) -> None:
    """Delete the consent record of a reference, if any. Raises OutputError."""
    records = _records(folder)
    if reference.sha256 in records:
        _write(folder, {known: date for known, date in records.items() if known != reference.sha256})


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


def _records(folder: Path) -> dict[str, str]:
    """Dates by SHA-256; empty where the file is damaged."""
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
