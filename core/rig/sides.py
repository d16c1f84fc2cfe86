"""Left and right in bone names."""

import re
from collections.abc import Iterable
from functools import lru_cache

_LANGUAGES = {
    "l": (
        "left",
        "links",
        "gauche",
        "izquierd[ao]",
        "izq",
        "esquerd[ao]",
        "sinistr[ao]",
        "лев(?:ый|ая|ое)",
        "左",
    ),
    "r": (
        "right",
        "rechts",
        "droite?",
        "derech[ao]",
        "der",
        "direit[ao]",
        "destr[ao]",
        "прав(?:ый|ая|ое)",
        "右",
    ),
}
_SHORT = {"izq", "der"}  # words that are also parts of others
_WORD = re.compile(
    "|".join(
        rf"(?<![a-z]){word}(?![a-z])" if word in _SHORT else word
        for words in _LANGUAGES.values()
        for word in words
    ),
    re.IGNORECASE,
)
_SHORTER = r"(?:[lL](?:f?t)?|[rR](?:g?t)?)"  # and Lt, Lft, Rt, Rgt
_PART = (  # of a limb, as they are glued to a letter in small: lhumerus of motion libraries, rhand
    "clavicle|collar|shoulder|shldr|upperarm|arm|humerus|elbow|forearm|radius|wrist|hand|fingers?|thumb|hip|upleg|thigh"
    "|femur|leg|knee|shin|tibia|calf|ankle|foot|toes?|eye"
)
_LETTER = re.compile(
    rf"(?:^|(?<=[._\- ])){_SHORTER}(?=$|[._\- ])|^(?:[lr]|lf?t|rg?t)(?=[A-Z])|^(?:[LR]|Lf?t|Rg?t)(?=[A-Z][a-z])"
    rf"|^[lr](?=(?:{_PART})(?![a-z]))|(?<=[a-z])[LR]$"
)


@lru_cache(maxsize=8192)
def side(bone: str) -> str | None:
    """`"l"`, `"r"`, or None for a bone of the body's centre."""
    if match := _WORD.search(bone):
        found = match[0].lower()
        return next(
            letter for letter, words in _LANGUAGES.items() for word in words if re.fullmatch(word, found)
        )
    return match[0][0].lower() if (match := _LETTER.search(bone)) else None


def pairs(bones: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (left, right) of bones whose names differ in the side alone."""
    sided: dict[str, dict[str, str]] = {}
    for bone in bones:
        which = side(bone)
        if which:
            sided.setdefault(_stem(bone), {}).setdefault(which, bone)
    return [(found["l"], found["r"]) for found in sided.values() if len(found) == 2]


@lru_cache(maxsize=8192)
def _stem(bone: str) -> str:
    return _LETTER.sub("*", _WORD.sub("*", bone)).lower()
