"""Operators run step by step without a window, as Blender would run them in one."""

import time
from types import MethodType, SimpleNamespace
from typing import Any

import bpy

from mannerism.operators import job as job_module


def driven(operator):
    """An operator as Blender would hold it: its own methods, and what it reports."""
    self = SimpleNamespace(reports=[], next_take=False, automatic=False, retry=False, level="INFO")
    self.report = lambda kind, message: self.reports.append((*kind, message))
    ours = [cls for cls in reversed(operator.__mro__) if cls.__module__.startswith("mannerism.")]
    for cls in ours:
        for name, member in vars(cls).items():
            if callable(member):
                setattr(self, name, MethodType(member, self))
    self._timer = None
    return self


def window():
    """A stand-in for the parts of a window's context that show progress."""
    shown: list[tuple[Any, ...]] = []
    manager = SimpleNamespace(
        windows=[],
        progress_begin=lambda low, high: shown.append(("begin", low, high)),
        progress_update=lambda value: shown.append(("update", value)),
        progress_end=lambda: shown.append(("end",)),
        event_timer_add=lambda step, window: shown.append(("timer", step)) or "timer",
        event_timer_remove=lambda timer: shown.append(("removed", timer)),
        modal_handler_add=lambda operator: shown.append(("modal",)),
    )
    return SimpleNamespace(
        object=bpy.context.object,
        scene=bpy.context.scene,
        window=None,
        window_manager=manager,
        workspace=SimpleNamespace(status_text_set=lambda text: shown.append(("status", text))),
        shown=shown,
    )


def event(kind, value="NOTHING"):
    """An event of a window, as Blender hands it to an operator."""
    return SimpleNamespace(type=kind, value=value)


def run_modal(self, context, until=lambda self: False):
    """Tick until the operator ends, or `until` says so; returns what modal returned last."""
    deadline = time.monotonic() + 20
    result = {"PASS_THROUGH"}
    while result == {"PASS_THROUGH"} and not until(self):
        assert time.monotonic() < deadline
        result = self.modal(context, event("TIMER"))
        time.sleep(0.01)
    return result


def invoke(self, context, monkeypatch):
    """Invoke an operator as a click does in a Blender with a window."""
    monkeypatch.setattr(job_module, "bpy", SimpleNamespace(app=SimpleNamespace(background=False)))
    return self.invoke(context, event("LEFTMOUSE", "PRESS"))
