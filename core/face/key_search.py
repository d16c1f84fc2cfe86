"""Which shape keys of a mesh a set of names means, in whatever spelling and behind whatever prefix."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .key_spelling import LONG, Spelled, spelled
from .shape_keys import SETS, KeySet, Row, Weights

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

_Names = Mapping[str, list[str]]


def find_keys(names: Iterable[str], chosen: KeySet) -> dict[str, Weights]:
    """Shape keys among `names` that the set means, each with the channels that move it."""
    by_stem = _by_stem(tuple(names))
    found: dict[str, Weights] = {}
    taken: set[str] = set()
    for row in chosen.rows:
        if row.role in taken:
            continue
        own = _of_row(by_stem, row)
        if own:
            taken |= {row.role, *(channel for weights in own.values() for channel in weights)}
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


def _of_row(by_stem: _Names, row: Row) -> dict[str, Weights]:
    """The keys of the first spelling of a row that a mesh has, each with the channels that move it.

    Of several that mean the same the plainest: together they would move everything twice.
    """
    for spelling in row.names:
        own = {
            name: row.on_side(side)
            for wanted in spelling.split("+")
            for side, name in _on_sides(by_stem, spelled(wanted.replace("*", ""))).items()
        }
        if own:
            return own
    return {}


def _on_sides(by_stem: _Names, meant: Spelled) -> dict[str, str]:
    """The plainest names that mean this one, by their sides: of both, or of "" where one has none."""
    own: dict[str, str] = {}
    for name in by_stem.get(meant.stem, ()):
        side = spelled(name).side
        if meant.side in ("", side):
            own.setdefault("" if meant.side else side, name)
    if {"Left", "Right"} <= own.keys():
        own.pop("", None)
    return {"": own[""]} if "" in own else own


@lru_cache(maxsize=64)
def _by_stem(names: tuple[str, ...]) -> _Names:
    """Names by all that they mean, the plainest first.

    A name behind another one is of both together, as correctives are, and means neither.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (len(spelled(name).parts), len(name))):
        own = spelled(name)
        for stem, start in own.endings().items():
            if _may_stand_before(own.parts[own.loose : start], stem):
                found.setdefault(stem, []).append(name)
    return found


def _may_stand_before(ahead: tuple[str, ...], stem: str) -> bool:
    if len(stem) < LONG:
        return all(part in _PREFIXES or part.isdigit() for part in ahead)
    return not any(other in "".join(ahead) for other in _long_stems())


@lru_cache(maxsize=1)
def _long_stems() -> frozenset[str]:
    """All names of all sets that say enough by themselves."""
    names = (name for chosen in SETS.values() for row in chosen.rows for name in row.names)
    stems = (spelled(each.replace("*", "")).stem for name in names for each in name.split("+"))
    return frozenset(stem for stem in stems if len(stem) >= LONG)
