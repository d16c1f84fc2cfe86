"""Translations of what the extension shows, from one file a language, to Blender's own translation of its interface.

A language is `bridge/languages/LOCALE.json`, as `de_DE.json`: rows of context, English text and translation, as
`["Operator", "Draw Take", "Take zeichnen"]`. `tools/build/texts.py` lists what there is to translate. A text without a row is shown in English.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from .. import __package__ as base_package

CONTEXT = "Mannerism"
"""In which names of properties, their choices, and panels are looked up."""

FOLDER = Path(__file__).parent / "languages"

Table = Mapping[str, Mapping[tuple[str, str], str]]
"""By locale, translations by context and English text, as Blender takes them."""


def table(folder: Path = FOLDER) -> Table:
    """All languages that there are."""
    return {locale: rows(locale, folder) for locale in locales(folder)}


def locales(folder: Path = FOLDER) -> list[str]:
    """The languages that there are, as Blender calls them."""
    return sorted(path.stem for path in folder.glob("*.json"))


def rows(locale: str, folder: Path = FOLDER) -> dict[tuple[str, str], str]:
    """One of them: translations by context and English text."""
    read = json.loads((folder / f"{locale}.json").read_text(encoding="utf-8"))
    return {(context, text): translation for context, text, translation in read}


def messages(locale: str) -> dict[str, str]:
    """Translations of what core says by template, see `messages.py`; none where the language has no file of them."""
    path = FOLDER / "messages" / f"{locale}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def start(folder: Path = FOLDER) -> None:
    """Give them to Blender, also where they were given already."""
    stop()
    bpy.app.translations.register(base_package, dict(table(folder)))  # type: ignore[arg-type]


def stop() -> None:
    """Take them back."""
    bpy.app.translations.unregister(base_package)


def filled(text: str, *values: object) -> str:
    """A text in the language of the interface, with values put in where it has {}, as `str.format` does."""
    return str(bpy.app.translations.pgettext_iface(text)).format(*values)


def named(text: str) -> str:
    """The name of a property in the language of the interface."""
    return str(bpy.app.translations.pgettext_iface(text, CONTEXT))


def in_own_context(cls: Any) -> None:
    """Before a class is registered: let Blender look up names of its properties, and of a panel, as the extension's own.

    Blender's own translations come first in other contexts, and say of a face that it is part of a mesh.
    """
    for base in cls.__mro__:
        if base.__module__.startswith(base_package):
            for value in inspect.get_annotations(base).values():
                if hasattr(value, "keywords"):
                    value.keywords.setdefault("translation_context", CONTEXT)
    if issubclass(cls, bpy.types.Panel):
        cls.bl_translation_context = CONTEXT


def tip(text: str) -> str:
    """A sentence in the language of the interface, where Blender itself does not look it up."""
    return str(bpy.app.translations.pgettext_tip(text))
