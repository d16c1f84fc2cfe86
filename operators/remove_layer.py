"""Operator that removes a layer."""

from typing import Any

from ..bridge import nla, operator_ids, takes
from ..bridge.translations import filled
from .reasons import no_layer
from .reported import ReportedOperator


class MANNERISM_OT_remove_layer(ReportedOperator):
    """Remove the active layer and restore what was below it"""

    bl_idname = operator_ids.REMOVE_LAYER
    bl_label = "Remove Layer"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def act(self, context: Any) -> str:
        """Remove the layer."""
        layer = takes.active_layer(context.object)
        nla.remove_layer(context.object, layer)
        return filled("Removed “{}”", layer.name)


CLASSES = (MANNERISM_OT_remove_layer,)
