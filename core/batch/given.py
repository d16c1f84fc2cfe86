"""What lines leave out, stated once: by the command, by the manifest, and by the character who speaks."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import BatchError
from .fields import FIELDS, OF_A_CHARACTER, PATHS, from_text

_WORD = re.compile(r"\{([^{}]*)\}")
_SHOWN_NAMES = 12
_SHOWN = 80


@dataclass(frozen=True)
class Character:
    """A row of the table of characters: how it is written there, and the keys that its lines have."""

    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """What lines leave out. A line's own value comes first, then its character's, then `stated`, then `defaults`.

    defaults : of the manifest itself
    stated : for this run
    characters : by `folded_name`
    """

    defaults: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)
    characters: Mapping[str, Character] = field(default_factory=dict)

    def beneath(self, defaults: Mapping[str, Any], characters: Mapping[str, Character]) -> "Given":
        """These, with the defaults and characters of a manifest behind them."""
        return Given(defaults, self.stated, {**characters, **self.characters})

    def completed(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """All fields of a line. In a default path, {key} stands for the line's own value, as {id} and {language}.

        Raises
        ------
        BatchError : the line's character is not in the table, or a path names a key that the line has not
        """
        if not (self.defaults or self.stated or self.characters):
            return _unpacked(own)
        character = self._character(own) if self.characters else {}
        inherited = [_unpacked(fields) for fields in (self.defaults, self.stated, character) if fields]
        found: dict[str, Any] = {}
        for fields in inherited:
            found |= fields
        explicit = _unpacked(own)
        filled = {key: value for key, value in found.items() if key not in explicit}
        for key in PATHS:
            if "{" in str(filled.get(key, "")):
                filled[key] = _filled(key, filled[key], filled | explicit)
        return filled | explicit

    def _character(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        name = own.get("character", self.stated.get("character", self.defaults.get("character")))
        if not isinstance(name, str):
            return {}
        found = self.characters.get(folded_name(name))
        if found is None:
            raise BatchError(
                f"“{name[:_SHOWN]}” is not in the table of characters",
                f"Add a row for it, or use one of: {_listed(each.name for each in self.characters.values())}",
            )
        return found.fields


NOTHING = Given()


def folded_name(name: str) -> str:
    """A character's name without regard to case, Unicode form and blanks at its ends."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()


def checked(fields: Any, keys: Iterable[str], where: str) -> dict[str, Any]:
    """The fields, each with a value that it can have.

    where : what the fields are, begins the sentence of a refusal

    Raises
    ------
    BatchError : no object, a key that is none of `keys`, or a value that cannot be one
    """
    allowed = tuple(keys)
    if not isinstance(fields, dict):
        raise BatchError(f"{where}: there is no object", "Write them as {“key”: value, …}")
    for key, value in fields.items():
        if key not in allowed:
            raise BatchError(f"{where}: “{key[:_SHOWN]}” is unknown", f"Use {', '.join(allowed)}")
        if not FIELDS[key].fits(value):
            raise BatchError(
                f"{where}: {key} is {json.dumps(value)[:_SHOWN]}", "See the table of keys in docs/batch.md"
            )
    return fields


DEFAULTED = tuple(key for key in FIELDS if key != "id")
"""What can be stated once: all but the id."""


def stated_fields(pairs: Iterable[str]) -> dict[str, Any]:
    """Fields of texts like “style=calm”, as a command line gives them. Raises BatchError."""
    found = [pair.partition("=") for pair in pairs]
    for key, sign, _ in found:
        if not sign:
            raise BatchError(f"“{key[:_SHOWN]}” states nothing", "Give it as KEY=VALUE, as in style=calm")
    fields = {key.strip(): from_text(key.strip(), value.strip()) for key, _, value in found}
    return checked(fields, DEFAULTED, "What is stated for all lines")


def characters_of(table: Any, where: str) -> dict[str, Character]:
    """Characters of an object of names to fields, or to a style alone. Raises BatchError."""
    if not isinstance(table, dict):
        raise BatchError(f"{where}: there is no object", "Write {“Ada”: {“style”: “ada.style.json”}, …}")
    found: dict[str, Character] = {}
    for name, fields in table.items():
        own = {"style": fields} if isinstance(fields, str) else fields
        add_character(found, name, checked(own, OF_A_CHARACTER, f"{where}, “{name[:_SHOWN]}”"), where)
    return found


def add_character(found: dict[str, Character], name: str, fields: Mapping[str, Any], where: str) -> None:
    """Add a character to the table. Raises BatchError where it is there already, or has no name."""
    if not name.strip() or folded_name(name) in found:
        what = f"“{name[:_SHOWN]}” is there twice" if name.strip() else "a row has no name"
        raise BatchError(f"{where}: {what}", "Give each character one row")
    found[folded_name(name)] = Character(name.strip(), fields)


def _unpacked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with what “settings” holds beside the others."""
    settings = fields.get("settings")
    if not isinstance(settings, dict) or not FIELDS["settings"].fits(settings):
        return dict(fields)
    return settings | {key: value for key, value in fields.items() if key != "settings"}


def _filled(key: str, pattern: str, fields: Mapping[str, Any]) -> str:
    def value(found: re.Match[str]) -> str:
        given = fields.get(found[1])
        if found[1] in PATHS or not isinstance(given, str | int | float):
            raise BatchError(
                f"{key} is “{pattern[:_SHOWN]}”, and this line has no {found[1][:_SHOWN]}",
                "Fill that cell, or name another key between { and }",
            )
        return str(given)

    filled = _WORD.sub(value, pattern)
    if not FIELDS[key].fits(filled):
        raise BatchError(f"{key} becomes “{filled[:_SHOWN]}”, which is no path", "State it otherwise")
    return filled


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - _SHOWN_NAMES} more" if len(known) > _SHOWN_NAMES else ""
    return ", ".join(known[:_SHOWN_NAMES]) + more
