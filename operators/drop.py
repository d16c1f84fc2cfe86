"""What happens to files that are dropped on the 3D viewport; where a file has several uses, Blender asks which."""

from pathlib import Path
from typing import Any, NamedTuple

import bpy

from ..bridge import operator_ids, paths
from ..bridge.paths import FIELDS
from ..bridge.translations import filled
from ..core.errors import SettingsError
from .lines import SUFFIXES
from .reasons import no_character
from .reported import ReportedOperator


class Use(NamedTuple):
    """One use of a dropped file: it becomes the value of a field of the active character.

    field : of the character's settings
    label : in the menu that Blender shows where a file has several uses
    """

    field: str
    label: str
    summary: str


USES = (
    Use("audio", "Use as Speech", "Make the file the speech that the active character moves to"),
    Use("reference", "Use as Reference", "Make the file the reference of the active character's style"),
    Use("style", "Use as Style", "Give the active character this style"),
)
OTHERS = {
    operator_ids.ADD_LINES: ("Add to Batch", SUFFIXES),
    operator_ids.IMPORT_MOTION: ("Add as Layer", (".csv",)),
}
"""Operators that open a file by themselves, with their label and the suffixes that they take."""


class _Drop(ReportedOperator):
    """Base of the operator of one use."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}
    use: Use
    filepath: bpy.props.StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE", "HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)

    def act(self, context: Any) -> str:
        """Put the path into the field."""
        path, field = Path(bpy.path.abspath(self.filepath)), self.use.field
        if not path.is_file() or path.suffix.lower() not in FIELDS[field]:
            raise SettingsError(f"“{path.name}” is none of {', '.join(FIELDS[field])}", "Drop such a file")
        character = context.object.mannerism
        setattr(character, field, paths.stored_path(str(path)))
        if field == "audio":
            character.source = "FILE"
        label = character.bl_rna.properties[field].name
        return filled("{} of {}: {}", label, context.object.name, path.name)


def _operator(use: Use) -> type[_Drop]:
    members = {
        "__doc__": use.summary,
        "__annotations__": dict(_Drop.__annotations__),
        "bl_idname": operator_ids.drop_id(use.field),
        "bl_label": use.label,
        "use": use,
    }
    return type(f"MANNERISM_OT_drop_{use.field}", (_Drop,), members)


class _Handler(bpy.types.FileHandler):
    """Base of a handler: in the 3D viewport, with a character that can take it."""

    @classmethod
    def poll_drop(cls, context: Any) -> bool:
        """Whether a file may be dropped here."""
        area = getattr(context, "area", None)
        return area is not None and area.type == "VIEW_3D" and not no_character(context)


def _handler(operator: str, label: str, suffixes: tuple[str, ...]) -> type[_Handler]:
    name = operator.rpartition(".")[2]
    members = {
        "bl_idname": f"MANNERISM_FH_{name}",
        "bl_label": label,
        "bl_import_operator": operator,
        "bl_file_extensions": ";".join(suffixes),
    }
    return type(f"MANNERISM_FH_{name}", (_Handler,), members)


CLASSES = (
    *[_operator(use) for use in USES],
    *[_handler(operator_ids.drop_id(use.field), use.label, FIELDS[use.field]) for use in USES],
    *[_handler(operator, label, suffixes) for operator, (label, suffixes) in OTHERS.items()],
)
