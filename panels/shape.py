"""Panel of the active take: sliders that change its keys at once, and what only a new take would change."""

from typing import Any

from ..bridge import live, made_with, nla
from ..bridge.translations import filled
from .main import StepPanel
from .words import MESSAGE_WIDTH, draw_words, width_of

_GROUPS = (
    ("intensity", "pitch", "yaw", "roll", "translation"),
    ("smoothness", "anticipation_s", "pauses", "neck_share"),
    ("fade_in_s", "fade_out_s", "pre_roll_s", "post_roll_s"),
)


class MANNERISM_PT_shape(StepPanel):
    """The active take, shaped in place."""

    bl_label = "Shape"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether there is a take."""
        obj = getattr(context, "object", None)
        return obj is not None and nla.has_layers(obj)

    def draw(self, context: Any) -> None:
        """Draw the sliders, why any of them is off, and what would need a new take."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        obj = context.object
        reason = live.why_fixed_on_show(obj)
        without_effect = {} if reason else live.without_effect_on_show(obj)
        said = filled("Off, for the reason below") if width_of(reason) > MESSAGE_WIDTH else reason
        layout.label(text=said or "Changes keys at once", icon="LOCKED" if reason else "INFO")
        for names in _GROUPS:
            column = layout.column(align=True)
            for name in names:
                row = column.row(align=True)
                lacking = without_effect.get(name, "")
                row.enabled = not (reason or lacking)
                row.prop(obj.mannerism.shape, name, slider=True)
                if lacking:
                    draw_words(column, lacking, icon="INFO")
        layout.label(text=made_with.outdated(obj), icon="FILE_REFRESH")
        row = layout.row()
        row.use_property_split = False
        row.prop(obj.mannerism, "update_automatically")
        if width_of(reason) > MESSAGE_WIDTH:  # last, so that no slider moves
            draw_words(layout.column(align=True), reason, icon="LOCKED")


CLASSES = (MANNERISM_PT_shape,)
