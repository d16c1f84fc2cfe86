"""Operators that add and remove lines of the batch."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ImportHelper

from ..bridge import operator_ids
from ..bridge.lines import MANIFEST, add_lines
from ..core.batch.manifest import SOUNDS
from ..core.errors import MannerismError
from .reasons import PollWithReason, busy


class EditLines(PollWithReason):
    """Base of an operator that changes the list."""

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """See `PollWithReason`."""
        return busy()


class ExistingLines(EditLines):
    """Base of an operator that needs lines."""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return busy() if context.scene.mannerism.lines else "Add speech files first"


class MANNERISM_OT_add_lines(ImportHelper, EditLines):  # type: ignore[misc]
    """Add speech files, all of a folder, or the lines of a manifest"""

    bl_idname = operator_ids.ADD_LINES
    bl_label = "Add Lines"
    bl_options = {"REGISTER", "UNDO"}

    files: bpy.props.CollectionProperty(  # type: ignore[valid-type]
        type=bpy.types.OperatorFileListElement, options={"HIDDEN", "SKIP_SAVE"}
    )
    directory: bpy.props.StringProperty(  # type: ignore[valid-type]
        subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"}
    )
    filter_glob: bpy.props.StringProperty(  # type: ignore[valid-type]
        default=";".join(f"*{suffix}" for suffix in (*SOUNDS, ".mp4", ".mov", MANIFEST)), options={"HIDDEN"}
    )

    def execute(self, context: Any) -> set[str]:
        """Append the lines; a folder in which nothing is chosen stands for all of its sounds."""
        folder = Path(bpy.path.abspath(self.directory))
        chosen = [folder / file.name for file in self.files if file.name]
        if not chosen:
            chosen = [Path(bpy.path.abspath(self.filepath)) if self.filepath else folder]  # type: ignore[attr-defined]
        try:
            count = add_lines(context.scene.mannerism, chosen)
        except MannerismError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Added {count} lines")
        return {"FINISHED"}


class MANNERISM_OT_remove_line(ExistingLines):
    """Take the active line off the list; what was made of it stays"""

    bl_idname = operator_ids.REMOVE_LINE
    bl_label = "Remove Line"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        """Remove the line, and select its neighbour."""
        batch = context.scene.mannerism
        batch.lines.remove(batch.line_index)
        batch.line_index = max(min(batch.line_index, len(batch.lines) - 1), 0)
        return {"FINISHED"}


class MANNERISM_OT_clear_lines(ExistingLines):
    """Take all lines off the list; what was made of them stays"""

    bl_idname = operator_ids.CLEAR_LINES
    bl_label = "Clear"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        """Remove all lines."""
        context.scene.mannerism.lines.clear()
        context.scene.mannerism.line_index = 0
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_add_lines, MANNERISM_OT_remove_line, MANNERISM_OT_clear_lines)
