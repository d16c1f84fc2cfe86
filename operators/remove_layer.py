"""Operator that removes a layer."""

from typing import Any

from ..bridge import nla, operator_ids
from ..bridge.takes import active_layer
from ..core.errors import RigError
from .reasons import PollWithReason, no_layer


class MANNERISM_OT_remove_layer(PollWithReason):
    """Remove the active layer and restore what was below it"""

    bl_idname = operator_ids.REMOVE_LAYER
    bl_label = "Remove Layer"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def execute(self, context: Any) -> set[str]:
        """Remove the layer."""
        try:
            layer = active_layer(context.object)
            nla.remove_layer(context.object, layer)
        except RigError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Removed “{layer.name}”")
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_remove_layer,)
