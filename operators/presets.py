"""Operators for presets: settings of the motion among Blender's own presets, and the bones of a rig as a file."""

from pathlib import Path
from typing import Any

import bpy
from bl_operators.presets import AddPresetBase
from bpy_extras.io_utils import ExportHelper, ImportHelper

from ..bridge import operator_ids, presets, rig
from ..bridge.presets import MOTION, MOTION_FOLDER
from ..bridge.translations import filled
from ..core.rig.map_file import SUFFIX, load_map, save_map
from .reasons import PollWithReason, no_armature, no_character
from .reported import ReportedOperator


class MANNERISM_OT_add_motion_preset(AddPresetBase, PollWithReason):  # type: ignore[misc]
    """Keep engine, strengths, shares, and the shape of the active take as a preset for others, or remove one"""

    bl_idname = operator_ids.ADD_MOTION_PRESET
    bl_label = "Add Motion Preset"
    preset_menu = "MANNERISM_PT_motion_presets"
    preset_subdir = MOTION_FOLDER
    preset_defines = ("character = bpy.context.object.mannerism",)
    preset_values = tuple(f"character.{name}" for name in MOTION)

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)


class MapOperator(ReportedOperator):
    """Base of an operator on the bones of an armature."""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_armature(context)


class MANNERISM_OT_save_rig_map(ExportHelper, MapOperator):  # type: ignore[misc]
    """Save the bones of head and neck and their shares as a preset file, for other characters on the same skeleton"""

    bl_idname = operator_ids.SAVE_RIG_MAP
    bl_label = "Save Rig Map"
    bl_options = {"REGISTER"}
    filename_ext = SUFFIX
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Write the file."""
        path = Path(bpy.path.abspath(self.filepath))  # type: ignore[attr-defined]
        picked = presets.picked_bones(context.object)
        save_map(path, picked)
        neck = " and ".join(name for name in (picked.neck, picked.upper_neck) if name)
        return filled("Saved head “{}”, neck {}, to {}", picked.head, neck or "as it is found", path)


class MANNERISM_OT_load_rig_map(ImportHelper, MapOperator):  # type: ignore[misc]
    """Take the bones of head and neck and their shares from a preset file"""

    bl_idname = operator_ids.LOAD_RIG_MAP
    bl_label = "Load Rig Map"
    bl_options = {"REGISTER", "UNDO"}
    filter_glob: bpy.props.StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})  # type: ignore[valid-type]

    def act(self, context: Any) -> str:
        """Read the file; one whose bones this rig lacks changes nothing."""
        picked = load_map(Path(bpy.path.abspath(self.filepath)))  # type: ignore[attr-defined]
        presets.pick_bones(rig.editable(context.object), picked)
        return filled("{}: head “{}”. Check Rig shows how it moves", context.object.name, picked.head)


CLASSES: tuple[type[bpy.types.Operator], ...] = (
    MANNERISM_OT_add_motion_preset,
    MANNERISM_OT_save_rig_map,
    MANNERISM_OT_load_rig_map,
)
