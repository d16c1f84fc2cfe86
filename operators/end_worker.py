"""Operator that ends the idle worker."""

from typing import Any

import bpy

from ..bridge import operator_ids, worker
from .reasons import PollWithReason, busy


class MANNERISM_OT_end_worker(PollWithReason):
    """End the worker, whose memory is then free. The next job starts it again, which takes some seconds"""

    bl_idname = operator_ids.END_WORKER
    bl_label = "End Worker"
    bl_options = {"REGISTER"}

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """See `PollWithReason`."""
        return busy() or ("" if worker.idles() else "The worker does not run, and holds no memory")

    def execute(self, _context: Any) -> set[str]:
        """End it."""
        worker.rest()
        self.report({"INFO"}, "The worker has ended")
        return {"FINISHED"}


CLASSES: tuple[type[bpy.types.Operator], ...] = (MANNERISM_OT_end_worker,)
