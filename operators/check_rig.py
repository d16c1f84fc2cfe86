"""Operator that nods, shakes and tilts a rig's head, and reports what arrived."""

from typing import Any

from ..bridge import operator_ids
from ..bridge.rig import editable
from ..bridge.rig_check import check_rig
from ..core.errors import MannerismError
from .reasons import PollWithReason, no_character


class MANNERISM_OT_check_rig(PollWithReason):
    """Nod, shake and tilt the head of this rig by known angles, and report how far its skull turned"""

    bl_idname = operator_ids.CHECK_RIG
    bl_label = "Check Rig"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_character(context)
        return reason or ("" if context.object.type == "ARMATURE" else "Select the armature of a character")

    def execute(self, context: Any) -> set[str]:
        """Add the movements, measure, and remove them."""
        try:
            check = check_rig(editable(context.object))
        except MannerismError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"} if check.is_right else {"WARNING"}, f"{context.object.name}: {check}")
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_check_rig,)
