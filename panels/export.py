"""Panel of step 5: export for other programs, here and in the File menu."""

from typing import Any

from ..bridge import character_file, export, nla, takes
from ..bridge.operator_ids import character_export_id, export_id
from ..bridge.translations import filled
from .main import StepPanel


class MANNERISM_PT_export(StepPanel):
    """The active layer as a file."""

    bl_label = "Export"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """One button a format."""
        layout: Any = self.layout
        column = layout.column(align=True)
        for preset, chosen in character_file.CHARACTERS.items():
            column.operator(character_export_id(preset), text=filled("Character, {}", chosen.label))
        layout.separator()
        if not nla.has_layers(context.object):
            layout.label(text="Generate a take first", icon="INFO")
            return
        layout.label(text=takes.active_layer(context.object).name, icon="NLA")
        grid = layout.grid_flow(columns=3, align=True)
        for suffix, format_ in export.EXPORTS.items():
            grid.operator(export_id(suffix), text=format_.label)


def draw_file_menu(menu: Any, _context: Any) -> None:
    """The same in File, Export."""
    for suffix in export.EXPORTS:
        menu.layout.operator(export_id(suffix), text=filled("Mannerism Head Motion ({})", suffix))
    for preset, chosen in character_file.CHARACTERS.items():
        menu.layout.operator(
            character_export_id(preset), text=filled("Mannerism Character ({})", chosen.label)
        )


CLASSES = (MANNERISM_PT_export,)
