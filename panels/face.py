"""Panels of the face: shape keys animated from the speech, and their names by hand."""

from typing import Any

import bpy

from ..bridge import face_settings, faces, gaze_point, operator_ids
from .main import StepPanel


class MANNERISM_UL_face_names(bpy.types.UIList):
    """Shape keys named by hand, and what moves each."""

    def draw_item(
        self,
        _context: Any,
        layout: Any,
        _data: Any,
        item: Any,
        _icon: Any,
        _active_data: Any,
        _active_property: Any,
        _index: Any = 0,
    ) -> None:
        """Draw key, channel and strength."""
        row = layout.row(align=True)
        row.prop(item, "key", text="")
        row.prop(item, "channel", text="")
        row.prop(item, "strength", text="")


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
        if face.keys == face_settings.BY_HAND:
            _draw_names(layout, face)
        layout.prop(face, "strength")
        for name in face_settings.ExpressionProperties.__annotations__:
            layout.prop(face, name)
        row = layout.row(align=True)
        row.operator(operator_ids.GENERATE_FACE, icon="USER")
        if faces.has_face(context.object):
            row.operator(operator_ids.REMOVE_FACE, text="", icon="X")


class MANNERISM_PT_eyes(StepPanel):
    """Eyes of the face, and the gaze point."""

    bl_label = "Eyes"
    bl_parent_id = "MANNERISM_PT_face"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the doses, and the gaze point of eyes that are bones."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        face = context.object.mannerism.face
        for name in face_settings.DoseProperties.__annotations__:
            layout.prop(face, name)
        layout.prop(face, "look_at")
        row = layout.row(align=True)
        there = gaze_point.gaze_on_show(context.object)
        row.operator(operator_ids.ADD_GAZE, text="Update Gaze" if there else "Add Gaze", icon="HIDE_OFF")
        if there:
            row.operator(operator_ids.REMOVE_GAZE, text="", icon="X")


def _draw_names(layout: Any, face: Any) -> None:
    row = layout.row()
    row.template_list("MANNERISM_UL_face_names", "", face, "names", face, "name_index", rows=4)
    column = row.column(align=True)
    column.operator(operator_ids.ADD_FACE_NAME, text="", icon="ADD")
    column.operator(operator_ids.REMOVE_FACE_NAME, text="", icon="REMOVE")
    column.operator(operator_ids.FILL_FACE_NAMES, text="", icon="VIEWZOOM")
    column.operator(operator_ids.LOAD_FACE_NAMES, text="", icon="FILE_FOLDER")
    column.operator(operator_ids.SAVE_FACE_NAMES, text="", icon="FILE_TICK")


CLASSES = (MANNERISM_UL_face_names, MANNERISM_PT_face, MANNERISM_PT_eyes)
