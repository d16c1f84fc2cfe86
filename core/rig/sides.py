"""Left and right in bone names."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"left|right", re.IGNORECASE)
_LETTER = re.compile(r"(?:^|(?<=[._\- ]))[lrLR](?=$|[._\- ])|^[lr](?=[A-Z])")


def side(bone: str) -> str | None:
    """`"l"`, `"r"`, or None for a bone of the body's centre."""
    match = _WORD.search(bone) or _LETTER.search(bone)
    return match[0][0].lower() if match else None


def pairs(bones: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (left, right) of bones whose names differ in the side alone."""
    sided: dict[str, dict[str, str]] = {}
    for bone in bones:
        which = side(bone)
        if which:
            stem = _LETTER.sub("*", _WORD.sub("*", bone)).lower()
            sided.setdefault(stem, {}).setdefault(which, bone)
    return [(found["l"], found["r"]) for found in sided.values() if len(found) == 2]
