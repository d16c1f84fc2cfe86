"""Settings of the face on a rig."""

import bpy
from bpy.props import EnumProperty, FloatProperty

from .fields import OVERRIDABLE


class MANNERISM_PG_face(bpy.types.PropertyGroup):
    """The face of one object, at `Object.mannerism.face`."""

    keys: EnumProperty(  # type: ignore[valid-type]
        name="Shape Keys",
        description="By which names the shape keys of the character's meshes are found",
        items=[
            ("ARKIT", "ARKit", "jawOpen, mouthFunnel, eyeBlinkLeft and so on, in any spelling"),
            ("VISEMES", "Visemes", "viseme_aa, viseme_PP and so on, in any spelling"),
        ],
        override=OVERRIDABLE,
    )
    strength: FloatProperty(  # type: ignore[valid-type]
        name="Strength",
        description="How far the mouth opens: 1 is as the person speaks",
        default=1.0,
        min=0.0,
        soft_max=2.0,
        subtype="FACTOR",
        override=OVERRIDABLE,
    )


CLASSES = (MANNERISM_PG_face,)
