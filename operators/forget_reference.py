"""Operator that deletes all files made from a person's reference."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.portrait import PREVIEWS, about
from ..bridge.portrait_confidence import clear_confidence
from ..bridge.portrait_progress import watch
from ..bridge.portrait_settings import forget
from ..bridge.style_files import forget_style
from ..bridge.translations import filled
from ..core.worker.client import Job, Worker
from .job import ConfirmedJobOperator
from .portrait import no_reference
from .reasons import busy


class MANNERISM_OT_forget_reference(ConfirmedJobOperator):
    """Delete the analysis, the style and the consent of this reference; it and finished videos stay"""

    bl_idname = operator_ids.FORGET_REFERENCE
    bl_label = "Forget This Person"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_reference(context) or busy()

    def ask(self, context: Any, event: Any) -> set[str]:
        """See `ConfirmedJobOperator`."""
        return set(context.window_manager.invoke_confirm(self, event))

    def again(self) -> None:
        """See `ConfirmedJobOperator`."""
        ours: Any = bpy.ops
        ours.mannerism.forget_reference("INVOKE_DEFAULT", confirmed=True)

    def begin(self, context: Any, shared: Worker) -> Job:
        """See `JobOperator`."""
        shutil.rmtree(shared.folder / PREVIEWS, ignore_errors=True)
        arguments = about(context.object)
        self._reference = Path(arguments["reference"])
        return shared.start("forget", arguments, label=f"Forget {self._reference.name}")

    def finish(self, _context: Any, _answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        watch.close()
        objects: Any = bpy.data.objects
        for obj in objects:
            if obj.mannerism.reference and Path(bpy.path.abspath(obj.mannerism.reference)) == self._reference:
                forget(obj)
                forget_style(obj)
                clear_confidence(obj)
        return filled("Nothing made of {} is left", self._reference.name)


CLASSES = (MANNERISM_OT_forget_reference,)
