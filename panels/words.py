"""Sentences in the tab, in as many lines as they take."""

import re
from functools import lru_cache
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

from ..bridge.messages import shown

MESSAGE_WIDTH = 34
"""Letters of a line; the sidebar as wide as it opens. A letter of Chinese or Japanese counts as two."""
_WIDE = r"[⺀-鿿가-힣豈-﫿︰-﹏＀-｠￠-￦]"
_STICKS = r"[、。，．・：；？！ー～」』）】]"
"""What never begins a line there."""
_PIECES = rf"[「『（【]*(?:{_WIDE}{_STICKS}*|(?:(?!{_WIDE})\S)+{_STICKS}*)|\s+"


def draw_words(column: Any, text: str, icon: str = "BLANK1") -> None:
    """Draw a sentence, in the language of the interface, in as many lines as it takes."""
    for number, line in enumerate(lines_of(shown(text))):
        column.label(text=line, icon="BLANK1" if number else icon, translate=False)


def width_of(text: str) -> int:
    """How many letters wide a text is."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


@lru_cache(256)
def lines_of(text: str) -> tuple[str, ...]:
    """A text in lines of at most MESSAGE_WIDTH."""
    if width_of(text) == len(text):
        return tuple(wrap(text, MESSAGE_WIDTH))
    lines = [""]
    for piece in re.findall(_PIECES, text):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > MESSAGE_WIDTH:
            lines.append("")
        lines[-1] = (lines[-1] + piece).lstrip()
        while width_of(lines[-1]) > MESSAGE_WIDTH + 2:  # a path, say; 2 for a mark that sticks to its line
            lines[-1:] = _broken(lines[-1])
    return tuple(line.rstrip() for line in lines if line.strip())


def _broken(line: str) -> tuple[str, str]:
    at = next(i for i in range(len(line), 0, -1) if width_of(line[:i]) <= MESSAGE_WIDTH)
    return line[:at], line[at:]
