"""Consent of the donor: the licences to choose from, the statement, and who signs it and when."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import ConsentError, SettingsError

LICENCES: Mapping[str, str] = {
    "CC0-1.0": "anybody may use it for anything, without naming you",
    "CC-BY-4.0": "anybody may use it for anything, and names you as its source",
}
"""Licences of a donation by their SPDX identifiers; none is the default."""

_STATEMENT = (
    "I am the person whose head and voice both recordings hold. I am of age, and I decide this freely. "
    "This file holds, 25 times a second, how my head moves, and loudness, pitch and timing of my voice. "
    "It holds no picture, no sound and no words. I know that people can be recognised by how they move, "
    "that networks may learn from this file how heads move, and that others may pass it on. "
    "I give it under the licence {licence}, which cannot be taken back."
)
_LONGEST_NAME = 120
_FEWEST_LETTERS = 2


@dataclass(frozen=True)
class Consent:
    """A signed statement.

    licence : a name in LICENCES
    signed_by : full name of the donor
    signed_on : day of signing

    Raises
    ------
    SettingsError : there is no such licence
    ConsentError : the name is none
    """

    licence: str
    signed_by: str
    signed_on: date

    def __post_init__(self) -> None:
        statement(self.licence)
        name = self.signed_by
        if (
            name != " ".join(name.split())
            or not name.isprintable()
            or len(name) > _LONGEST_NAME
            or sum(letter.isalpha() for letter in name) < _FEWEST_LETTERS
        ):
            raise ConsentError(
                f"“{name[:40]}” is not the name of somebody who signs",
                f"Sign with your full name, at most {_LONGEST_NAME} letters, on one line",
            )

    @property
    def statement(self) -> str:
        """What is signed."""
        return statement(self.licence)

    @property
    def person(self) -> str:
        """An id made of the name, so that all donations of one name count as one person."""
        folded = unicodedata.normalize("NFKC", self.signed_by).casefold()
        return "donor_" + hashlib.sha256(f"mannerism donation: {folded}".encode()).hexdigest()[:16]


def statement(licence: str) -> str:
    """The statement for a licence. Raises SettingsError."""
    if licence not in LICENCES:
        raise SettingsError(
            f"There is no licence “{licence}” for donations", f"Choose one of: {', '.join(LICENCES)}"
        )
    return _STATEMENT.format(licence=licence)


def signed(licence: str, name: str | None) -> Consent:
    """The statement for a licence, signed today with a name. Raises ConsentError where there is no name."""
    if name is None or not name.strip():
        raise ConsentError(
            f"Nobody has signed: “{statement(licence)}”",
            "If you are that person and agree, sign with your full name: --sign NAME, signed_by=NAME",
        )
    return Consent(licence, " ".join(name.split()), date.today())  # noqa: DTZ011  the signer's own day
