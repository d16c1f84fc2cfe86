"""Operators that add and remove lines of the batch."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bpy

from ..bridge import lines, operator_ids, paths
from ..bridge.lines import MANIFESTS
from ..bridge.messages import shown_list
from ..bridge.paths import FILMS
from ..bridge.translations import filled
from ..core.errors import AudioError
from ..core.media.suffixes import SOUNDS
from .open_or_drop import OpenOrDrop
from .reasons import busy
from .reported import ReportedOperator

SUFFIXES = (*SOUNDS, *FILMS, *MANIFESTS)


def speech_files(
    folder: Path | None, names: Iterable[str], named: Path | None
) -> tuple[list[Path], list[str]]:
    """What a file window means: files to add, or its folder; and the names of chosen files that are no speech.

    folder : that the window shows
    names : of the files that are marked in it; where none is, Blender gives what stands in its field
    named : that too, as a path; a script gives this one alone
    """
    asked = [folder / name for name in names] if folder else []
    asked = asked or ([named] if named else [])
    if folder is not None and (not asked or (len(asked) == 1 and _is_filled_in(asked[0]))):
        asked = [folder]
    usable = [path for path in asked if path.is_dir() or path.suffix.lower() in SUFFIXES]
    return usable, [path.name for path in asked if path not in usable]


def _is_filled_in(path: Path) -> bool:
    """Whether the field holds a name that nobody chose: of the open file, of a new one, or of the folder."""
    suffix = path.suffix.lower()
    return suffix not in SUFFIXES and (suffix.startswith(".blend") or not path.is_file())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (filled(" and {} more", len(names) - 3) if len(names) > 3 else "")


class EditLines(ReportedOperator):
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


class MANNERISM_OT_add_lines(OpenOrDrop, EditLines):  # type: ignore[misc]
    """Add speech files, all of a folder, or the lines of a manifest"""

    bl_idname = operator_ids.ADD_LINES
    bl_label = "Add to Batch"
    bl_options = {"REGISTER", "UNDO"}

    files: bpy.props.CollectionProperty(  # type: ignore[valid-type]
        type=bpy.types.OperatorFileListElement, options={"HIDDEN", "SKIP_SAVE"}
    )
    directory: bpy.props.StringProperty(  # type: ignore[valid-type]
        subtype="DIR_PATH", options={"HIDDEN", "SKIP_SAVE"}
    )
    filter_glob: bpy.props.StringProperty(  # type: ignore[valid-type]
        default=";".join(f"*{suffix}" for suffix in SUFFIXES), options={"HIDDEN"}
    )
    filter_folder: bpy.props.BoolProperty(default=True, options={"HIDDEN"})  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Append the lines; a folder in which nothing is chosen stands for all of its sounds."""
        named = Path(bpy.path.abspath(self.filepath)) if self.filepath else None  # type: ignore[attr-defined]
        folder = Path(bpy.path.abspath(self.directory)) if self.directory else None
        chosen, others = speech_files(folder, [file.name for file in self.files if file.name], named)
        batch = context.scene.mannerism
        before = len(batch.lines)
        if not chosen:
            raise AudioError(
                f"{_listed(others)} cannot be read as speech", f"Choose {_listed(SUFFIXES)} files"
            )
        count, notes = lines.add_lines(batch, chosen)
        for line in batch.lines[before:]:
            for field in ("audio", "style", "direct"):
                setattr(line, field, paths.stored_path(getattr(line, field)))
        said = filled("Added {} lines", count) + (
            filled("; left out {}, which is no speech", _listed(others)) if others else ""
        )
        self.level = "WARNING" if others or notes else "INFO"
        return shown_list([said, *notes])


class MANNERISM_OT_remove_line(ExistingLines):
    """Take the active line off the list; what was made of it stays"""

    bl_idname = operator_ids.REMOVE_LINE
    bl_label = "Remove Line"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Any) -> str:
        """Remove the line, and select its neighbour."""
        batch = context.scene.mannerism
        batch.lines.remove(batch.line_index)
        batch.line_index = max(min(batch.line_index, len(batch.lines) - 1), 0)
        return ""


class MANNERISM_OT_clear_lines(ExistingLines):
    """Take all lines off the list; what was made of them stays"""

    bl_idname = operator_ids.CLEAR_LINES
    bl_label = "Clear"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Any) -> str:
        """Remove all lines."""
        context.scene.mannerism.lines.clear()
        context.scene.mannerism.line_index = 0
        return ""


CLASSES = (MANNERISM_OT_add_lines, MANNERISM_OT_remove_line, MANNERISM_OT_clear_lines)
