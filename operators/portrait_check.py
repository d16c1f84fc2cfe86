"""Operator that measures the coverage of a reference."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import operator_ids, portrait_settings
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from .job import JobOperator
from .portrait import no_reference
from .reasons import no_job

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_portrait_check(JobOperator):
    """List which poses and mouth shapes the reference shows, and what to record again"""

    bl_idname = operator_ids.PORTRAIT_CHECK
    bl_label = "Check Reference"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_reference(context) or no_job()

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        self._object = context.object.name
        self._reference = portrait_settings.reference_of(context.object)
        arguments = {
            "reference": str(self._reference),
            "size": portrait_settings.size_of(context.object),
        }
        return shared.start("coverage", arguments, label=filled("Check {}", self._reference.name))

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            portrait_settings.keep_coverage(obj, self._reference, answer["rows"], answer["faults"])
        wishes = [row["wish"] for row in answer["rows"] if row["wish"]]
        notes = [*answer["faults"], *wishes]
        self.level = "WARNING" if notes else "INFO"
        return shown_list([filled("“{}” is checked", self._reference.name), *notes])


CLASSES = (MANNERISM_OT_portrait_check,)
