"""Settings of the face on a rig."""

from typing import Any

import bpy
from bpy.props import (
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..core.face.doses import DOSES as EXPRESSION
from ..core.face.name_file import CHANNELS
from ..core.face.shape_keys import SETS
from ..core.gaze.settings import DOSES
from ..core.slider import Slider
from .fields import OVERRIDABLE

FOUND, BY_HAND = "FOUND", "BY_HAND"


class MANNERISM_PG_face_name(bpy.types.PropertyGroup):
    """One shape key that is named by hand."""

    key: StringProperty(  # type: ignore[valid-type]
        name="Shape Key", description="Name of a shape key of the character's meshes", override=OVERRIDABLE
    )
    channel: EnumProperty(  # type: ignore[valid-type]
        name="Moved by",
        description="What moves it: a viseme, or a shape of ARKit",
        items=[(name, name, f"As {name}") for name in CHANNELS],
        override=OVERRIDABLE,
    )
    strength: FloatProperty(  # type: ignore[valid-type]
        name="Strength", description="How much", default=1.0, soft_min=0.0, soft_max=2.0, override=OVERRIDABLE
    )


def dose_property(dose: Slider) -> Any:
    """A property for a dose."""
    return FloatProperty(
        name=dose.label,
        description=dose.description,
        default=dose.usual,
        min=0.0,
        max=dose.largest,
        soft_max=1.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )


class DoseProperties:
    """A property for each row of DOSES."""

    __annotations__ = {name: dose_property(dose) for name, dose in DOSES.items()}


class ExpressionProperties:
    """A property for each dose of what a face does beside speaking."""

    __annotations__ = {name: dose_property(dose) for name, dose in EXPRESSION.items()}


class MANNERISM_PG_face(DoseProperties, ExpressionProperties, bpy.types.PropertyGroup):
    """The face of one object, at `Object.mannerism.face`."""

    keys: EnumProperty(  # type: ignore[valid-type]
        name="Shape Keys",
        description="By which names the shape keys of the character's meshes are found",
        items=[
            (FOUND, "Found", "The set below that fits the most shape keys of the character"),
            *((name, chosen.label, chosen.description) for name, chosen in SETS.items()),
            (BY_HAND, "By Hand", "The list of names that is kept with the character"),
        ],
        override=OVERRIDABLE,
    )
    names: CollectionProperty(  # type: ignore[valid-type]
        name="Names by Hand",
        description="Shape keys and what moves them",
        type=MANNERISM_PG_face_name,
        override={"LIBRARY_OVERRIDABLE", "USE_INSERTION"},
    )
    name_index: IntProperty(name="Active Name", description="Row of the list", override=OVERRIDABLE)  # type: ignore[valid-type]
    strength: FloatProperty(  # type: ignore[valid-type]
        name="Strength",
        description="How far the mouth opens: 1 is as the person speaks",
        default=1.0,
        min=0.0,
        soft_max=2.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )
    look_at: PointerProperty(  # type: ignore[valid-type]
        name="Look at",
        description="What the gaze point follows: a camera, a listener or any object; without, it stays ahead of the head at rest",
        type=bpy.types.Object,
        override=OVERRIDABLE,
    )


CLASSES = (MANNERISM_PG_face_name, MANNERISM_PG_face)
