"""What core says, in the language of Blender's interface: refusals, notes and progress.

The tables are `bridge/languages/messages/LOCALE.json`, rows of template and translation, see `message_table.py`. One is read
when the first message is to be shown in its language; what Blender itself looks up counts as well, see `translations.py`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import bpy

from ..core.errors import MannerismError
from . import translations

if TYPE_CHECKING:
    from .message_table import MessageTable

_FORMATTED = re.compile(r"{(\d*)[^{}]*}")


def shown(text: str) -> str:
    """A message in the language of the interface; cheap where the same one was shown before."""
    chosen = language()
    return _shown(chosen, text) if chosen else text


def shown_refusal(error: MannerismError) -> str:
    """What is wrong and what to do next, in the language of the interface; cheap for what was shown before."""
    return _shown_refusal(language(), error.problem, error.remedy) if language() else str(error)


def without_stop(sentence: str) -> str:
    """A sentence as buttons and lists show it."""
    return sentence.rstrip(".。")


def shown_list(notes: Iterable[str]) -> str:
    """Messages in the language of the interface, one after another, without their full stops."""
    chosen, parts = language(), [without_stop(shown(note)) for note in notes]
    return read_table(chosen).joined(parts) if chosen else "; ".join(parts)


@lru_cache
def read_table(locale: str) -> "MessageTable":
    """The table of a language."""
    from .message_table import MessageTable

    contexts: Any = bpy.app.translations.contexts  # the stubs of 5.2 know no names in it
    labels = {
        _FORMATTED.sub(r"{\1}", text): _FORMATTED.sub(r"{\1}", translation)
        for (context, text), translation in translations.rows(locale).items()
        if context == contexts.default
    }
    return MessageTable({**labels, **translations.messages(locale)}.items())


@lru_cache(1024)
def _shown(locale: str, text: str) -> str:
    return read_table(locale).translated(text)


@lru_cache(256)
def _shown_refusal(locale: str, problem: str, remedy: str) -> str:
    return read_table(locale).refusal(problem, remedy)


def language() -> str:
    """The language of the interface as its files are called; "" where it is English, or there are none."""
    preferences: Any = bpy.context.preferences
    if not preferences.view.use_translate_interface:
        return ""
    return file_of(str(bpy.app.translations.locale))


@lru_cache
def file_of(locale: str) -> str:
    names = {name.partition("_")[0]: name for name in translations.locales()}
    return names.get(locale.partition("_")[0], "")
