"""Operator that checks the packages of the worker's Python."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..bridge import operator_ids
from .job import JobOperator
from .reasons import no_job

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_check_worker(JobOperator):
    """Start the worker, and list which of its parts are missing"""

    bl_idname = operator_ids.CHECK_WORKER
    bl_label = "Check Worker"
    bl_options = {"REGISTER"}

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """See `PollWithReason`."""
        return no_job()

    def begin(self, _context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        return shared.start("doctor", {}, label="Check Worker")

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        return str(answer["report"])


CLASSES = (MANNERISM_OT_check_worker,)
