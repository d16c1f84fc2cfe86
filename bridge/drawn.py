"""What panels show of an object, kept until Blender has evaluated a change: a panel asks at each redraw."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import bpy

from .forgetting import forgets

_Result = TypeVar("_Result")

_kept: list[dict[int, tuple[Any, Any]]] = []
"""Of each function, by `session_uid` of an object or action: what was there when it was called, and what it returned."""


def kept_until_change(look: Callable[[Any], _Result]) -> Callable[[Any], _Result]:
    """Decorator of a function of an object or an action that a panel calls at each redraw.

    It depends on no more than what Blender evaluates.

    Blender evaluates what has changed before it draws; `forget_drawn` is to be called then. A script that draws
    without that finds a new or removed object, NLA track or mode all the same.
    """
    known: dict[int, tuple[Any, _Result]] = {}
    _kept.append(known)

    @wraps(look)
    def shown(owner: Any) -> _Result:
        now = _state(owner)
        kept = known.get(owner.session_uid)
        if kept is None or kept[0] != now:
            kept = known[owner.session_uid] = (now, look(owner))
        return kept[1]

    return shown


def _state(owner: Any) -> tuple[Any, ...]:
    if isinstance(owner, bpy.types.Action):
        return (owner.name,)
    obj, data = owner, owner.animation_data
    data_uid = obj.data.session_uid if obj.data else 0
    return obj.mode, data_uid, len(bpy.data.objects), len(data.nla_tracks) if data else 0


@forgets
def forget_drawn() -> None:
    """Look again at the next redraw."""
    for known in _kept:
        known.clear()
