"""Left and right in bone names.

A mark that hardly means anything else, as a word, or a letter between separators, counts alone. One that may, as the L
of `ShoulderL` or the `D` of `bras_D`, counts where the rig has the other bone as well.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from .spelling import PART, plain

# Within any part of a name. A further language is a word in each row.
_LONG = {
    "l": "(?<!c)left|(?<!b)links|gauche|izquierd[ao]|esquerd[ao]|sinistr[ao]|左|왼쪽?|좌측|αριστερ[αοη]?|ซาย|ซ้าย",
    "r": "(?<![bfw])(?<!up)right|rechts|droite?|derech[ao]|direit[ao]|destr[ao]|右|오른쪽?|우측|δεξι[αοη]?|ขวา",
}
# Whole parts of a name.
_WORDS = {
    "l": """izq лев левый левая левое левой лів лівий ліва ліве ляв лява ляво леви лево
    يسار ايسر يسرى שמאל बाएं बायां چپ""",
    "r": """der прав правый правая правое правой прав правий права праве десен дясна дясно десни десно
    يمين ايمن يمنى ימין दाएं दायां راست""",
}
# The same, in pairs alone.
_PAIRED = {
    "l": """lf lt lft sx sin esq lewy lewa lewe levy leva leve vanster venstre vasen bal sol kiri trai stang stanga
    lijevi lijeva lijevo лева hidari zuo lh л""",
    "r": """rt rt rgt dx dex dir prawy prawa prawe pravy prava prave hoger hojre oikea jobb sag kanan phai drept dreapta
    desni desna desno десна migi you rh п""",
}
# Letters that are sides where a rig has no other pairs: French, Portuguese, Spanish, Italian, Scandinavian, Polish.
_LETTERS = (("g", "d"), ("e", "d"), ("i", "d"), ("s", "d"), ("v", "h"), ("l", "p"))


def _table(rows: Mapping[str, str]) -> dict[str, str]:
    """The side of each word."""
    return {plain(word).lower(): side for side, text in rows.items() for word in text.split()}


_ALONE, _TOGETHER = _table(_WORDS), _table(_PAIRED)
_WITHIN = re.compile("|".join(f"(?P<{side}>{plain(words)})" for side, words in _LONG.items()))
# What a small letter is glued to in motion libraries, as in `lhumerus`: of a pair too.
_GLUED = frozenset(
    [
        "clavicle",
        "collar",
        "shoulder",
        "shldr",
        "upperarm",
        "arm",
        "humerus",
        "elbow",
        "forearm",
        "radius",
        "wrist",
        "hand",
        "finger",
        "fingers",
        "thumb",
        "hip",
        "hipjoint",
        "upleg",
        "thigh",
        "femur",
        "leg",
        "knee",
        "shin",
        "tibia",
        "calf",
        "ankle",
        "foot",
        "toe",
        "toes",
        "eye",
    ]
)
_SEVERAL = 2  # pairs, which one letter that happens to follow another does not make
_CAPITALS = 3  # of a word that an L or an R stands before, as in `LHAND`


class _Mark(NamedTuple):
    """Where a plain name says its side.

    sure : whether it counts alone
    word : rather than a letter
    """

    start: int
    end: int
    side: str
    sure: bool
    word: bool


def side(bone: str) -> str | None:
    """`"l"`, `"r"`, or None for a bone of the body's centre, as far as its name says so alone."""
    sure = [mark for mark in _marks(bone) if mark.sure]
    return max(sure, key=lambda mark: mark.word).side if sure else None


def sides(bones: Iterable[str]) -> dict[str, str]:
    """The side of each bone of a rig that has one, by its name or as one of a pair."""
    bones = tuple(bones)
    found = {bone: which for bone in bones if (which := side(bone))}
    for left, right in pairs(bones):
        found |= {left: "l", right: "r"}
    return found


def pairs(bones: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (left, right) of bones whose names differ in the side alone."""
    return list(_pairs(tuple(bones)))


@lru_cache(maxsize=8192)
def without_side(bone: str) -> str:
    """A name in plain letters, with a gap in the place of its side: `左足` is `_足`."""
    return _replaced(bone, "_")


@lru_cache(maxsize=64)
def _pairs(bones: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    named = [
        (bone, max(marks, key=lambda mark: (mark.sure, mark.word)).side)
        for bone in bones
        if (marks := _marks(bone))
    ]
    found = _twins((bone, which, _stem(bone)) for bone, which in named)
    if found:
        return found
    by_letters = [
        _twins(
            (bone, "lr"[letters.index(part.lower())], f"{text[:start]}*{text[end:]}")
            for bone in bones
            for text, part, start, end in _single_letters(bone)
            if part.lower() in letters
        )
        for letters in _LETTERS
    ]
    found = max(by_letters, key=len)
    # Without any, numbered one after the other, as bones of some games are.
    return (
        found
        if len(found) >= _SEVERAL
        else _twins((bone, which, re.sub(r"\d", "", _stem(bone))) for bone, which in named)
    )


def _twins(named: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Pairs among bones with their sides and what their names are without them."""
    stems: dict[str, dict[str, str]] = {}
    for bone, which, stem in named:
        stems.setdefault(stem, {}).setdefault(which, bone)
    return tuple((found["l"], found["r"]) for found in stems.values() if len(found) == 2)


@lru_cache(maxsize=8192)
def _marks(bone: str) -> tuple[_Mark, ...]:
    text = plain(bone)
    found: list[_Mark] = []
    for part in PART.finditer(text):
        word, start, end = part[0].lower(), part.start(), part.end()
        if word in "lr":
            found.append(_Mark(start, end, word, _stands_alone(text, start, end), False))
        elif word in _ALONE or word in _TOGETHER:
            found.append(_Mark(start, end, {**_TOGETHER, **_ALONE}[word], word in _ALONE, True))
        elif within := _WITHIN.search(word):
            which = str(within.lastgroup)
            found.append(_Mark(start + within.start(), start + within.end(), which, True, True))
        elif word[0] in "lr" and (word[1:] in _GLUED or (part[0].isupper() and len(word) > _CAPITALS)):
            found.append(_Mark(start, start + 1, word[0], False, False))
    return tuple(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a letter has separators about it, or is small before a capital, as in `lShldr`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    small = text[start].islower() and after.isupper()
    return not before.isalnum() and (small or not (after.isalnum() or after in {":", "|"}))


@lru_cache(maxsize=8192)
def _stem(bone: str) -> str:
    return _replaced(bone, "*").lower()


def _replaced(bone: str, by: str) -> str:
    text = plain(bone)
    for mark in reversed(_marks(bone)):
        text = text[: mark.start] + by + text[mark.end :]
    return text


@lru_cache(maxsize=8192)
def _single_letters(bone: str) -> tuple[tuple[str, str, int, int], ...]:
    text = plain(bone)
    return tuple(
        (text, part[0], part.start(), part.end())
        for part in PART.finditer(text)
        if len(part[0]) == 1 and part[0].isalpha() and _stands_alone(text, part.start(), part.end())
    )
