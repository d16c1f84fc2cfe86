"""Panel of step 1: the style, and another to blend it with."""

from pathlib import Path
from typing import Any

from ..bridge import operator_ids
from ..bridge.translations import filled
from .main import StepPanel
from .tab import draw_file


class MANNERISM_PT_style(StepPanel):
    """A style from a reference video, from a file, or one that is built in."""

    bl_label = "Style"

    def draw(self, context: Any) -> None:
        """Draw the reference, its button, and the style in use."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        character = context.object.mannerism
        draw_file(layout, character, "reference")
        layout.prop(character, "keep_motion")
        name = Path(character.reference).stem
        layout.operator(
            operator_ids.ENCODE_STYLE, text=filled("Encode Style of {}", name) if name else "Encode Style"
        )
        layout.operator(operator_ids.ENCODE_SCENE, icon="ARMATURE_DATA")
        layout.separator()
        row = layout.row()
        row.template_icon_view(character, "chosen_style", show_labels=True, scale=4.0, scale_popup=5.5)
        column = row.column(align=True)
        column.operator(operator_ids.IMPORT_STYLE, text="", icon="IMPORT")
        column.operator(operator_ids.EXPORT_STYLE, text="", icon="EXPORT")
        column.operator(operator_ids.RENAME_STYLE, text="", icon="GREASEPENCIL")
        column.operator(operator_ids.DELETE_STYLE, text="", icon="TRASH")
        layout.prop(character, "chosen_style", text="Style")


class MANNERISM_PT_blend(StepPanel):
    """A second style, mixed into the character's."""

    bl_label = "Blend"
    bl_parent_id = "MANNERISM_PT_style"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the second style, its share, and the button."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        character = context.object.mannerism
        draw_file(layout, character, "second_style")
        layout.operator_menu_enum(
            operator_ids.CHOOSE_BUILT_IN, "name", text="Built-in"
        ).field = "second_style"
        layout.prop(character, "mix")
        layout.operator(operator_ids.BLEND_STYLES)


CLASSES = (MANNERISM_PT_style, MANNERISM_PT_blend)
