"""Which shape keys of a character speak: by the set that is chosen, the one that fits, or a list by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import bpy

from ..core.errors import RigError
from ..core.face.key_search import best_set, find_keys
from ..core.face.name_file import NamedKey, by_hand
from ..core.face.shape_keys import SETS, Weights
from .face_settings import BY_HAND, FOUND
from .settings import character
from .shape_key_blocks import key_names

Finder = Callable[[Iterable[str]], Mapping[str, Weights]]


@dataclass(frozen=True)
class KeyNames:
    """How shape keys are found.

    label : of the set
    example : names that it looks for
    find : of the names of a mesh's shape keys those that it means, each with the channels that move it
    """

    label: str
    example: str
    find: Finder


def of_set(name: str) -> KeyNames:
    """The names of one of SETS."""
    chosen = SETS[name]
    example = ", ".join(row.names[0].replace("*", "Left") for row in chosen.rows[:2])
    return KeyNames(chosen.label, example, lambda names: find_keys(names, chosen))


def chosen_names(obj: bpy.types.Object) -> KeyNames:
    """The names that the settings of an object choose.

    Raises
    ------
    RigError : none fits, or the list by hand is empty
    """
    face = character(obj).face
    if face.keys == BY_HAND:
        listed = by_hand(named_keys(obj))
        if not listed:
            raise RigError(
                f"No shape key of “{obj.name}” is named by hand", "Add names to the list under Face"
            )
        return KeyNames("By Hand", ", ".join(list(listed)[:2]), lambda names: _listed(names, listed))
    if face.keys != FOUND:
        return of_set(face.keys)
    best = fitting_set(obj)
    if best is None:
        raise RigError(
            f"No shape key of “{obj.name}” has a name that a speaking face is known by",
            "Name its shape keys by hand under Face, or add some with ARKit's names",
        )
    return of_set(best)


def fitting_set(obj: bpy.types.Object) -> str | None:
    """The set that fits the most shape keys of the character, None where none fits any."""
    return best_set(key_names(obj))


def named_keys(obj: bpy.types.Object) -> tuple[NamedKey, ...]:
    """The list by hand."""
    rows: Any = character(obj).face.names
    return tuple(NamedKey(row.key, row.channel, row.strength) for row in rows)


def set_named_keys(obj: bpy.types.Object, named: Iterable[NamedKey]) -> None:
    """Replace the list by hand, and choose it."""
    face = character(obj).face
    face.names.clear()
    for each in named:
        row = face.names.add()
        row.key, row.channel, row.strength = each.key, each.channel, each.strength
    face.keys = BY_HAND


def _listed(names: Iterable[str], listed: Mapping[str, Weights]) -> Mapping[str, Weights]:
    return {name: listed[name] for name in names if name in listed}
