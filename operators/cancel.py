"""Operator that cancels the running job, for those who look for a button rather than for ESC."""

from typing import Any

from ..bridge import batch, operator_ids, worker
from .reasons import PollWithReason


class MANNERISM_OT_cancel(PollWithReason):
    """Cancel the running job, as ESC does; what a batch has finished stays"""

    bl_idname = operator_ids.CANCEL
    bl_label = "Cancel"
    bl_options = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """See `PollWithReason`."""
        return "" if batch.running() or worker.running() else "Nothing is running"

    def execute(self, _context: Any) -> set[str]:
        """Cancel it; the operator that began it reports that at its next tick."""
        job = batch.running() or worker.running()
        if job is None:
            return {"CANCELLED"}
        job.cancel()
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_cancel,)
