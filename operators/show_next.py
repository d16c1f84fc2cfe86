"""Operator that shows the next of several takes, to compare them by one key."""

from typing import Any

from ..bridge import influence, operator_ids
from ..bridge.translations import filled
from .reasons import no_layer
from .reported import ReportedOperator


class MANNERISM_OT_show_next(ReportedOperator):
    """Show the next take on this stretch, and hide the others; of the starred ones where two or more are starred"""

    bl_idname = operator_ids.SHOW_NEXT
    bl_label = "Show Next Take"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def act(self, context: Any) -> str:
        """Show it."""
        return filled("Shown: {}", influence.show_next(context.object).removeprefix("Mannerism: "))


CLASSES = (MANNERISM_OT_show_next,)
