"""Operator that deletes all files made from a person's reference."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import (
    operator_ids,
    portrait,
    portrait_confidence,
    portrait_progress,
    portrait_settings,
    style_files,
)
from ..bridge.translations import filled
from .job import ConfirmedJobOperator
from .portrait import no_reference
from .reasons import no_job

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_forget_reference(ConfirmedJobOperator):
    """Delete the analysis, the style and the consent of this reference; it and finished videos stay"""

    bl_idname = operator_ids.FORGET_REFERENCE
    bl_label = "Forget This Person"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_reference(context) or no_job()

    def ask(self, context: Any, event: Any) -> set[str]:
        """See `ConfirmedJobOperator`."""
        return set(context.window_manager.invoke_confirm(self, event))

    def again(self) -> None:
        """See `ConfirmedJobOperator`."""
        ours: Any = bpy.ops
        ours.mannerism.forget_reference("INVOKE_DEFAULT", confirmed=True)

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        import shutil

        shutil.rmtree(shared.folder / portrait.PREVIEWS, ignore_errors=True)
        arguments = portrait.about(context.object)
        self._reference = Path(arguments["reference"])
        return shared.start("forget", arguments, label=filled("Forget {}", self._reference.name))

    def finish(self, _context: Any, _answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        portrait_progress.watch.close()
        objects: Any = bpy.data.objects
        for obj in objects:
            if obj.mannerism.reference and Path(bpy.path.abspath(obj.mannerism.reference)) == self._reference:
                portrait_settings.forget(obj)
                style_files.forget_style(obj)
                portrait_confidence.clear_confidence(obj)
        return filled("Nothing made of {} is left", self._reference.name)


CLASSES = (MANNERISM_OT_forget_reference,)
