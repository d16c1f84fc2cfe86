"""Operator that imports head motion from CSV as a new layer."""

from pathlib import Path
from typing import Any

import bpy

from ..bridge import operator_ids, sound, takes
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from .open_or_drop import OpenOrDrop
from .reasons import no_mover
from .reported import ReportedOperator


class MANNERISM_OT_import_motion(OpenOrDrop, ReportedOperator):  # type: ignore[misc]
    """Put head motion or a track from a CSV file on this object, as a new layer above all other animation"""

    bl_idname = operator_ids.IMPORT_MOTION
    bl_label = "Import Motion"
    bl_options = {"REGISTER", "UNDO"}
    filename_ext = ".csv"
    filter_glob: bpy.props.StringProperty(default="*.csv", options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_mover(context)

    def act(self, context: Any) -> str:
        """Read the file and add the layer, whose t = 0 lies where a speech would start."""
        from ..core.motion_csv import read_motion

        path, obj = Path(bpy.path.abspath(self.filepath)), context.object
        motion = read_motion(path)
        start = sound.first_frame(obj.mannerism, context.scene)
        layer = takes.add_take(obj, motion, line=path.stem, seed=0, start_frame=start)
        return shown_list([filled("Added “{}” to {}", layer.name, obj.name), *layer.notes])


CLASSES = (MANNERISM_OT_import_motion,)
