"""Which shape keys of a mesh a set of names means, in whatever spelling and behind whatever prefix."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .shape_keys import SETS, KeySet, Row, Weights

_SIDES = {"l": "Left", "r": "Right", "left": "Left", "right": "Right"}
_LAST = re.compile(
    r"(?:[._\- ]((?i:l|r|left|right))|(?<=[a-z])([LR])|(?<=[a-z][UD])([LR])|((?i:left|right)))$"
)
_FIRST = re.compile(r"^(l|r|left|right)[._\- ]", re.IGNORECASE)
_COPY = re.compile(r"\.\d{3}$")  # as Blender numbers a second name
_NAMESPACE = re.compile(r"[:|/]|__|\.")
_MOUTH = re.compile(r"viseme|mouth|jaw|lips?(?![a-z])|vrc.v_|^v_|eCTRLv", re.IGNORECASE)
_PREFIXES = frozenset(
    [
        "arkit",
        "face",
        "facial",
        "head",
        "body",
        "mesh",
        "geo",
        "bs",
        "blendshape",
        "blendshapes",
        "blendshape1",
        "shape",
        "shapes",
        "shapekey",
        "key",
        "morph",
        "morphs",
        "morpher",
        "target",
        "targets",
        "exp",
        "expression",
        "expressions",
        "ctrl",
        "facs",
        "bs",
        "jnt",
        "genesis",
        "cc",
        "base",
        "mouth",
        "mth",
        "lip",
        "lips",
        "lipsync",
        "viseme",
        "visemes",
        "vis",
        "phoneme",
        "phonemes",
        "vrm",
        "mmd",
        "vrc",
        "rhubarb",
        "pb",
        "mouthshape",
        "letter",
    ]
)
_LONG = 6  # letters of a name that says enough behind any prefix


@dataclass(frozen=True)
class Spelled:
    """A name in lower case: its words, parted where it parts them, and `Left`, `Right` or "" for its side."""

    parts: tuple[str, ...]
    side: str
    loose: int

    @property
    def stem(self) -> str:
        return "".join(self.parts)


@lru_cache(maxsize=8192)
def spelled(name: str) -> Spelled:
    """How a name is spelled; `loose` counts its parts that are only a namespace."""
    text, side = _without_side(_COPY.sub("", unicodedata.normalize("NFKC", name).strip()))
    *spaces, own = [part for part in _NAMESPACE.split(text) if part] or [text]
    ahead = [part for space in spaces for part in _parts(space)]
    return Spelled((*ahead, *_parts(own)), side, len(ahead))


def find_keys(names: Iterable[str], chosen: KeySet) -> dict[str, Weights]:
    """Shape keys among `names` that the set means, each with the channels that move it."""
    names = list(names)
    found: dict[str, Weights] = {}
    taken: set[str] = set()
    for row in chosen.rows:
        if row.role in taken:
            continue
        own = _of_row(names, row)
        if own:
            taken.add(row.role)
            found |= {name: weights for name, weights in own.items() if name not in found}
    return found


def is_of_a_mouth(name: str) -> bool:
    """Whether a shape key's name is one of any set, or speaks of a mouth."""
    return bool(_MOUTH.search(name)) or any(find_keys([name], chosen) for chosen in SETS.values())


def best_set(meshes: Iterable[Iterable[str]]) -> str | None:
    """The set that means most of the names, the mouth's first; None where none means any."""
    meshes = [list(names) for names in meshes]
    counts: dict[str, tuple[int, int]] = {}
    for each, chosen in SETS.items():
        found = [weights for names in meshes for weights in find_keys(names, chosen).values()]
        counts[each] = (sum(map(moves_a_mouth, found)), len(found))
    best = max(counts, key=lambda each: counts[each])
    return best if counts[best][1] else None


def moves_a_mouth(weights: Weights) -> bool:
    """Whether a shape key with these channels is more than lids, brows and eyes."""
    return any(not channel.startswith(("eye", "brow")) for channel in weights)


def _of_row(names: Iterable[str], row: Row) -> dict[str, Weights]:
    """The keys of the first spelling of a row that a mesh has, each with the channels that move it.

    Of several that mean the same the plainest: together they would move everything twice.
    """
    for wanted in row.names:
        stem = "".join(_parts(wanted.replace("*", "")))
        own: dict[str, str] = {}
        for name in sorted((name for name in names if _means(spelled(name), stem)), key=_plainness):
            own.setdefault(spelled(name).side, name)
        if {"Left", "Right"} <= own.keys() or ("*" in wanted and len(own) > 1):
            own.pop("", None)
        if own:
            return {name: row.on_side(side) for side, name in own.items()}
    return {}


def _plainness(name: str) -> tuple[int, int]:
    return len(spelled(name).parts), len(name)


def _means(own: Spelled, stem: str) -> bool:
    """Whether a name is this one, behind what may stand before it."""
    for start in range(len(own.parts)):
        if "".join(own.parts[start:]) == stem:
            ahead = own.parts[own.loose : start]
            return len(stem) >= _LONG or all(part in _PREFIXES or part.isdigit() for part in ahead)
    return False


def _without_side(text: str) -> tuple[str, str]:
    """A name without its side. A name that is only a letter is a mouth, not a side."""
    match = _LAST.search(text) or _FIRST.search(text)
    if match is None or match[0] == text:
        return text, ""
    side = _SIDES[next(group for group in match.groups() if group).lower()]
    return text[: match.start()] + text[match.end() :], side


def _parts(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return tuple(part for part in re.split(r"[\W_]+", plain) if part)
