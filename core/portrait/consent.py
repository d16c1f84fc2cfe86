"""Consent by a reference's file; see `reference/consent.py`, which knows a reference by its content."""

from pathlib import Path

from .reference import consent
from .reference.identity import Reference


def attest(reference: Path, folder: Path) -> str:
    """Record consent for a reference file, now; an earlier date stays. Returns the date.

    folder : where what is made from references is kept

    Raises
    ------
    VideoError : there is no such file
    ConsentError, OutputError : it cannot be noted
    """
    return consent.attest(Reference.of(reference), folder)


def consent_of(reference: Path, folder: Path) -> str | None:
    """Date when consent for a reference file was attested; None where it was not. Raises VideoError, ConsentError."""
    return consent.consent_of(Reference.of(reference), folder)
