"""Operator that chooses a built-in style for a character, or to blend with."""

from functools import cache
from typing import Any

import bpy

from ..bridge import operator_ids
from .reasons import PollWithReason, no_character


@cache
def _choices() -> list[tuple[str, str, str]]:
    """The items of the menu; cached, because Blender reads these strings after it has asked for them."""
    from ..core.style.built_in import descriptions  # registering reads no style room

    return [(name, name.capitalize(), description) for name, description in descriptions().items()]


def _items(_self: Any, _context: Any) -> list[tuple[str, str, str]]:
    return _choices()


class MANNERISM_OT_choose_built_in(PollWithReason):
    """Take a style that comes with the extension, made from what many speakers have in common"""

    bl_idname = operator_ids.CHOOSE_BUILT_IN
    bl_label = "Choose Built-in Style"
    bl_options = {"REGISTER", "UNDO"}

    name: bpy.props.EnumProperty(name="Style", items=_items)  # type: ignore[valid-type]
    field: bpy.props.EnumProperty(  # type: ignore[valid-type]
        name="Field",
        items=[
            ("style", "Style", "The character's style"),
            ("second_style", "Second Style", "What to blend with"),
        ],
        options={"HIDDEN", "SKIP_SAVE"},
    )

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context)

    def execute(self, context: Any) -> set[str]:
        """Set the field to the name, which is valid wherever the extension is installed."""
        setattr(context.object.mannerism, self.field, self.name)
        return {"FINISHED"}


CLASSES = (MANNERISM_OT_choose_built_in,)
