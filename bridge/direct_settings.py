"""What an animator directs on a character: pins, and what becomes of edited keys."""

from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    StringProperty,
)

from .fields import OVERRIDABLE


def _angle(name: str, what: str) -> Any:
    return FloatProperty(
        name=name,
        description=f"{what}, degrees, as the finished take shows it",
        min=-90.0,
        max=90.0,
        precision=2,
    )


class MANNERISM_PG_pin(bpy.types.PropertyGroup):
    """A pose that the head has at one moment of a line."""

    line: StringProperty(  # type: ignore[valid-type]
        name="Line", description="Name of the speech that the pin belongs to"
    )
    seconds: StringProperty(  # type: ignore[valid-type]
        name="Seconds", description="When, from the start of the speech; a number with all of its digits"
    )
    pitch: _angle("Pitch", "Nod")  # type: ignore[valid-type]
    yaw: _angle("Yaw", "Turn")  # type: ignore[valid-type]
    roll: _angle("Roll", "Tilt")  # type: ignore[valid-type]
    with_translation: BoolProperty(  # type: ignore[valid-type]
        name="Pin Translation", description="Pin where the head is, too, and not only how it is turned"
    )
    translation: FloatVectorProperty(  # type: ignore[valid-type]
        name="Translation",
        description="Displacement of the neck in metres, to the left, up and ahead",
        size=3,
        min=-0.5,
        max=0.5,
        precision=4,
    )


class MANNERISM_PG_direct(bpy.types.PropertyGroup):
    """Direction of one object, at `Object.mannerism.direct`."""

    pins: CollectionProperty(  # type: ignore[valid-type]
        name="Pins",
        description="Poses that takes go through",
        type=MANNERISM_PG_pin,
        override={"LIBRARY_OVERRIDABLE", "USE_INSERTION"},
    )
    pin_index: IntProperty(  # type: ignore[valid-type]
        name="Active Pin", description="Pin that the buttons act on", override=OVERRIDABLE
    )
    edits: EnumProperty(  # type: ignore[valid-type]
        name="Edited Keys",
        description="What becomes of keys that you have edited when the take is made anew",
        items=[
            ("KEEP", "Keep", "They stay as they are, and the new take leads into them and on from them"),
            ("OFFSET", "Offset", "What you have changed is added on top of the new take"),
            ("DROP", "Drop", "The new take is without them; the old layer keeps them, muted"),
        ],
        override=OVERRIDABLE,
    )


CLASSES = (MANNERISM_PG_pin, MANNERISM_PG_direct)
