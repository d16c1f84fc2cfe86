"""Operators that export the head motion of the active layer: one for each format of the registry."""

from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper

from ..bridge import export, input_files, layer_motion, takes, timing
from ..bridge.export import EXPORTS
from ..bridge.operator_ids import export_id
from ..bridge.translations import filled
from ..core.export import DEFAULT_PRESET, PRESETS, Form
from .reasons import no_layer
from .reported import ReportedOperator


class ExportOperator(ExportHelper, ReportedOperator):  # type: ignore[misc]
    """Base of an operator that writes the active layer's motion, as it is now or was generated, at the scene's frame rate."""

    bl_options = {"REGISTER"}
    filename_ext = ""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def act(self, context: Any) -> str:
        """Write the file."""
        path = Path(bpy.path.abspath(self.filepath))  # type: ignore[attr-defined]
        input_files.refuse_input_file(path)
        layer = takes.active_layer(context.object)
        if self.as_generated:  # type: ignore[attr-defined]
            motion = takes.stored_motion(layer)
        else:
            motion = layer_motion.layer_motion(context.object, layer.name)
        preset = getattr(self, "preset", DEFAULT_PRESET)
        notes = export.write(self.filename_ext, path, motion, timing.frame_rate(context.scene), Form(preset))
        return " ".join((filled("Wrote “{}” to {}.", layer.name, path), *notes))


def _presets() -> Any:
    return bpy.props.EnumProperty(
        name="For",
        description="Axes, unit and names of joints",
        items=[(name, preset.label, f"As {preset.label} takes it") for name, preset in PRESETS.items()],
    )


def _operator(suffix: str) -> type[ExportOperator]:
    """The operator of a format; Blender reads class attributes, and shows the docstring as tooltip."""
    label, description = EXPORTS[suffix].label, EXPORTS[suffix].description
    members = {
        "__doc__": f"Write the head motion of the active layer as {label}: {description}",
        "__annotations__": {
            "filter_glob": bpy.props.StringProperty(default=f"*{suffix}", options={"HIDDEN"}),
            "as_generated": bpy.props.BoolProperty(
                name="As Generated",
                description="Leave out edited keys, influence and where the strip was moved to",
            ),
            **({"preset": _presets()} if EXPORTS[suffix].presets else {}),
        },
        "bl_idname": export_id(suffix),
        "bl_label": f"Export {label}",
        "filename_ext": suffix,
    }
    return type(f"MANNERISM_OT_export_{suffix.lstrip('.')}", (ExportOperator,), members)


CLASSES = tuple(_operator(suffix) for suffix in EXPORTS)
