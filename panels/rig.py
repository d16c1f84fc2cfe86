"""Panel of the bones that move, and their shares of the motion."""

from typing import Any

import bpy

from ..bridge import bones, operator_ids
from .main import StepPanel


class MANNERISM_PT_rig(StepPanel):
    """Head and neck, found or picked by hand."""

    bl_label = "Rig"
    bl_parent_id = "MANNERISM_PT_motion"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw what was found, the pickers, the shares, the check, and the preset files."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        obj = context.object
        layout.label(text=bones.description(obj), icon="BONE_DATA")
        if isinstance(obj.data, bpy.types.Armature):
            for name in ("head_bone", "neck_bone", "upper_neck_bone"):
                layout.prop_search(obj.mannerism, name, obj.data, "bones")
            layout.prop(obj.mannerism, "neck_share")
        layout.prop(obj.mannerism, "translation")
        if isinstance(obj.data, bpy.types.Armature):
            row = layout.row(align=True)
            row.operator(operator_ids.CHECK_RIG, icon="CHECKMARK")
            row.operator(operator_ids.LOAD_RIG_MAP, text="", icon="IMPORT")
            row.operator(operator_ids.SAVE_RIG_MAP, text="", icon="EXPORT")


CLASSES = (MANNERISM_PT_rig,)
