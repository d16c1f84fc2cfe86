"""Operator that makes a talking-head video from a reference, a speech and the head motion on the rig."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import operator_ids, portrait, portrait_confidence, portrait_progress, portrait_settings
from ..bridge.messages import shown_list, shown_refusal
from ..bridge.translations import filled
from ..core.errors import RigError
from .job import JobOperator
from .reasons import no_character, no_job, no_layer

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker


class MANNERISM_OT_portrait(JobOperator):
    """Make a video of the person in the reference, saying the speech and moving as this object does"""

    bl_idname = operator_ids.PORTRAIT
    bl_label = "Make Talking Head Video"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_reference(context)
        if reason:
            return reason
        chosen = context.object.mannerism.portrait
        if not context.object.mannerism.speech_name:
            return "Choose a speech first"
        if chosen.motion == "FILE" and not chosen.motion_file:
            return "Choose a file of head motion first"
        if chosen.motion in {"LAYER", "GENERATED"} and (reason := no_layer(context)):
            return reason
        return (
            no_job()
            if portrait_settings.attested(context.object)
            else "Confirm the consent of the person in the reference first"
        )

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`."""
        obj = context.object
        self._object = obj.name
        self._speech, arguments = portrait.request(obj, shared.folder, context)
        self._preview = Path(arguments["preview"]) / portrait.PREVIEW
        portrait_progress.watch.close()
        portrait_progress.watch.begin(obj)
        return shared.start(
            "portrait", arguments, label=filled("Talking Head of {}", Path(arguments["reference"]).name)
        )

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        notes = list(answer["notes"])
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            time_s, confidence = portrait_confidence.read_confidence(Path(answer["confidence_csv"]))
            notes.insert(
                0,
                filled(
                    "Its confidence is {:.0%} on average, {:.0%} at least",
                    confidence.mean(),
                    confidence.min(),
                ),
            )
            try:
                portrait_confidence.put_confidence(
                    obj, time_s, confidence, start_frame=self._speech.start_frame
                )
            except RigError as error:
                notes.append(shown_refusal(error))
        return shown_list([filled("The video is saved as {}", answer["out"]), *notes])

    def look(self) -> None:
        """See `JobOperator`."""
        portrait_progress.watch.look(self._preview, self._job.share)

    def stop(self, _context: Any) -> set[str]:
        """See `JobOperator`. The frames that are made lie in the cache."""
        self.report({"WARNING"}, filled("The video was stopped. Make it again to continue where it was"))
        return {"CANCELLED"}


def no_reference(context: Any) -> str:
    """The reason when there is no character, or it has no reference."""
    return no_character(context) or (
        "" if context.object.mannerism.reference else "Choose a reference video first"
    )


CLASSES = (MANNERISM_OT_portrait,)
