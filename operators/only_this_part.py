"""Operator that makes a part of the active take anew, from another seed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import direct_clock, direct_take, operator_ids, sound, takes
from ..core.errors import DirectionError
from .reasons import no_job, no_layer, no_mover, no_style
from .take_job import TakeOperator, Wanted

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_only_this_part(TakeOperator):
    """Make the preview range of the active take anew, or the part between two markers; around it nothing moves"""

    bl_idname = operator_ids.ONLY_THIS_PART
    bl_label = "Only This Part"
    bl_options = {"REGISTER", "UNDO"}

    first_frame: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="First Frame", description="Where the part begins; with 0 for both, by preview range or markers"
    )
    last_frame: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Last Frame", description="Where the part ends"
    )
    seed: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Seed", description="Of the part; below 0, one that no part of the take has had", default=-1
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_mover(context) or no_style(context) or no_layer(context)
        if reason:
            return reason
        return no_job() if context.object.mannerism.speech_name else "Choose a speech first"

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        obj = context.object
        line = direct_clock.directed_line(obj, context.scene)
        speech = sound.find_speech(obj, shared.folder, context)
        take = takes.take_of(bpy.data.actions[line.layer.name])
        if speech.name != line.line or take is None:
            raise DirectionError(
                f"The active layer is a take of “{line.line}”, and the speech is “{speech.name}”",
                "Choose its speech, or a take of this one under Layers",
            )
        speech = replace(speech, start_frame=line.rate.start_frame)
        frames = (float(self.first_frame), float(self.last_frame))
        if not any(frames):
            frames = direct_take.part_frames(context.scene)
        seed = self.seed if self.seed >= 0 else direct_take.free_seed(line.layer)
        directed = direct_take.direct_part(
            obj, line, speech, context.scene, direct_take.WantedPart(frames, seed)
        )
        return self.start(shared, Wanted(obj.name, speech, take.seed, directed))

    def finish(self, context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        return self.add(context, answer)[1]


CLASSES = (MANNERISM_OT_only_this_part,)
