"""Base of operators that open a file: one chosen in the file window, or dropped on the 3D viewport."""

from typing import Any

import bpy
from bpy_extras.io_utils import ImportHelper


class OpenOrDrop(ImportHelper):  # type: ignore[misc]
    """As Blender's own, and what was dropped is opened at once."""

    filepath: bpy.props.StringProperty(  # type: ignore[valid-type]
        name="File Path",
        description="The file to open",
        subtype="FILE_PATH",
        options={"SKIP_SAVE", "HIDDEN"},  # a path that is remembered would pass for a dropped one
    )

    def invoke(self, context: Any, event: Any) -> Any:
        """Open what was dropped, else the file window."""
        dropped = self.filepath or getattr(self, "files", ())
        if dropped:
            return self.execute(context)  # type: ignore[attr-defined]
        return ImportHelper.invoke(self, context, event)
