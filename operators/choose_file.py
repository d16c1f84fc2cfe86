"""Operator that chooses a file for a field, in a window that lists the files which fit."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ImportHelper

from ..bridge import operator_ids, paths, translations
from ..bridge.paths import FIELDS
from ..core.errors import SettingsError
from .reasons import no_character
from .reported import ReportedOperator


class MANNERISM_OT_choose_file(ImportHelper, ReportedOperator):  # type: ignore[misc]
    """Choose a file; it is kept relative to the saved file where that is your preference"""

    bl_idname = operator_ids.CHOOSE_FILE
    bl_label = "Choose"
    bl_options = {"REGISTER", "UNDO"}

    field: bpy.props.EnumProperty(  # type: ignore[valid-type]
        name="Field",
        description="What the file is for",
        items=[(name, name.replace("_", " ").title(), "") for name in FIELDS],
        options={"HIDDEN", "SKIP_SAVE"},
    )
    filter_glob: bpy.props.StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]
    filter_folder: bpy.props.BoolProperty(default=True, options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)

    @classmethod
    def description(cls, context: Any, properties: Any) -> str:
        """Where the file that is chosen now lies; the field beside the button shows its name alone."""
        there = getattr(cls._group(context, properties.field), properties.field)
        return translations.tip(cls.__doc__ or "") + (f".\n{bpy.path.abspath(there)}" if there else "")

    def invoke(self, context: Any, event: Any) -> Any:
        """Open the window at the file that is chosen now."""
        self.filter_glob = ";".join(f"*{suffix}" for suffix in FIELDS[self.field])
        there = getattr(self._group(context, self.field), self.field)
        if there and Path(bpy.path.abspath(there)).is_file():
            self.filepath = bpy.path.abspath(there)
        result: Any = ImportHelper.invoke(self, context, event)
        return result

    def act(self, context: Any) -> str:
        """Put the path into the field."""
        path = Path(bpy.path.abspath(self.filepath))
        if not path.is_file():
            raise SettingsError(f"“{path.name}” is no file", f"Choose one of {', '.join(FIELDS[self.field])}")
        setattr(self._group(context, self.field), self.field, paths.stored_path(str(path)))
        return ""

    @staticmethod
    def _group(context: Any, field: str) -> Any:
        character = context.object.mannerism
        return character if hasattr(character, field) else character.portrait


CLASSES = (MANNERISM_OT_choose_file,)
