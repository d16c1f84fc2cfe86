"""Panel of the face: shape keys animated from the speech."""

from typing import Any

from ..bridge import operator_ids
from ..bridge.faces import has_face
from .main import StepPanel


class MANNERISM_PT_face(StepPanel):
    """Face of the character from the speech."""

    bl_label = "Face"
    bl_parent_id = "MANNERISM_PT_motion"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw names, strength, and the buttons to generate and to remove."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        face = context.object.mannerism.face
        layout.prop(face, "keys")
        layout.prop(face, "strength")
        row = layout.row(align=True)
        row.operator(operator_ids.GENERATE_FACE, icon="USER")
        if has_face(context.object):
            row.operator(operator_ids.REMOVE_FACE, text="", icon="X")


CLASSES = (MANNERISM_PT_face,)
