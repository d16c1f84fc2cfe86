"""Presets in the header of the Motion panel."""

import bpy
from bl_ui.utils import PresetPanel

from ..bridge import operator_ids
from ..bridge.presets import MOTION_FOLDER


class MANNERISM_PT_motion_presets(PresetPanel, bpy.types.Panel):  # type: ignore[misc]
    """Engine, strengths and shares that were kept."""

    bl_label = "Motion Presets"
    preset_subdir = MOTION_FOLDER
    preset_operator = "script.execute_preset"
    preset_add_operator = operator_ids.ADD_MOTION_PRESET


CLASSES = (MANNERISM_PT_motion_presets,)
