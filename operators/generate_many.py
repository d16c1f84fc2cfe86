"""Operator that generates many lines onto layers or into files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import batch, bones, operator_ids, rig
from ..bridge.translations import filled
from ..core.errors import BatchError
from .job import JobOperator
from .reasons import no_character, no_job

if TYPE_CHECKING:
    from ..core.worker.client import Worker
    from ..core.worker.series import Series


class MANNERISM_OT_generate_many(JobOperator):
    """Generate all lines of the list that are not done yet, one after another"""

    bl_idname = operator_ids.GENERATE_MANY
    bl_label = "Generate for Many"
    bl_options = {"REGISTER", "UNDO"}

    retry: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Retry Failed", description="Only lines that have failed", options={"SKIP_SAVE", "HIDDEN"}
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_character(context)
        if reason:
            return reason
        lines = context.scene.mannerism
        if not lines.lines:
            return "Add speech files first"
        if not context.object.mannerism.style and not all(line.style for line in lines.lines):
            return "Encode or choose a style first"
        return no_job() if lines.target == "LAYERS" or lines.folder else "Choose a folder for the files first"

    def begin(self, context: Any, shared: "Worker") -> "Series":
        """See `JobOperator`."""
        scene, obj = context.scene, context.object
        if scene.mannerism.target == "LAYERS":
            rig.read_rig(obj, bones.rig_map_of(obj))  # a rig without a head is refused before anybody waits
        lines = enumerate(scene.mannerism.lines)
        chosen = [index for index, line in lines if line.status == "FAILED" or not self.retry]
        if not chosen:
            raise BatchError("No line has failed", "Generate all lines instead")
        return batch.begin(scene, obj, chosen, shared)

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`. The lines themselves are finished by then."""
        self.level = "WARNING" if answer["failed"] or answer["left"] else "INFO"
        words = {
            "done": filled("{} generated", answer["done"]),
            "skipped": filled("{} were done already", answer["skipped"]),
            "failed": filled("{} failed", answer["failed"]),
            "left": filled("{} left", answer["left"]),
        }
        return ", ".join(word for key, word in words.items() if answer[key])

    def stop(self, context: Any) -> set[str]:
        """See `JobOperator`. What is finished stays."""
        return self.conclude(context)


CLASSES = (MANNERISM_OT_generate_many,)
