"""Translations of what the extension shows, from one file a language, to Blender's own translation of its interface.

A language is `bridge/languages/LOCALE.json`, as `de_DE.json`: rows of context, English text and translation, as
`["Operator", "Draw Take", "Take zeichnen"]`. There is none yet. `tools/build/texts.py` lists what there is to translate. A text without a row is shown in English.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import bpy

from .. import __package__ as base_package

FOLDER = Path(__file__).parent / "languages"

Table = Mapping[str, Mapping[tuple[str, str], str]]
"""By locale, translations by context and English text, as Blender takes them."""


def table(folder: Path = FOLDER) -> Table:
    """All languages that there are."""
    return {
        path.stem: {
            (context, text): translation
            for context, text, translation in json.loads(path.read_text(encoding="utf-8"))
        }
        for path in sorted(folder.glob("*.json"))
    }


def start(folder: Path = FOLDER) -> None:
    """Give them to Blender, also where they were given already."""
    stop()
    bpy.app.translations.register(base_package, dict(table(folder)))  # type: ignore[arg-type]


def stop() -> None:
    """Take them back."""
    bpy.app.translations.unregister(base_package)


def tip(text: str) -> str:
    """A sentence in the language of the interface, where Blender itself does not look it up."""
    return str(bpy.app.translations.pgettext_tip(text))
