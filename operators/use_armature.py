"""Operator that goes from a skinned mesh to its armature."""

from typing import Any

from ..bridge import carrier, operator_ids
from ..bridge.translations import filled
from .reported import ReportedOperator


class MANNERISM_OT_use_armature(ReportedOperator):
    """Make the armature active that carries this mesh, with the style and speech that were chosen here"""

    bl_idname = operator_ids.USE_ARMATURE
    bl_label = "Use the Armature"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        obj = context.object
        return "" if obj and carrier.carrier_of(obj) else "Select a mesh that an armature moves"

    def act(self, context: Any) -> str:
        """Change the active object."""
        return filled("“{}” is active", carrier.use_carrier(context.object, context).name)


CLASSES = (MANNERISM_OT_use_armature,)
