"""Base of operators that run a job of the worker: progress, ESC, and no window at all."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import bpy

from ..bridge import worker
from ..bridge.messages import shown
from ..bridge.translations import filled
from ..core.errors import CancelledError, MannerismError
from .reasons import PollWithReason
from .reported import refuse

TICK_S = 0.1


class JobOperator(PollWithReason):
    """Base of an operator whose `begin` starts a job, and whose `finish` processes its result.

    In a window it runs beside the animator's work, who can cancel with ESC; until `finish` nothing in the
    file is touched. Called by a script, or without a window, it blocks.
    """

    level: Literal["INFO", "WARNING"] = "INFO"
    _job: Any  # a Job or a Series: Blender evaluates annotations of classes, and these two load with the first job
    _timer: bpy.types.Timer | None = None

    begin: Callable[[Any, Any], Any]
    """Of context and worker: start the job, a Job or a Series. Keep names, not objects: the animator may undo while it runs."""

    finish: Callable[[Any, Mapping[str, Any]], str]
    """Of context and answer: write the result into the file; returns what to report, at `level`."""

    def look(self) -> None:
        """Update what is shown of the job, while it runs and once when it has ended."""

    def stop(self, _context: Any) -> set[str]:
        """Report a cancelled job; returns what the operator returns after ESC."""
        return refuse(self, CancelledError())

    def execute(self, context: Any) -> set[str]:
        """Run the job before returning."""
        try:
            self._job = self.begin(context, worker.shared())
            self._job.wait()
        except MannerismError as error:
            return refuse(self, error)
        return self.conclude(context)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """Run the job in the background of the window."""
        if bpy.app.background:
            return self.execute(context)
        try:
            self._job = self.begin(context, worker.shared())
        except MannerismError as error:
            return refuse(self, error)
        manager = context.window_manager
        manager.progress_begin(0, 1)
        self._timer = manager.event_timer_add(TICK_S, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Poll the job at each timer tick."""
        if event.type == "ESC" and event.value == "PRESS":
            self.cancel(context)
            return self.stop(context)
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        if not self._job.poll():
            self._show(context)
            return {"PASS_THROUGH"}
        self.look()
        self._hide(context)
        return self.conclude(context)

    def cancel(self, context: Any) -> None:
        """Cancel the job: Blender closes the window or loads another file."""
        self._job.cancel()
        self._hide(context)

    def conclude(self, context: Any) -> set[str]:
        """Process the result of the job, or report why it failed."""
        try:
            message = self.finish(context, self._job.result())
        except MannerismError as error:
            return refuse(self, error)
        self.report({self.level}, shown(message))
        return {"FINISHED"}

    def _show(self, context: Any) -> None:
        self.look()
        context.window_manager.progress_update(self._job.share)
        context.workspace.status_text_set(
            filled("{}: {}   |   ESC: Cancel", self._job.label, shown(self._job.what))
        )
        _redraw(context)

    def _hide(self, context: Any) -> None:
        manager = context.window_manager
        manager.progress_end()
        if self._timer is not None:
            manager.event_timer_remove(self._timer)
            self._timer = None
        context.workspace.status_text_set(None)
        _redraw(context)


class ConfirmedJobOperator(JobOperator):
    """Base of an operator that asks in a window before it begins."""

    confirmed: bpy.props.BoolProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    _asked = False

    ask: Callable[[Any, Any], set[str]]
    """Of context and event: show the question; Blender calls `execute` where the answer is yes."""

    again: Callable[[], Any]
    """Invoke the operator once more, as confirmed: only then can it run beside the animator's work."""

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Ask first, unless that is done."""
        if bpy.app.background or self.confirmed:
            return JobOperator.invoke(self, context, event)
        self._asked = True
        return self.ask(context, event)

    def execute(self, context: Any) -> set[str]:
        """Do the job, beside the animator's work where this is the answer to the question."""
        if not self._asked:
            return JobOperator.execute(self, context)
        self.again()
        return {"FINISHED"}


def _redraw(context: Any) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()
