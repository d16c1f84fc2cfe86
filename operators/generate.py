"""Operator that generates head motion as a new layer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import bones, direct_take, operator_ids, rig, sound
from .reasons import no_job, no_mover, no_style
from .take_job import TakeOperator, Wanted

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_generate(TakeOperator):
    """Make head motion for the speech in the manner of the style, as a new layer above all other animation"""

    bl_idname = operator_ids.GENERATE
    bl_label = "Generate"
    bl_options = {"REGISTER", "UNDO"}

    next_take: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Next Take", description="Take the next seed", options={"SKIP_SAVE", "HIDDEN"}
    )

    automatic: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Automatic",
        description="In place of the last take that came so, if nobody has changed that",
        options={"SKIP_SAVE", "HIDDEN"},
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_mover(context) or no_style(context)
        if reason:
            return reason
        return no_job() if context.object.mannerism.speech_name else "Choose a speech first"

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        obj = context.object
        rig.read_rig(obj, bones.rig_map_of(obj))  # a rig without a head is refused before anybody waits
        seed = obj.mannerism.seed + self.next_take
        speech = sound.find_speech(obj, shared.folder, context)
        directed = direct_take.direct(obj, speech, seed, context.scene)
        return self.start(shared, Wanted(obj.name, speech, seed, directed))

    def finish(self, context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        obj, said = self.add(context, answer, automatic=self.automatic)
        if not self.automatic:
            obj.mannerism.seed = self._take.seed
        return said


CLASSES = (MANNERISM_OT_generate,)
