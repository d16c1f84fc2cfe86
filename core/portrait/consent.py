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
