"""How the name of a shape key is spelled: its words, its side, and what programs write before and behind it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONG = 6
"""Letters of a name that says enough behind any prefix, and before more suffixes."""

_SIDES = {
    **dict.fromkeys(("l", "lf", "lft", "left"), "Left"),
    **dict.fromkeys(("r", "rt", "rgt", "right"), "Right"),
}
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_APART = r"[._\- ]"
_LAST = re.compile(
    rf"(?:[._\- (]((?i:{_SIDE}))\)?|(?<=[a-z])([LR])|(?<=[a-z._\- ][UD])([LR])|((?i:left|right)))$"
)
_FIRST = re.compile(rf"^(?:((?i:{_SIDE})){_APART}|((?i:left|right))(?=[A-Z]))")
_WITHIN = re.compile(rf"(?<=[:|._\- ])((?i:{_SIDE})){_APART}|(?<=[a-z])(Left|Right)(?=[A-Z])")
_NUMBERED = re.compile(r"(?:\.\d{3}| ?\(\d+\)|[ _]copy)$", re.IGNORECASE)  # a second of the same name
_KIND = re.compile(
    rf"{_APART}((?i:bs|bshape|blend_?shapes?|shape|shapekey|shp|sk|geo|geometry|mesh|msh|targets?|trgt|tgt"
    r"|key|morph|ctrl|sculpt|arkit))$|(?<=[a-z0-9LR])((?:B|Blend)?[Ss]hape|BS|Geo|Mesh|Target|Morph)$"
)
_PLACE = re.compile(
    rf"{_APART}((?i:lod\d|v\d+|[cm]|mid|cn|ctr|center|centre|head|face|skin|body|teeth|tongue|model|mdl|lp|hp"
    rf"|(?:eye)?lash(?:es)?|beard|hair))$|{_APART}?(?<!\d)(0*[1-9]|100)$"
)
_NAMESPACE = re.compile(r"[:|/]|__|\.")


@dataclass(frozen=True)
class Spelled:
    """A name in lower case.

    parts : its words, as it parts them
    side : `Left`, `Right` or ""
    loose : how many of the first parts are only a namespace
    suffixes : for each of the last parts that may be none of the name whether it says what kind of thing a shape key is
        (`bs`, `Shape`, `geo`); else it is a mesh, the middle or a number (`teeth`, `M`, `001`), which counts behind names of
        some length alone. Other numbers are steps in between
    """

    parts: tuple[str, ...]
    side: str
    loose: int = 0
    suffixes: tuple[bool, ...] = ()

    @property
    def stem(self) -> str:
        return "".join(self.parts)

    def endings(self) -> dict[str, int]:
        """All stems that the name ends with, but for suffixes, and where in the parts each begins."""
        found: dict[str, int] = {}
        for dropped in range(len(self.suffixes) + 1):
            are_kinds = all(self.suffixes[len(self.suffixes) - dropped :])
            own = self.parts[: len(self.parts) - dropped]
            for start in range(len(own)):
                stem = "".join(own[start:])
                if are_kinds or len(stem) >= LONG:
                    found.setdefault(stem, start)
        return found


@lru_cache(maxsize=8192)
def spelled(name: str) -> Spelled:
    """How a name is spelled. A name that is only a letter is a mouth, not a side."""
    text, last = _without_suffixes(unicodedata.normalize("NFKC", name).strip())
    text, side = _without_side(text)
    text, before = _without_suffixes(text)
    suffixes = (*before, *last)
    *spaces, own = [part for part in _NAMESPACE.split(text) if part] or [text]
    ahead = [part for space in spaces for part in _parts(space)]
    parts = (*ahead, *_parts(own), *(word for word, _ in suffixes))
    return Spelled(parts, side, len(ahead), tuple(is_kind for _, is_kind in suffixes))


def _without_suffixes(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """A name without what stands behind it; each such word, and whether it says what kind of thing the name is of."""
    found: list[tuple[str, bool]] = []
    while True:
        if match := _NUMBERED.search(text):
            pass
        elif match := _KIND.search(text) or _PLACE.search(text):
            is_kind = match.re is _KIND
            if match.start():
                word = next(group for group in match.groups() if group)
                found.insert(0, ("".join(_parts(word)), is_kind))
        if match is None or not match.start():
            return text, found
        text = text[: match.start()]


def _without_side(text: str) -> tuple[str, str]:
    match = _LAST.search(text) or _FIRST.search(text) or _WITHIN.search(text)
    if match is None or match[0] == text:
        return text, ""
    side = _SIDES[next(group for group in match.groups() if group).lower()]
    return text[: match.start()] + text[match.end() :], side


def _parts(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return tuple(part for part in re.split(r"[\W_]+", plain) if part)
