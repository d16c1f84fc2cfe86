"""Operator that bakes the shown layers into an action."""

from math import degrees, radians
from typing import Any

import bpy

from ..bridge import bake, operator_ids
from ..bridge.bake_error import DEGREES, MILLIMETRES
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from .reasons import no_layer
from .reported import ReportedOperator


class MANNERISM_OT_bake(ReportedOperator):
    """Put what moves head and neck into a new action with few keys: your animation, the shown takes, constraints"""

    bl_idname = operator_ids.BAKE
    bl_label = "Bake to Action"
    bl_options = {"REGISTER", "UNDO"}

    angle: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Angle",
        description="By how much the head may turn otherwise between the keys",
        default=radians(DEGREES),
        min=0.0,
        soft_max=radians(2.0),
        precision=3,
        subtype="ANGLE",
    )
    millimetres: bpy.props.FloatProperty(  # type: ignore[valid-type]
        name="Millimetres",
        description="By how much the head may be displaced between the keys",
        default=MILLIMETRES,
        min=0.0,
        soft_max=10.0,
    )
    remove: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Remove Layers", description="Remove the shown layers afterwards; otherwise they are muted"
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def invoke(self, context: Any, _event: Any) -> Any:
        """Ask for the errors first."""
        if bpy.app.background:
            return self.execute(context)
        return context.window_manager.invoke_props_dialog(self)

    def act(self, context: Any) -> str:
        """Bake."""
        baked = bake.bake(
            context.object, degrees=degrees(self.angle), millimetres=self.millimetres, remove=self.remove
        )
        first, last = baked.frames
        said = filled(
            "Baked frames {} to {} into “{}” with {} keys, within {:.2f}° and {:.2f} mm",
            first,
            last,
            baked.name,
            baked.keys,
            baked.degrees,
            baked.millimetres,
        )
        return shown_list([said, *baked.notes])


CLASSES = (MANNERISM_OT_bake,)
