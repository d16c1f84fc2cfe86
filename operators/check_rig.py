"""Operator that nods, shakes and tilts a rig's head, and reports what arrived."""

from typing import Any

from ..bridge import operator_ids, rig, rig_check
from .reasons import no_armature
from .reported import ReportedOperator


class MANNERISM_OT_check_rig(ReportedOperator):
    """Nod, shake and tilt the head of this rig by known angles, and report how far its skull turned"""

    bl_idname = operator_ids.CHECK_RIG
    bl_label = "Check Rig"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_armature(context)

    def act(self, context: Any) -> str:
        """Add the movements, measure, and remove them."""
        check = rig_check.check_rig(rig.editable(context.object))
        self.level = "INFO" if check.is_right else "WARNING"
        return f"{context.object.name}: {check}"


CLASSES = (MANNERISM_OT_check_rig,)
