"""Panel of the batch."""

from typing import Any

import bpy

from ..bridge import batch, operator_ids
from ..bridge.translations import filled
from .main import StepPanel
from .words import draw_words

STATUS_ICONS = {"WAITING": "RADIOBUT_OFF", "DONE": "CHECKMARK", "FAILED": "ERROR"}


class MANNERISM_UL_lines(bpy.types.UIList):
    """List of the lines with their status."""

    def draw_item(
        self,
        _context: Any,
        layout: Any,
        _data: Any,
        item: Any,
        _icon: int,
        _active_data: Any,
        _active_property: str,
        index: int = 0,
    ) -> None:
        """Draw status, name, and the frame where there is one."""
        series = batch.running()
        at_work = series is not None and getattr(series.running, "index", None) == index
        row = layout.split(factor=0.75)
        row.label(text=item.name, icon="PLAY" if at_work else STATUS_ICONS[item.status])
        row.label(text=str(item.start) if item.own_start or item.end else "")


class MANNERISM_PT_batch(StepPanel):
    """Batch of lines for one character."""

    bl_label = "Batch"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the list, the active line, where the motion goes, and the buttons."""
        layout: Any = self.layout
        lines = context.scene.mannerism
        row = layout.row()
        row.template_list("MANNERISM_UL_lines", "", lines, "lines", lines, "line_index", rows=5, maxrows=10)
        column = row.column(align=True)
        column.operator(operator_ids.ADD_LINES, text="", icon="ADD")
        column.operator(operator_ids.REMOVE_LINE, text="", icon="REMOVE")
        column.operator(operator_ids.CLEAR_LINES, text="", icon="TRASH")
        layout.use_property_split, layout.use_property_decorate = True, False
        if not lines.lines:
            layout.label(text="Add speech files with +", icon="INFO")
        for line in lines.lines[lines.line_index :][:1]:
            draw_line(layout, line)
        layout.prop(lines, "target")
        layout.prop(lines, "pause_s" if lines.target == "LAYERS" else "folder")
        column = layout.column(align=True)
        column.scale_y = 1.3
        name = filled("Generate {} for {}", len(lines.lines), context.object.name)
        column.operator(operator_ids.GENERATE_MANY, text=name, icon="PLAY")
        failed = sum(line.status == "FAILED" for line in lines.lines)
        row = column.row(align=True)
        row.enabled = failed > 0
        again = row.operator(operator_ids.GENERATE_MANY, text=filled("Retry {}", failed), icon="FILE_REFRESH")
        again.retry = True
        for line in lines.lines[lines.line_index :][:1]:  # below, since it comes while the batch runs
            draw_message(layout, line)


def draw_line(layout: Any, line: Any) -> None:
    """Draw the settings of a line."""
    layout.prop(line, "audio")
    layout.prop(line, "seed")
    layout.prop(line, "direct")
    row = layout.row(heading="Own Start")
    row.prop(line, "own_start", text="")
    if line.own_start:
        row.prop(line, "start", text="")


def draw_message(layout: Any, line: Any) -> None:
    """Draw what has become of a line."""
    draw_words(layout.column(align=True), line.message, icon=STATUS_ICONS[line.status])


CLASSES = (MANNERISM_UL_lines, MANNERISM_PT_batch)
