"""Detection of head and neck bones: by name, else by structure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..errors import RigError
from .families import FAMILIES, Family, normalized
from .sides import side

Parents = Mapping[str, str | None]
OF_THE_HEAD = re.compile(r"head.?top|forehead|jaw|face|tongue|hair|(?:end|nub|leaf)$", re.IGNORECASE)
LIMB_BONES = 3  # an arm or a leg is at least this long; an ear or an eye is not


@dataclass(frozen=True)
class RigMap:
    """The bones that take head motion.

    head : the bone that the skull follows
    neck : bones between chest and head, from the chest upward; may be empty
    """

    head: str
    neck: tuple[str, ...] = ()


def find_rig_map(parents: Parents, families: Iterable[Family] = FAMILIES) -> RigMap:
    """Find head and neck among bones, given each bone's parent.

    Known names are tried first (`families.py`), then the structure of a body: the head is where
    the centre line above the arms ends or branches into a face.

    families : names to look for; the first family with a head and a neck wins

    Raises
    ------
    RigError : neither finds a head
    """
    found = _by_name(parents, families) or _by_structure(parents)
    if found is None:
        raise RigError(
            "No head bone was found in this rig",
            "Name the head bone in the rig settings, or rename it to “head”",
        )
    return found


def ancestors(parents: Parents, bone: str) -> Iterator[str]:
    """The bone's parent, its parent's parent, and so on."""
    above = parents[bone]
    while above is not None:
        yield above
        above = parents[above]


def _by_name(parents: Parents, families: Iterable[Family]) -> RigMap | None:
    known: dict[str, str] = {}
    for bone in parents:
        known.setdefault(normalized(bone), bone)
    matches = [
        RigMap(known[family.head], _upward(parents, [known[n] for n in family.neck if n in known]))
        for family in families
        if family.head in known
    ]
    return next((match for match in matches if match.neck), matches[0] if matches else None)


def _upward(parents: Parents, bones: list[str]) -> tuple[str, ...]:
    return tuple(sorted(bones, key=lambda bone: len(list(ancestors(parents, bone)))))


def _by_structure(parents: Parents) -> RigMap | None:
    children: dict[str, list[str]] = {bone: [] for bone in parents}
    for bone, parent in parents.items():
        if parent is not None:
            children[parent].append(bone)

    def length(bone: str) -> int:
        return 1 + max((length(child) for child in children[bone]), default=0)

    def has_arms(bone: str) -> bool:
        limbs = {side(child) for child in children[bone] if length(child) >= LIMB_BONES}
        return side(bone) is None and {"l", "r"} <= limbs

    def centre(bone: str) -> list[str]:
        return [child for child in children[bone] if side(child) is None and not OF_THE_HEAD.search(child)]

    # The chest carries the arms; the hips, which carry the legs, lie nearer to the root.
    chests = [bone for bone in parents if has_arms(bone) and centre(bone)]
    if not chests:
        return None
    chest = max(chests, key=lambda bone: len(list(ancestors(parents, bone))))
    line = [max(centre(chest), key=length)]
    while children[line[-1]] == centre(line[-1]) and len(children[line[-1]]) == 1:
        line += children[line[-1]]
    return RigMap(line[-1], tuple(line[:-1]))
