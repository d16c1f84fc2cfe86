"""Panel of step 4: what the take must do."""

from typing import Any

import bpy

from ..bridge import direct_shown, operator_ids
from ..bridge.translations import filled
from .main import StepPanel


class MANNERISM_UL_pins(bpy.types.UIList):
    """The pins of the active take's line."""

    def draw_item(
        self,
        context: Any,
        layout: bpy.types.UILayout,
        _data: Any,
        item: Any,
        _icon: int,
        _active_data: Any,
        _active_property: str,
    ) -> None:
        """Draw frame and angles."""
        line = direct_shown.line_on_show(context.object, context.scene)
        where = filled("Frame {:g}", line.frame(item)) if line else f"{direct_shown.time_of(item):.2f} s"
        layout.label(text=where)
        layout.label(text=f"{round(item.pitch)}° {round(item.yaw)}° {round(item.roll)}°")

    def filter_items(self, context: Any, data: Any, _property: str) -> tuple[list[int], list[int]]:
        """Hide the pins of other lines; in order of time."""
        line = direct_shown.line_on_show(context.object, context.scene)
        flags = [self.bitflag_filter_item if not line or item.line == line.name else 0 for item in data.pins]
        times = [direct_shown.time_of(item) for item in data.pins]
        ranks = {at: rank for rank, at in enumerate(sorted(range(len(times)), key=times.__getitem__))}
        return flags, [ranks[at] for at in range(len(times))]


class MANNERISM_PT_direct(StepPanel):
    """Pins, parts and edited keys of the active take."""

    bl_label = "Direct"

    def draw(self, context: Any) -> None:
        """Draw the pins, the buttons, and what becomes of edited keys."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        obj = context.object
        direct = obj.mannerism.direct
        layout.operator(operator_ids.PIN_POSE, icon="PINNED")
        layout.template_list("MANNERISM_UL_pins", "", direct, "pins", direct, "pin_index", rows=2)
        row = layout.row(align=True)
        row.operator(operator_ids.MOVE_PIN, text="Move Here", icon="TRIA_DOWN_BAR")
        row.operator(operator_ids.GO_TO_PIN, text="Go to", icon="FORWARD")
        row.operator(operator_ids.DELETE_PIN, text="", icon="TRASH")
        layout.operator(operator_ids.ONLY_THIS_PART, icon="PREVIEW_RANGE")
        layout.prop(direct, "edits")
        layout.label(text=direct_shown.edited_frames(obj), icon="KEYFRAME")


CLASSES = (MANNERISM_UL_pins, MANNERISM_PT_direct)
