"""Panel of the last step: the talking-head video."""

from typing import Any

from ..bridge import face_settings, operator_ids, portrait_progress, portrait_settings, worker
from ..bridge.translations import filled
from .main import StepPanel
from .tab import draw_file
from .words import draw_words

PICTURE_SCALE = 10.0  # of an icon's height, about as wide as the sidebar opens


class MANNERISM_PT_portrait(StepPanel):
    """Reference of the talking-head video."""

    bl_label = "Talking Head Video"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the reference, and whether its person has agreed."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        obj = context.object
        draw_file(layout, obj.mannerism, "reference")
        day = portrait_settings.attested(obj)
        row = layout.row(align=True)
        if day:
            row.label(text=filled("Consent on {}", day), icon="CHECKMARK")
        else:
            row.operator(operator_ids.ATTEST_CONSENT, icon="USER")
        row.operator(operator_ids.FORGET_REFERENCE, text="", icon="TRASH")


class MANNERISM_PT_coverage(StepPanel):
    """Coverage of the reference."""

    bl_label = "Coverage"
    bl_parent_id = "MANNERISM_PT_portrait"

    def draw(self, context: Any) -> None:
        """Draw a meter for each thing that a reference should show, with words where something is missing."""
        layout: Any = self.layout
        layout.operator(operator_ids.PORTRAIT_CHECK, icon="VIEWZOOM")
        column = layout.column(align=True)
        for row in portrait_settings.coverage_of(context.object):
            meter = column.split(factor=0.42, align=True)
            meter.label(text=row.name)
            meter.progress(factor=row.share, text=f"{row.share:.0%}")
            if row.share < 1.0:
                draw_words(column, row.sentence)
        for fault in portrait_settings.faults_of(context.object):
            draw_words(layout.column(align=True), fault, icon="ERROR")


class MANNERISM_PT_video(StepPanel):
    """Settings of the video, and its preview while it is made."""

    bl_label = "Video"
    bl_parent_id = "MANNERISM_PT_portrait"

    def draw(self, context: Any) -> None:
        """Draw motion, speech, quality, and the button."""
        layout: Any = self.layout
        layout.use_property_split, layout.use_property_decorate = True, False
        obj = context.object
        portrait = obj.mannerism.portrait
        layout.label(text=obj.mannerism.speech_name or "Choose the sound of the speech", icon="SPEAKER")
        column = layout.column()
        column.prop(portrait, "motion")
        if portrait.motion == "RIG":
            column.prop(portrait, "follow")
        elif portrait.motion == "FILE":
            draw_file(column, portrait, "motion_file")
        for doses in (face_settings.ExpressionProperties, portrait_settings.EyeProperties):
            for name in doses.__annotations__:
                column.prop(portrait, name)
        for name in ("quality", "size", "rate", "output", "label"):
            column.prop(portrait, name)
        row = layout.row()
        row.scale_y = 1.3
        row.operator(
            operator_ids.PORTRAIT,
            text=filled("Make Video for {}", obj.name),
            icon="RENDER_ANIMATION",
        )
        job = worker.running()
        if not portrait_progress.watch.is_of(obj):
            return
        if job and portrait_progress.watch.left:
            layout.progress(
                factor=job.share,
                text=filled("{} left, ESC to stop", portrait_progress.watch.left),
            )
        if portrait_progress.watch.icon:
            layout.template_icon(icon_value=portrait_progress.watch.icon, scale=PICTURE_SCALE)


CLASSES = (MANNERISM_PT_portrait, MANNERISM_PT_coverage, MANNERISM_PT_video)
