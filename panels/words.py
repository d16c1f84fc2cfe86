"""Sentences in the tab, in as many lines as they take."""

from textwrap import wrap
from typing import Any

MESSAGE_WIDTH = 34
"""Letters of a line; the sidebar as wide as it opens."""


def draw_words(column: Any, text: str, icon: str = "BLANK1") -> None:
    """Draw a sentence in as many lines as it takes."""
    for number, line in enumerate(wrap(text, MESSAGE_WIDTH)):
        column.label(text=line, icon="BLANK1" if number else icon)
