"""Panel of step 3: generating a take."""

from typing import Any

from ..bridge import operator_ids, settings
from ..bridge.translations import filled
from .main import StepPanel
from .motion_presets import MANNERISM_PT_motion_presets


class MANNERISM_PT_motion(StepPanel):
    """Head motion as a new layer."""

    bl_label = "Motion"

    def draw_header_preset(self, _context: Any) -> None:
        """Draw the button of the presets."""
        MANNERISM_PT_motion_presets.draw_panel_header(self.layout)

    def draw(self, context: Any) -> None:
        """Draw engine, seed, strengths, and the two buttons for a take."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        character = context.object.mannerism
        layout.prop(character, "engine")
        layout.prop(character, "seed")
        for name, has_effect in settings.sliders(context.object):
            row = layout.row()
            row.enabled = has_effect
            row.prop(character, name)
        column = layout.column(align=True)
        column.scale_y = 1.3
        column.operator(
            operator_ids.GENERATE, text=filled("Generate for {}", context.object.name), icon="PLAY"
        )
        following = column.operator(
            operator_ids.GENERATE, text=filled("Next Take, #{}", character.seed + 1), icon="FILE_REFRESH"
        )
        following.next_take = True


CLASSES = (MANNERISM_PT_motion,)
