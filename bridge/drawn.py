"""What panels show of an object, kept until Blender has evaluated a change: a panel asks at each redraw."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import bpy

from .forgetting import forgets

_Result = TypeVar("_Result")

_kept: list[dict[int, tuple[Any, Any]]] = []
"""Of each function, by `session_uid` of an object: what was there when it was called, and what it returned."""


def kept_until_change(
    look: Callable[[bpy.types.Object], _Result],
) -> Callable[[bpy.types.Object], _Result]:
    """Decorator of a function that a panel calls at each redraw; it depends on no more than what Blender evaluates.

    Blender evaluates what has changed before it draws; `forget_drawn` is to be called then. A script that draws
    without that finds a new or removed object, NLA track or mode all the same.
    """
    known: dict[int, tuple[Any, _Result]] = {}
    _kept.append(known)

    @wraps(look)
    def shown(obj: bpy.types.Object) -> _Result:
        now = _state(obj)
        kept = known.get(obj.session_uid)
        if kept is None or kept[0] != now:
            kept = known[obj.session_uid] = (now, look(obj))
        return kept[1]

    return shown


def _state(obj: bpy.types.Object) -> tuple[Any, ...]:
    data: Any = obj.animation_data
    data_uid = obj.data.session_uid if obj.data else 0
    return obj.mode, data_uid, len(bpy.data.objects), len(data.nla_tracks) if data else 0


@forgets
def forget_drawn() -> None:
    """Look again at the next redraw."""
    for known in _kept:
        known.clear()
