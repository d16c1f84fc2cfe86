"""Base of all panels."""

from typing import Any

import bpy

from ..bridge import operator_ids
from ..bridge.file_names import name_field


class Tab(bpy.types.Panel):
    """Base of a panel in the sidebar's tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Mannerism"


def draw_file(layout: Any, group: Any, field: str) -> None:
    """Draw the name of a field's file, and the button that opens a window with the files that fit."""
    row = layout.row(align=True)
    row.prop(group, name_field(field))
    row.operator(operator_ids.CHOOSE_FILE, text="", icon="FILEBROWSER").field = field
