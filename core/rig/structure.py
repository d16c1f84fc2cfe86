"""The head by the structure of a body: where the centre line above the arms ends or branches into a face."""

from collections.abc import Mapping

from .sides import sides
from .words import DEFORMING, MACHINERY, NO_HEAD, words

LIMB_BONES = 3  # an arm or a leg is at least this long; an ear or an eye is not


def children_of(parents: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The bones that each bone carries."""
    children: dict[str, list[str]] = {bone: [] for bone in parents}
    for bone, parent in parents.items():
        if parent in children:
            children[parent].append(bone)
    return children


def end_of_the_body(parents: Mapping[str, str | None]) -> list[str]:
    """The bones from above the arms to the head, which is the last; empty where nothing looks like a body."""
    children = children_of(parents)
    which = sides(parents)

    def length(bone: str, seen: frozenset[str] = frozenset()) -> int:
        below = [child for child in children[bone] if child not in seen]
        return 1 + max((length(child, seen | {bone}) for child in below), default=0)

    def has_arms(bone: str) -> bool:
        limbs = {which.get(child) for child in children[bone] if length(child) >= LIMB_BONES}
        return bone not in which and {"l", "r"} <= limbs

    def centre(bone: str) -> list[str]:
        return [child for child in children[bone] if child not in which and not _of_the_head(child)]

    def depth(bone: str) -> int:
        seen: list[str] = []
        above = parents.get(bone)
        while above is not None and above not in seen:
            seen.append(above)
            above = parents.get(above)
        return len(seen)

    # The chest carries the arms; the hips, which carry the legs, lie nearer to the root.
    chests = [bone for bone in parents if has_arms(bone) and centre(bone)]
    if not chests:
        return []
    chest = max(chests, key=depth)
    line = [max(centre(chest), key=length)]
    while children[line[-1]] == centre(line[-1]) and len(children[line[-1]]) == 1:
        line += children[line[-1]]
    return line


def _of_the_head(bone: str) -> bool:
    return bool((NO_HEAD | MACHINERY | DEFORMING).intersection(words(bone)))
