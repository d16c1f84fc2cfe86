"""Operators that export the head motion of the active layer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper

from ..bridge import operator_ids
from ..bridge.fbx import export_fbx
from ..bridge.takes import active_layer, stored_motion
from ..bridge.timing import frame_rate
from ..core.errors import MannerismError
from ..core.export import write_bvh
from ..core.motion import HeadMotion
from ..core.timing import FrameRate
from .reasons import PollWithReason, no_layer


class ExportOperator(ExportHelper, PollWithReason):  # type: ignore[misc]
    """Base of an operator that writes the active layer's motion at the scene's frame rate."""

    write: Callable[[Path, HeadMotion, FrameRate], None]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def execute(self, context: Any) -> set[str]:
        """Write the file."""
        path = Path(bpy.path.abspath(self.filepath))  # type: ignore[attr-defined]
        try:
            layer = active_layer(context.object)
            type(self).write(path, stored_motion(layer), frame_rate(context.scene))
        except MannerismError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Wrote “{layer.name}” to {path}")
        return {"FINISHED"}


class MANNERISM_OT_export_bvh(ExportOperator):
    """Write the head motion of the active layer as BVH"""

    bl_idname = operator_ids.EXPORT_BVH
    bl_label = "Export BVH"
    bl_options = {"REGISTER"}
    filename_ext = ".bvh"
    filter_glob: bpy.props.StringProperty(default="*.bvh", options={"HIDDEN"})  # type: ignore[valid-type]
    write = staticmethod(write_bvh)


class MANNERISM_OT_export_fbx(ExportOperator):
    """Write the head motion of the active layer as FBX, on a skeleton of root, neck and head"""

    bl_idname = operator_ids.EXPORT_FBX
    bl_label = "Export FBX"
    bl_options = {"REGISTER"}
    filename_ext = ".fbx"
    filter_glob: bpy.props.StringProperty(default="*.fbx", options={"HIDDEN"})  # type: ignore[valid-type]
    write = staticmethod(export_fbx)


CLASSES = (MANNERISM_OT_export_bvh, MANNERISM_OT_export_fbx)
