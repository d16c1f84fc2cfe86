"""Operator that draws a take into an image."""

from pathlib import Path
from typing import Any

import bpy

from ..bridge import operator_ids, rig, take_picture, takes
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from ..core.errors import OutputError
from .reasons import no_layer
from .reported import ReportedOperator


class MANNERISM_OT_draw_take(ReportedOperator):
    """Draw pitch, yaw and roll of the active take over its sound, with the ranges of the style and the pins, into an image"""

    bl_idname = operator_ids.DRAW_TAKE
    bl_label = "Draw Take"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)

    def act(self, context: Any) -> str:
        """Draw, and show the image where an Image Editor is free for it."""
        from tempfile import TemporaryDirectory

        manager = context.window_manager
        manager.progress_begin(0, 1)
        try:
            obj = rig.editable(context.object)
            layer = takes.active_layer(obj)
            with TemporaryDirectory() as folder:
                image, notes = take_picture.picture_of(
                    obj, layer, Path(folder), context, lambda share, _what: manager.progress_update(share)
                )
        except OSError as error:
            raise OutputError(
                f"There is no room for temporary files ({error.strerror})", "Free some space"
            ) from error
        finally:
            manager.progress_end()
        return shown_list([filled("Drew “{}”", layer.name), take_picture.show(image, context), *notes])


CLASSES: tuple[type[bpy.types.Operator], ...] = (MANNERISM_OT_draw_take,)
