"""Detection of head and neck bones: by what carries the skull, by name, else by structure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..errors import RigError
from .families import FAMILIES, Family, normalized
from .sides import sides
from .structure import end_of_the_body
from .words import HEAD, NECK, Name, is_limb, read_name, words

Parents = Mapping[str, str | None]
_SHARED = 2  # bones with one word in common, which then is the character's or the program's


@dataclass(frozen=True)
class RigMap:
    """The bones that take head motion.

    head : the bone that the skull follows
    neck : bones between chest and head, from the chest upward; may be empty
    """

    head: str
    neck: tuple[str, ...] = ()


def find_rig_map(
    parents: Parents,
    families: Iterable[Family] = FAMILIES,
    *,
    skull: str | None = None,
    followed: Collection[str] = (),
    held: Collection[str] = (),
) -> RigMap:
    """Find head and neck among bones, given what carries each of them.

    Names are tried first: a word for head (`words.py`) or a name of `families`. Of several, the one that
    the skull follows, that is free to turn, that no name calls machinery, that a neck carries, and that
    carries the others. Else the structure of a body: the head is where the centre line above the arms
    ends or branches into a face.

    parents : each bone with its parent, or with the bone that a constraint ties it to
    families : more names to look for
    skull : the bone that the skin of the skull follows, if it is known
    followed : the bones that it follows, itself included, by whatever way
    held : bones that turn as something else says, whatever their own channels hold

    Raises
    ------
    RigError : neither finds a head
    """
    families = tuple(families)
    heads = _heads(parents, families)
    if heads:
        carriers = _carriers_of_limbs(parents)
        head = min(
            heads,
            key=lambda bone: _rank(parents, bone, heads, followed=followed, held=held, carriers=carriers),
        )
        if head not in carriers:
            return RigMap(head, necks_below(parents, head, families))
    found = end_of_the_body(parents)
    if found:
        return RigMap(found[-1], tuple(found[:-1]))
    raise RigError(
        "No head bone was found in this rig",
        f"Choose the head bone under Rig: the skin at the top follows “{skull}”"
        if skull
        else "Name the head bone in the rig settings, or rename it to “head”",
    )


def necks_below(parents: Parents, head: str, families: Iterable[Family] = FAMILIES) -> tuple[str, ...]:
    """Bones of the neck that carry a head, from the chest upward: never one beside it or above it.

    A neck that carries the arms as well stays still, and so does machinery where there is a control.
    """
    shared = _shared_words(parents)
    listed = {name for family in families if family.head == normalized(head) for name in family.neck}
    carriers = _carriers_of_limbs(parents)
    found: dict[str, Name | None] = {}
    for bone in ancestors(parents, head):
        name = read_name(bone, NECK, shared)
        if (name or normalized(bone) in listed) and bone not in carriers:
            found[bone] = name
    plain = [bone for bone, name in found.items() if not (name and name.machinery)]
    return tuple(reversed(plain or list(found)))


def ancestors(parents: Parents, bone: str) -> Iterator[str]:
    """What carries a bone, what carries that, and so on; a circle of constraints ends where it closes."""
    seen = {bone}
    above = parents.get(bone)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)


def _heads(parents: Parents, families: Iterable[Family]) -> dict[str, Name]:
    """Bones whose names say that they are a head, in the order of the rig."""
    shared = _shared_words(parents)
    listed = {family.head for family in families}
    # A numbered spine ends in the head: one that goes on is another animal's.
    continued = {parent for bone, parent in parents.items() if parent and _letters(bone) == _letters(parent)}
    which = sides(parents)
    held = {bone for bone in which if is_limb(bone, which)}  # what a hand holds, as a hammer, is no head
    found: dict[str, Name] = {}
    for bone in parents:
        if held.intersection(ancestors(parents, bone)):
            continue
        name = read_name(bone, HEAD, shared)
        if name is None and normalized(bone) in listed and bone not in continued:
            own = words(bone)
            name = Name("org" in own or "mch" in own, "def" in own, 0)
        if name is not None:
            found[bone] = name
    return found


def _rank(
    parents: Parents,
    bone: str,
    heads: Mapping[str, Name],
    *,
    followed: Collection[str],
    held: Collection[str],
    carriers: Collection[str],
) -> tuple[int, ...]:
    """The smallest is the head."""
    above = list(ancestors(parents, bone))
    name = heads[bone]
    neck = any(read_name(each, NECK) for each in above)
    listed = not HEAD.intersection(words(bone))
    return (
        bool(followed) and bone not in followed,
        bone in carriers,
        bone in held,
        name.machinery,
        name.strange,
        listed,
        not neck and not listed,
        name.deforming,
        sum(each in heads for each in above),
    )


def _carriers_of_limbs(parents: Parents) -> set[str]:
    """Bones that carry an arm, a leg or the hips."""
    which = sides(parents)
    found: set[str] = set()
    for bone in parents:
        if is_limb(bone, which):
            for above in ancestors(parents, bone):
                if above in found:  # and so are all above it
                    break
                found.add(above)
    return found


def _letters(bone: str) -> str:
    return "".join(letter for letter in normalized(bone) if letter.isalpha())


def _shared_words(parents: Parents) -> set[str]:
    """Words that several bones have which are no heads, as the name of a character or of a program."""
    count = Counter(
        word for bone in parents if not HEAD.intersection(found := words(bone)) for word in set(found)
    )
    necks = {word for bone in parents if NECK.intersection(found := words(bone)) for word in found}
    return {word for word, times in count.items() if times >= _SHARED} | necks
