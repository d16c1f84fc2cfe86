"""Panel of step 4: the takes on this object."""

from typing import Any

import bpy

from ..bridge import influence, layer_watch, nla, operator_ids, shown, takes
from ..bridge.layer_tracks import LAYER, is_marked, tracks_of
from ..bridge.translations import filled
from .main import StepPanel


class MANNERISM_UL_layers(bpy.types.UIList):
    """The NLA tracks that are ours."""

    def draw_item(
        self,
        _context: Any,
        layout: bpy.types.UILayout,
        _data: Any,
        item: Any,
        _icon: int,
        _active_data: Any,
        _active_property: str,
    ) -> None:
        """Draw name and mute."""
        action = next((strip.action for strip in item.strips if strip.action), None)
        wrong = action is not None and action.name in layer_watch.stale(item.id_data)
        layout.label(text=label_of(item), icon="ERROR" if wrong else "NONE")
        if action is not None:
            star: Any = "SOLO_ON" if action.mannerism_star else "SOLO_OFF"
            layout.prop(action, "mannerism_star", text="", icon=star, emboss=False)
        layout.prop(item, "mute", text="", icon="HIDE_ON" if item.mute else "HIDE_OFF", emboss=False)

    def filter_items(
        self, _context: Any, data: bpy.types.AnimData, _property: str
    ) -> tuple[list[int], list[int]]:
        """Hide the animator's own tracks."""
        obj: Any = data.id_data
        return [self.bitflag_filter_item if is_marked(track, LAYER) else 0 for track in tracks_of(obj)], []


def label_of(track: Any) -> str:
    """What the list calls a track: the number of its take and its line, or the animator's name for it."""
    action = next((strip.action for strip in track.strips if strip.action), None)
    take = takes.take_of(action) if action and track.name == action.name else None
    return str(take) if take else track.name.removeprefix("Mannerism: ")


class MANNERISM_PT_layers(StepPanel):
    """Takes as NLA layers."""

    bl_label = "Layers"

    def draw(self, context: Any) -> None:
        """Draw the list, and the button to remove."""
        layout: Any = self.layout
        obj = context.object
        if not nla.has_layers(obj):
            layout.label(text="Generate a take first", icon="INFO")
            layout.operator(operator_ids.IMPORT_MOTION, icon="IMPORT")
            return
        layout.template_list(
            "MANNERISM_UL_layers", "", obj.animation_data, "nla_tracks", obj.mannerism, "layer_index", rows=3
        )
        _draw_state(layout, obj)
        row = layout.row(align=True)
        row.operator(operator_ids.SHOW_NEXT, icon="FILE_REFRESH")
        row.operator(operator_ids.REMOVE_LAYER, text="", icon="TRASH")
        row.operator(operator_ids.IMPORT_MOTION, text="", icon="IMPORT")
        layout.prop(obj.mannerism, "mix_takes")
        row = layout.row()
        row.enabled = not influence.is_keyed(obj)
        row.prop(obj.mannerism, "influence", slider=True)
        row = layout.row()
        row.active = bool(layer_watch.stale(obj))
        row.operator(operator_ids.FOLLOW, icon="FILE_REFRESH")
        layout.operator(operator_ids.DRAW_TAKE, icon="GRAPH")
        layout.operator(operator_ids.BAKE, icon="ACTION")


def _draw_state(layout: Any, obj: Any) -> None:
    """One row, so that nothing below it moves: what is wrong, else which layer is the active one."""
    adding = shown.adding_up_on_show(obj)
    wrong = [filled("{} takes add up here", len(adding))] if adding else []
    wrong += dict.fromkeys(layer_watch.stale(obj).values())
    more = filled(" (and {} more)", len(wrong) - 1) if len(wrong) > 1 else ""
    name = takes.active_layer(obj).name.removeprefix("Mannerism: ")
    layout.label(text=f"{wrong[0]}{more}" if wrong else name, icon="ERROR" if wrong else "INFO")


CLASSES = (MANNERISM_UL_layers, MANNERISM_PT_layers)
