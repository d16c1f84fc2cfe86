"""Eyes among bones, by name."""

from collections.abc import Mapping

from ..errors import RigError
from .detect import ancestors
from .sides import pairs
from .words import HEAD, is_eye, read_name


def find_eyes(parents: Mapping[str, str | None], head: str) -> tuple[str, str]:
    """The left and the right eye that a head carries.

    Of several pairs the one whose names say the least besides: no control, no machinery, the shortest.

    parents : each bone with its parent

    Raises
    ------
    RigError : there is none
    """
    carried = [bone for bone in parents if head in ancestors(parents, bone)]
    found = [pair for pair in pairs(carried) if is_eye(pair[0])]
    elsewhere = [pair for pair in pairs(parents) if is_eye(pair[0])]
    if not found and elsewhere:
        raise RigError(
            f"“{elsewhere[0][0]}” is not carried by “{head}”, as in rigs with a control of their eyes",
            "Animate that control",
        )
    if not found:
        raise RigError(
            f"“{head}” carries no bones called left and right eye",
            "Give shape keys ARKit's eyeLook names, and use Generate Face instead",
        )
    return min(found, key=lambda pair: (_is_machinery(pair[0]), len(pair[0]), pair))


def _is_machinery(bone: str) -> bool:
    name = read_name(bone, HEAD)
    return bool(name and name.machinery) or bone.upper().startswith(("MCH", "ORG"))
