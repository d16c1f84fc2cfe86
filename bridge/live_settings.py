"""The sliders that shape the active take, at `Object.mannerism.shape`: read from the take, and written into it."""

from typing import Any

import bpy
from bpy.props import FloatProperty, StringProperty

from ..core.generate.shape import SHAPE_RANGES


def _slider(name: str) -> Any:
    limits = SHAPE_RANGES[name]

    def value(shape: Any) -> float:
        from .live import shape_value  # which reads the settings that these are among

        return shape_value(shape.id_data, name)

    def shape_by(shape: Any, wanted: float) -> None:
        from .live import set_shape

        set_shape(shape.id_data, name, wanted)

    return FloatProperty(
        name=limits.label,
        description=limits.description,
        default=limits.usual,
        min=limits.lowest,
        max=limits.largest,
        soft_max=min(limits.largest, 2.0),
        subtype="FACTOR" if not limits.unit else "NONE",
        precision=2,
        get=value,
        set=shape_by,
        options=set(),
    )


def _text(shape: Any) -> str:
    from .live_preset import shape_text

    return shape_text(shape.id_data)


def _set_text(shape: Any, text: str) -> None:
    from .live_preset import set_shape_text

    set_shape_text(shape.id_data, text)


class _Sliders:
    """A property for each row of SHAPE_RANGES."""

    __annotations__ = {name: _slider(name) for name in SHAPE_RANGES}


class MANNERISM_PG_shape(_Sliders, bpy.types.PropertyGroup):
    """What shapes the active take of an object: values are kept with the take, and change its keys at once."""

    as_text: StringProperty(  # type: ignore[valid-type]
        name="Shape",
        description="All sliders at once, as presets keep them. Without a take they wait for the next one",
        get=_text,
        set=_set_text,
        options={"HIDDEN"},
    )
    waiting: StringProperty(  # type: ignore[valid-type]
        name="Shape of the Next Take", description="What a preset has for it", options={"HIDDEN"}
    )


CLASSES = (MANNERISM_PG_shape,)
