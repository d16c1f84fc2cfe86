"""Operators on pins: pin the pose at the playhead, move, delete, go to."""

from collections.abc import Callable
from typing import Any

import bpy

from ..bridge import direct_pins, operator_ids
from ..bridge.rig import editable
from ..core.errors import MannerismError
from .reasons import PollWithReason, no_layer


class _PinOperator(PollWithReason):
    """Base of operators on the pins of the active object."""

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context)


class _ListedPinOperator(_PinOperator):
    """Base of those that need a pin."""

    index: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Pin", description="Number of the pin in the list, from 0; by default the active one", default=-1
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_layer(context) or ("" if context.object.mannerism.direct.pins else "Pin a pose first")


class MANNERISM_OT_pin_pose(_PinOperator):
    """Pin the head as it is posed now: takes made from here on go through this pose at this frame"""

    bl_idname = operator_ids.PIN_POSE
    bl_label = "Pin This Pose"
    bl_options = {"REGISTER", "UNDO"}

    translation: bpy.props.BoolProperty(  # type: ignore[valid-type]
        name="Pin Translation", description="Pin where the head is, too, and not only how it is turned"
    )

    def execute(self, context: Any) -> set[str]:
        """Pin."""
        obj = context.object
        return _report(self, lambda: direct_pins.pin_pose(obj, context.scene, translation=self.translation))


class MANNERISM_OT_move_pin(_ListedPinOperator):
    """Move the active pin to the playhead"""

    bl_idname = operator_ids.MOVE_PIN
    bl_label = "Move Pin Here"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        """Move."""
        return _report(self, lambda: direct_pins.move_pin(context.object, context.scene, self.index))


class MANNERISM_OT_delete_pin(_ListedPinOperator):
    """Delete the active pin; takes that went through it stay as they are"""

    bl_idname = operator_ids.DELETE_PIN
    bl_label = "Delete Pin"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        """Delete."""
        return _report(self, lambda: direct_pins.delete_pin(editable(context.object), self.index))


class MANNERISM_OT_go_to_pin(_ListedPinOperator):
    """Move the playhead to the active pin"""

    bl_idname = operator_ids.GO_TO_PIN
    bl_label = "Go to Pin"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Any) -> set[str]:
        """Go there."""

        def go() -> str:
            item = direct_pins.pin_item(context.object, self.index)
            frame = direct_pins.frame_of(context.object, context.scene, item)
            context.scene.frame_set(int(frame // 1), subframe=frame % 1)
            return f"Frame {frame:g}"

        return _report(self, go)


def _report(self: Any, do: Callable[[], str]) -> set[str]:
    try:
        said = do()
    except MannerismError as error:
        self.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    self.report({"INFO"}, said)
    return {"FINISHED"}


CLASSES = (MANNERISM_OT_pin_pose, MANNERISM_OT_move_pin, MANNERISM_OT_delete_pin, MANNERISM_OT_go_to_pin)
