"""Operators for shape keys that are named by hand: fill, add and remove rows, save and load a preset."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper, ImportHelper

from ..bridge import face_names, operator_ids, shape_key_blocks
from ..bridge.translations import filled
from ..core.errors import SettingsError
from ..core.face.name_file import SUFFIX, load_names, rows_of, save_names
from .reasons import no_character
from .reported import ReportedOperator


class EditNames(ReportedOperator):
    """Base of an operator that works on the list of the active object."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)


class NamedKeys(EditNames):
    """Base of an operator that needs rows."""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        reason = no_character(context)
        return reason or ("" if context.object.mannerism.face.names else "Add names to the list first")


class MANNERISM_OT_fill_face_names(EditNames):
    """List the shape keys of the set that fits this character, to change them by hand"""

    bl_idname = operator_ids.FILL_FACE_NAMES
    bl_label = "Fill with What Is Found"

    def act(self, context: Any) -> str:
        """Replace the list."""
        from ..core.face.key_search import find_keys
        from ..core.face.shape_keys import SETS

        best = face_names.fitting_set(context.object)
        if best is None:
            raise SettingsError("No set of names fits this character", "Add its shape keys one by one")
        found = {
            key: moved
            for names in shape_key_blocks.key_names(context.object)
            for key, moved in find_keys(names, SETS[best]).items()
        }
        face_names.set_named_keys(context.object, rows_of(found))
        return filled("Listed {} shape keys by the names of {}", len(found), SETS[best].label)


class MANNERISM_OT_add_face_name(EditNames):
    """Add a row for one shape key"""

    bl_idname = operator_ids.ADD_FACE_NAME
    bl_label = "Add Name"

    key: bpy.props.StringProperty(name="Shape Key")  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Append a row."""
        face = context.object.mannerism.face
        face.names.add().key = self.key
        face.name_index = len(face.names) - 1
        return ""


class MANNERISM_OT_remove_face_name(NamedKeys):
    """Remove the active row"""

    bl_idname = operator_ids.REMOVE_FACE_NAME
    bl_label = "Remove Name"

    def act(self, context: Any) -> str:
        """Remove it."""
        face = context.object.mannerism.face
        face.names.remove(min(face.name_index, len(face.names) - 1))
        face.name_index = max(face.name_index - 1, 0)
        return ""


class MANNERISM_OT_save_face_names(ExportHelper, NamedKeys):  # type: ignore[misc]
    """Save the list as a preset file, for other characters with the same names"""

    bl_idname = operator_ids.SAVE_FACE_NAMES
    bl_label = "Save Face Names"
    bl_options = {"REGISTER"}
    filename_ext = SUFFIX
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Write the file."""
        path, named = Path(bpy.path.abspath(self.filepath)), face_names.named_keys(context.object)  # type: ignore[attr-defined]
        save_names(path, named)
        return filled("Saved {} names to {}", len(named), path)


class MANNERISM_OT_load_face_names(ImportHelper, EditNames):  # type: ignore[misc]
    """Take the list from a preset file"""

    bl_idname = operator_ids.LOAD_FACE_NAMES
    bl_label = "Load Face Names"
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Read the file; names that the character lacks are reported."""
        obj = context.object
        named = load_names(Path(bpy.path.abspath(self.filepath)))  # type: ignore[attr-defined]
        face_names.set_named_keys(obj, named)
        present = {name for names in shape_key_blocks.key_names(obj) for name in names}
        lacking = sorted({each.key for each in named} - present)
        more = filled("; {} has no shape key “{}”", obj.name, lacking[0]) if lacking else ""
        more += filled(" and {} more of them", len(lacking) - 1) if lacking[1:] else ""
        self.level = "WARNING" if lacking else "INFO"
        return filled("Listed {} names{}", len(named), more)


CLASSES = (
    MANNERISM_OT_fill_face_names,
    MANNERISM_OT_add_face_name,
    MANNERISM_OT_remove_face_name,
    MANNERISM_OT_save_face_names,
    MANNERISM_OT_load_face_names,
)
