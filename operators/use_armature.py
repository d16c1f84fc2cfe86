"""Operator that goes from a skinned mesh to its armature."""

from typing import Any

from ..bridge import operator_ids
from ..bridge.carrier import carrier_of, use_carrier
from ..core.errors import RigError
from .reasons import PollWithReason


class MANNERISM_OT_use_armature(PollWithReason):
    """Make the armature active that carries this mesh, with the style and speech that were chosen here"""

    bl_idname = operator_ids.USE_ARMATURE
    bl_label = "Use the Armature"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        obj = context.object
        return "" if obj and carrier_of(obj) else "Select a mesh that an armature moves"

    def execute(self, context: Any) -> set[str]:
        """Change the active object."""
        try:
            armature = use_carrier(context.object, context)
        except RigError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"“{armature.name}” is active")
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_use_armature,)
