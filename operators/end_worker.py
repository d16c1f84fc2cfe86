"""Operator that ends the idle worker."""

from typing import Any

import bpy

from ..bridge import operator_ids, worker
from .reasons import busy
from .reported import ReportedOperator


class MANNERISM_OT_end_worker(ReportedOperator):
    """End the worker, whose memory is then free. The next job starts it again, which takes some seconds"""

    bl_idname = operator_ids.END_WORKER
    bl_label = "End Worker"
    bl_options = {"REGISTER"}

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """See `PollWithReason`."""
        return busy() or ("" if worker.idles() else "The worker does not run, and holds no memory")

    def act(self, _context: Any) -> str:
        """End it."""
        worker.rest()
        return "The worker has ended"


CLASSES: tuple[type[bpy.types.Operator], ...] = (MANNERISM_OT_end_worker,)
