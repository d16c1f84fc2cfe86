"""Operators that add a gaze point which eye bones follow, and remove it."""

from typing import Any

from ..bridge import gaze_point, operator_ids
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from .reasons import no_character
from .reported import ReportedOperator


class MANNERISM_OT_add_gaze(ReportedOperator):
    """Let the eye bones of this character follow a gaze point, whose keys are small movements and looks away for the head as
    it is shown over the scene's frames. Eyes then hold their gaze whatever the head does
    """

    bl_idname = operator_ids.ADD_GAZE
    bl_label = "Add Gaze"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_character(context)
        return reason or ("" if context.object.type == "ARMATURE" else "Select an armature with eye bones")

    def act(self, context: Any) -> str:
        """Add it, or bring what was added up to date."""
        notes = gaze_point.add_gaze(context.object)
        return shown_list([filled("The eyes of {} follow a gaze point", context.object.name), *notes])


class MANNERISM_OT_remove_gaze(ReportedOperator):
    """Take the gaze point and its constraints away; the eye bones stand as before"""

    bl_idname = operator_ids.REMOVE_GAZE
    bl_label = "Remove Gaze"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context) or (
            "" if gaze_point.has_gaze(context.object) else "Add a gaze point first"
        )

    def act(self, context: Any) -> str:
        """Remove it."""
        gaze_point.remove_gaze(context.object)
        return ""


CLASSES = (MANNERISM_OT_add_gaze, MANNERISM_OT_remove_gaze)
