"""Step 5: the head motion for other programs, here and in the File menu."""

from typing import Any

from ..bridge import operator_ids
from ..bridge.nla import list_layers
from ..bridge.takes import active_layer
from .main import StepPanel

FORMATS = {operator_ids.EXPORT_BVH: "BVH", operator_ids.EXPORT_FBX: "FBX"}


class MANNERISM_PT_export(StepPanel):
    """Export of the active layer."""

    bl_label = "Export"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw one button a format."""
        layout: Any = self.layout
        if not list_layers(context.object):
            layout.label(text="Generate a take first", icon="INFO")
            return
        layout.label(text=active_layer(context.object).name, icon="NLA")
        row = layout.row(align=True)
        for operator, name in FORMATS.items():
            row.operator(operator, text=name)


def draw_file_menu(menu: Any, _context: Any) -> None:
    """Draw the same in File, Export."""
    for operator, name in FORMATS.items():
        menu.layout.operator(operator, text=f"Mannerism Head Motion (.{name.lower()})")


CLASSES = (MANNERISM_PT_export,)
