"""Takes that follow the settings by themselves: half a second after the last change, one job at a time.

In a window only. Without one no timer runs; a script calls Generate.
"""

from collections.abc import Callable
from typing import Any

import bpy

from ..core.errors import MannerismError
from . import batch, made_with, operator_ids, settings, worker

_EVERY_S = 0.25
_WAIT_S = 0.5


class _Waiting:
    """Settings that are waited for to come to rest, and those that were last tried."""

    def __init__(self) -> None:
        self.settings: Any = None
        self.since_s = 0.0
        self.tried: Any = None

    def due(self, wanted: Any) -> bool:
        """Whether these have been the same for long enough, and have not been tried."""
        if wanted != self.settings:
            self.settings, self.since_s = wanted, 0.0
            return False
        self.since_s += _EVERY_S
        return self.since_s >= _WAIT_S and wanted != self.tried


_waiting = _Waiting()


def tick(generate: Callable[[], Any], obj: Any) -> None:
    """Generate for the object, if it asks for that and its settings are others than those of its active take."""
    if obj is None or not settings.character(obj).update_automatically or batch.running() or worker.running():
        return
    try:
        wanted = (obj.session_uid, made_with.settings_now(obj)) if made_with.differing(obj) else None
    except MannerismError:
        return  # no take yet, or a style that cannot be read: the panel says so
    if wanted is None:
        _waiting.tried = None
    elif _waiting.due(wanted):
        _waiting.tried = wanted  # once: what failed is not tried again until something changes
        generate()


def start() -> None:
    """Look from now on: also in a file that was saved with an object that asks for it."""
    stop()
    if not bpy.app.background:
        bpy.app.timers.register(_look, first_interval=_EVERY_S, persistent=True)


def stop() -> None:
    """Look no longer."""
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)


def _look() -> float:
    context: Any = bpy.context
    windows = context.window_manager.windows
    if not windows:
        return _EVERY_S
    with context.temp_override(window=windows[0]):
        tick(_generate, getattr(context, "object", None))
    return _EVERY_S


def _generate() -> None:
    group, name = operator_ids.GENERATE.split(".")
    operator: Any = getattr(getattr(bpy.ops, group), name)
    if operator.poll():
        operator("INVOKE_DEFAULT", True, automatic=True)
