"""Operator that fits layers again to what they belong to."""

from typing import Any

from ..bridge import follow, layer_watch, nla, operator_ids
from .reasons import no_layer
from .reported import ReportedOperator


class MANNERISM_OT_follow(ReportedOperator):
    """Move the takes of this character to their sounds, and fit them to your animation as it is now"""

    bl_idname = operator_ids.FOLLOW
    bl_label = "Follow Changes"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def act(self, context: Any) -> str:
        """Have all layers follow that are stale."""
        obj = context.object
        done: list[str] = []
        for layer in nla.list_layers(obj):
            if follow.why_stale(obj, layer.name, context):
                done += follow.follow(obj, layer.name, context)
        layer_watch.look_again(obj)
        return "; ".join(done) or "All layers fit"


CLASSES = (MANNERISM_OT_follow,)
