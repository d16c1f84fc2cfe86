"""Operators on pins: pin the pose at the playhead, move, delete, go to."""

from typing import Any

import bpy

from ..bridge import direct_pins, operator_ids, rig
from ..bridge.translations import filled
from .reasons import no_layer
from .reported import ReportedOperator


class _PinOperator(ReportedOperator):
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

    def act(self, context: Any) -> str:
        """Pin."""
        return direct_pins.pin_pose(context.object, context.scene, translation=self.translation)


class MANNERISM_OT_move_pin(_ListedPinOperator):
    """Move the active pin to the playhead"""

    bl_idname = operator_ids.MOVE_PIN
    bl_label = "Move Pin Here"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Any) -> str:
        """Move."""
        return direct_pins.move_pin(context.object, context.scene, self.index)


class MANNERISM_OT_delete_pin(_ListedPinOperator):
    """Delete the active pin; takes that went through it stay as they are"""

    bl_idname = operator_ids.DELETE_PIN
    bl_label = "Delete Pin"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Any) -> str:
        """Delete."""
        return direct_pins.delete_pin(rig.editable(context.object), self.index)


class MANNERISM_OT_go_to_pin(_ListedPinOperator):
    """Move the playhead to the active pin"""

    bl_idname = operator_ids.GO_TO_PIN
    bl_label = "Go to Pin"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Any) -> str:
        """Go there."""
        item = direct_pins.pin_item(context.object, self.index)
        frame = direct_pins.frame_of(context.object, context.scene, item)
        context.scene.frame_set(int(frame // 1), subframe=frame % 1)
        return filled("Frame {:g}", frame)


CLASSES = (MANNERISM_OT_pin_pose, MANNERISM_OT_move_pin, MANNERISM_OT_delete_pin, MANNERISM_OT_go_to_pin)
