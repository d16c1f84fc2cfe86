"""Operators that export a character for an engine: one for each preset."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper

from ..bridge import character_file
from ..bridge.character_file import CHARACTERS
from ..bridge.messages import shown_list
from ..bridge.operator_ids import character_export_id
from ..bridge.translations import filled
from .reasons import no_character
from .reported import ReportedOperator


class CharacterExportOperator(ExportHelper, ReportedOperator):  # type: ignore[misc]
    """Base of an operator that writes the active object, its meshes and what the viewport shows of them."""

    bl_options = {"REGISTER"}
    filename_ext = ""
    preset = ""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)

    def act(self, context: Any) -> str:
        """Write the file: the frames of the scene, or of its preview."""
        path = Path(bpy.path.abspath(self.filepath))  # type: ignore[attr-defined]
        scene = context.scene
        ends = scene.frame_start, scene.frame_end
        first, last = (
            (scene.frame_preview_start, scene.frame_preview_end) if scene.use_preview_range else ends
        )
        only_deform = self.deform_only  # type: ignore[attr-defined]
        notes = character_file.export_character(
            context.object, path, self.preset, first=first, last=last, deform_only=only_deform
        )
        said = filled("Wrote “{}”, frames {} to {}, to {}", context.object.name, first, last, path)
        return shown_list([said, *notes])


def _operator(preset: str) -> type[CharacterExportOperator]:
    """The operator of a preset; Blender reads class attributes, and shows the docstring as tooltip."""
    chosen = CHARACTERS[preset]
    members = {
        "__doc__": f"Write this character as it moves in the viewport as {chosen.label}: {chosen.description}",
        "__annotations__": {
            "filter_glob": bpy.props.StringProperty(default=f"*{chosen.suffix}", options={"HIDDEN"}),
            "deform_only": bpy.props.BoolProperty(
                name="Only Deform Bones", description="Leave out bones that move no skin, as controls"
            ),
        },
        "bl_idname": character_export_id(preset),
        "bl_label": f"Export Character, {chosen.label}",
        "filename_ext": chosen.suffix,
        "preset": preset,
    }
    return type(f"MANNERISM_OT_export_character_{preset}", (CharacterExportOperator,), members)


CLASSES = tuple(_operator(preset) for preset in CHARACTERS)
