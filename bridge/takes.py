"""The head motion of a layer, kept in the file as it was generated, for the exports."""

import io
from dataclasses import replace

import bpy

from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.motion_npz import load_motion, save_motion
from .bones import chosen_bones
from .carrier import mover
from .measured import check_layer
from .nla import Layer, add_layer, list_layers, track_of
from .settings import character
from .shown import hide_rivals

_KEY = "mannerism_motion"


def add_take(obj: bpy.types.Object, motion: HeadMotion, *, line: str, seed: int, start_frame: float) -> Layer:
    """Add a motion as a new layer, by the object's settings; takes below it fall silent where both would add up.

    Raises
    ------
    RigError : see `add_layer` and `rig_map_of`
    """
    settings = character(mover(obj))
    bones = chosen_bones(obj)
    rig_map = bones.rig_map if bones else None
    layer = add_layer(
        obj,
        motion,
        name=f"Mannerism: {line} #{seed}",
        start_frame=start_frame,
        rig_map=rig_map,
        neck_share=settings.neck_share,
        translation_scale=settings.translation,
    )
    keep_motion(obj, layer, motion)
    muted = [f"muted “{other}”" for other in hide_rivals(obj, track_of(obj, layer))]
    wrong = check_layer(obj, layer, motion, rig_map, start_frame=start_frame)
    return replace(layer, notes=(*muted, *layer.notes, *(bones.notes if bones else ()), *wrong))


def keep_motion(obj: bpy.types.Object, layer: Layer, motion: HeadMotion) -> None:
    """Store a motion with the layer that was made of it, and make that layer the active one."""
    buffer = io.BytesIO()
    save_motion(buffer, motion)
    bpy.data.actions[layer.name][_KEY] = buffer.getvalue()
    character(obj).layer_index = _tracks(obj).index(track_of(obj, layer))


def stored_motion(layer: Layer) -> HeadMotion:
    """The motion that a layer was made of. Raises RigError when somebody removed it from the action."""
    stored = bpy.data.actions[layer.name].get(_KEY)
    if not isinstance(stored, bytes):
        raise RigError(
            f"“{layer.name}” no longer holds the motion that it was made of", "Generate the layer again"
        )
    return load_motion(io.BytesIO(stored))


def active_layer(obj: bpy.types.Object) -> Layer:
    """The layer that the animator chose in the list, else the newest. Raises RigError when there is none."""
    layers = list_layers(obj)
    if not layers:
        raise RigError(f"“{obj.name}” has no layer of head motion yet", "Generate one first")
    chosen = _tracks(obj)[character(obj).layer_index :][:1]
    matching = [layer for layer in layers if track_of(obj, layer) in chosen]
    return [*layers, *matching][-1]


def _tracks(obj: bpy.types.Object) -> list[bpy.types.NlaTrack]:
    return list(obj.animation_data.nla_tracks) if obj.animation_data else []
