"""Operators on the file of a character's style: import, export, rename and delete."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper

from ..bridge import file_moves, operator_ids, paths, style_files
from ..bridge.style_files import SUFFIX
from ..bridge.translations import filled
from ..core.errors import OutputError
from .open_or_drop import OpenOrDrop
from .reasons import no_character, no_style
from .reported import ReportedOperator

DELETED = "deleted styles"
"""Folder for deleted style files, beside them."""


def no_own_style(context: Any) -> str:
    """The reason when the character's style is not a file of one's own."""
    reason = no_style(context)
    return reason or ("" if _own(context) else "This style is built in: export it, or choose one of your own")


def _own(context: Any) -> Path | None:
    """The file of the character's style, None where that is built in or missing."""
    path = Path(paths.normal_path(context.object.mannerism.style))
    return path if path.is_file() else None


def _users(path: Path) -> list[Any]:
    """The characters with this style."""
    objects: Any = bpy.data.objects
    return [
        obj
        for obj in objects
        if obj.is_editable and paths.normal_path(obj.mannerism.style) == paths.normal_path(str(path))
    ]


class MANNERISM_OT_import_style(OpenOrDrop, ReportedOperator):  # type: ignore[misc]
    """Copy a style file into the style folder, and give it to the active character"""

    bl_idname = operator_ids.IMPORT_STYLE
    bl_label = "Import Style"
    bl_options = {"REGISTER", "UNDO"}
    filename_ext = SUFFIX
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)

    def act(self, context: Any) -> str:
        """See `ReportedOperator`. A file that is no style is refused."""
        import shutil

        from ..core.files import replacing
        from ..core.style.schema import read_style  # registering reads no style room

        source = Path(bpy.path.abspath(self.filepath))
        read_style(source)
        path = source
        if source.parent.resolve() != style_files.style_folder().resolve():
            path = style_files.unused(
                style_files.style_folder(), source.name.removesuffix(SUFFIX).removesuffix(".json"), SUFFIX
            )
            with replacing(path) as temporary:
                shutil.copyfile(source, temporary)
        context.object.mannerism.style = paths.stored_path(str(path))
        return filled("The style of {} is {}", context.object.name, path.name.removesuffix(SUFFIX))


class MANNERISM_OT_export_style(ExportHelper, ReportedOperator):  # type: ignore[misc]
    """Save a copy of the active character's style, for another project or another person"""

    bl_idname = operator_ids.EXPORT_STYLE
    bl_label = "Export Style"
    bl_options = {"REGISTER"}
    filename_ext = SUFFIX
    check_extension = None
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_style(context)

    def invoke(self, context: Any, event: Any) -> Any:
        """Propose the style's own name."""
        self.filepath = f"{Path(context.object.mannerism.style).name.removesuffix(SUFFIX)}{SUFFIX}"
        return ExportHelper.invoke(self, context, event)

    def act(self, context: Any) -> str:
        """See `ReportedOperator`."""
        import shutil

        from ..core.files import replacing

        path = Path(bpy.path.abspath(self.filepath))
        path = path.with_name(path.name.removesuffix(SUFFIX).removesuffix(".json") + SUFFIX)
        source = style_files.style_file(context.object.mannerism.style)
        if path.exists() and path.samefile(source):
            raise OutputError(f"“{path.name}” is the style itself", "Choose another name or folder")
        with replacing(path) as temporary:
            shutil.copyfile(source, temporary)
        return filled("The style is saved as {}", path)


class MANNERISM_OT_rename_style(ReportedOperator):
    """Rename the file of the active character's style; all characters of this file keep it"""

    bl_idname = operator_ids.RENAME_STYLE
    bl_label = "Rename Style"
    bl_options = {"REGISTER", "UNDO"}
    name: bpy.props.StringProperty(name="Name", options={"SKIP_SAVE"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_own_style(context)

    def invoke(self, context: Any, _event: Any) -> Any:
        """Ask for the name."""
        self.name = Path(context.object.mannerism.style).name.removesuffix(SUFFIX)
        return context.window_manager.invoke_props_dialog(self)

    def act(self, context: Any) -> str:
        """See `ReportedOperator`. A file that has the name is never replaced."""
        path = _own(context)
        assert path is not None
        name = self.name.strip()
        if not name or name.startswith(".") or any(letter in name for letter in '/\\:*?"<>|'):
            raise OutputError(f"“{name}” is no name for a file", 'Leave out / \\ : * ? " < > |')
        target = path.with_name(name + SUFFIX)
        users = _users(path)
        file_moves.move(path, target, context.scene)
        for obj in users:
            obj.mannerism.style = paths.stored_path(str(target))
            if paths.normal_path(obj.mannerism.encoded_style) == str(path):
                obj.mannerism.encoded_style = paths.stored_path(str(target))
        return filled("“{}” is now “{}”", path.name.removesuffix(SUFFIX), name)


class MANNERISM_OT_delete_style(ReportedOperator):
    """Put the file of the active character's style into the folder “deleted styles”; undo brings it back"""

    bl_idname = operator_ids.DELETE_STYLE
    bl_label = "Delete Style"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_own_style(context)

    def invoke(self, context: Any, event: Any) -> Any:
        """Ask first."""
        return context.window_manager.invoke_confirm(self, event)

    def act(self, context: Any) -> str:
        """See `ReportedOperator`. Characters that had it get the style of a new one."""
        path = _own(context)
        assert path is not None
        users = _users(path)
        place = style_files.unused(path.parent / DELETED, path.name.removesuffix(SUFFIX), SUFFIX)
        file_moves.move(path, place, context.scene)
        for obj in users:
            obj.mannerism.property_unset("style")
        names = ", ".join(obj.name for obj in users)
        return filled(
            "“{}” is in “{}”; {} now has {}", path.name, place.parent.name, names, users[0].mannerism.style
        )


CLASSES = (
    MANNERISM_OT_import_style,
    MANNERISM_OT_export_style,
    MANNERISM_OT_rename_style,
    MANNERISM_OT_delete_style,
)
