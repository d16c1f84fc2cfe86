"""Messages in another language: core writes them in English, and here the template of a message is found again.

A template has {} for each value, as `str.format` takes it; its translation has the same ones, numbered where their order
differs. `tools/build/messages.py` lists the templates that there are. Of those that fit a message the one counts of whose own
signs it has most. A value is translated too where it is itself a message, unless it stands in quotation marks: those are
about names. What fits nothing stays as it is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice, starmap
from operator import itemgetter
from string import Formatter

LONGEST = 4000
"""Letters; a longer text is no message of ours, and stays."""
_MOST_WAYS = 24
_DEEPEST = 12
_HEAD = 3
"""Letters that a template begins with, by which it is found."""
_WEAK = 4
"""Letters; a template of several values with fewer says nothing by itself: one of them has to be a message, or all numbers."""
_NUMBER = re.compile(r"[\d.]+")
_OPENING = "“"
_PAIR = "{}. {}."
"""How the problem and the remedy of a refusal make one text."""
_LIST = "{}; {}"
"""How several notes do."""
_SENTENCES = (_PAIR, "{}. {}", "{}.", _LIST)


@dataclass(frozen=True)
class Row:
    """A template and its translation."""

    template: str
    translation: str

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """What stands before, between and after the values."""
        parts = [""]
        for literal, name, _, _ in Formatter().parse(self.template):
            parts[-1] += literal
            if name is not None:
                parts.append("")
        return tuple(parts)

    @cached_property
    def signs(self) -> int:
        """How many letters and marks are the template's own."""
        return sum(not sign.isspace() for part in self.literals for sign in part)

    @cached_property
    def letters(self) -> int:
        """How many of those are letters."""
        return sum(sign.isalpha() for part in self.literals for sign in part)

    def says(self, values: Sequence[str]) -> bool:
        """Whether it says something with values none of which is a message itself."""
        enough = _WEAK if len(values) > 1 else _WEAK - 1
        return self.letters >= enough or (self.letters > 0 and all(map(_NUMBER.fullmatch, values)))

    def values(self, text: str) -> Iterator[tuple[str, ...]]:
        """The values that make a text of the template, one way after another, the first values as short as they can be."""
        first, *between, last = self.literals
        if len(text) >= len(first) + len(last) and text.startswith(first) and text.endswith(last):
            yield from islice(_split(text[len(first) : len(text) - len(last)], between), _MOST_WAYS)

    def is_name(self, index: int) -> bool:
        """Whether that value stands in quotation marks."""
        return self.literals[index].endswith(_OPENING)


def _with_and_without_stop(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows, those of whole sentences also without the full stop, which is left out within a longer one."""
    for row in rows:
        yield row
        if row.template.endswith(".") and row.template not in _SENTENCES:
            yield Row(row.template.removesuffix("."), row.translation.rstrip(".。"))


def _order(row: Row) -> tuple[bool, int, int]:
    """Of readings that say as much the first one counts: sentences, what says something by itself, the longer template."""
    weak = row.letters + 1 if row.letters < _WEAK else 0
    return row.template not in _SENTENCES, weak, -len(row.template)


def _split(text: str, between: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if not between:
        yield (text,)
        return
    literal, *others = between
    end = text.find(literal)
    while end >= 0:
        for rest in _split(text[end + len(literal) :], others):
            yield text[:end], *rest
        end = text.find(literal, end + 1)


class MessageTable:
    """The rows of one language."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._whole: dict[str, Row] = {}
        self._filled: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        for place, row in enumerate(sorted(_with_and_without_stop(starmap(Row, rows)), key=_order)):
            if "{" in row.template.replace("{{", ""):
                self._filled[row.template.partition("{")[0][:_HEAD]].append((place, row))
            else:
                self._whole[row.template.format()] = row
        known = {row.template: row.translation for _, row in self._filled[""]}
        self._pair, self._list = (known.get(joint, joint) for joint in (_PAIR, _LIST))

    def translated(self, text: str) -> str:
        """A message in the language of the table; what is not known of it as it is."""
        return self._best(text, 0, {})[1] if len(text) <= LONGEST else text

    def refusal(self, problem: str, remedy: str) -> str:
        """The two sentences of a refusal, each without a full stop, as one text."""
        return self._pair.format(self.translated(problem), self.translated(remedy))

    def joined(self, notes: Iterable[str]) -> str:
        """Notes in the language of the table, without their full stops, as one text."""
        return reduce(self._list.format, notes)

    def _best(self, text: str, depth: int, known: dict[str, tuple[int, str]]) -> tuple[int, str]:
        """How many letters and marks are of templates, and the text with those translated."""
        if text not in known:
            known[text] = 0, text  # while it is looked for within itself
            if depth < _DEEPEST and len(text) > 1:
                signs, _, said = max(
                    self._readings(text, depth, known), key=itemgetter(0, 1), default=(0, 0, text)
                )
                known[text] = signs, said
        return known[text]

    def _readings(
        self, text: str, depth: int, known: dict[str, tuple[int, str]]
    ) -> Iterator[tuple[int, int, str]]:
        """The same by each row that fits, and minus its place."""
        if text in self._whole:
            yield self._whole[text].signs, 1, self._whole[text].translation.format()
        for place, row in (
            each for length in range(_HEAD + 1) for each in self._filled.get(text[:length], ())
        ):
            for values in row.values(text):
                parts = [
                    (0, value) if row.is_name(i) else self._best(value, depth + 1, known)
                    for i, value in enumerate(values)
                ]
                inner = sum(signs for signs, _ in parts)
                own = row.signs if row.template in _SENTENCES or row.says(values) else 0
                if inner or row.says(values):
                    yield own + inner, -place, row.translation.format(*(said for _, said in parts))
