"""Ends the worker when it has had no job for a while, so that its memory is free for the animator's other work."""

import time

import bpy

from . import batch, preferences, worker

EVERY_S = 5.0

_idle_since: float | None = None


def look() -> float:
    """End the worker if it has been idle for as long as the preferences say; returns when to look again, seconds."""
    global _idle_since  # noqa: PLW0603  one for each Blender, as the worker
    if not worker.idles() or batch.running():
        _idle_since = None
        return EVERY_S
    now, longest_s = time.monotonic(), preferences.idle_s()
    _idle_since = now if _idle_since is None else _idle_since
    if longest_s is not None and now - _idle_since >= longest_s:
        worker.rest()
        _idle_since = None
    return EVERY_S


def start() -> None:
    """Look from now on. Without a window Blender has no timers: there the worker ends with the script."""
    stop()
    if not bpy.app.background:
        bpy.app.timers.register(look, first_interval=EVERY_S, persistent=True)


def stop() -> None:
    """Look no more."""
    if bpy.app.timers.is_registered(look):
        bpy.app.timers.unregister(look)
