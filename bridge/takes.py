"""The head motion of a layer, kept in the file as it was generated, for the exports."""

import io
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import bpy

from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.motion_npz import load_motion, save_motion
from .bones import chosen_bones, remarks
from .carrier import mover
from .layer_tracks import LAYER, is_marked, tracks_of
from .measured import check_layer
from .nla import Layer, add_layer, list_layers, track_of
from .settings import character
from .shown import hide_rivals

MOTION = "mannerism_motion"
"""Custom property of a layer's action: the motion that it was made of, as `motion_npz.py` writes it."""
TAKE = "mannerism_take"
"""Custom property of a layer's action: number, line and seed, as JSON."""


@dataclass(frozen=True)
class Take:
    """Which take of which line a layer is; the first of a line is number 1."""

    number: int
    line: str
    seed: int

    def __str__(self) -> str:
        return f"Take {self.number} of {self.line}"


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
    take = Take(1 + max((t.number for t in _takes(obj) if t.line == line), default=0), line, seed)
    bpy.data.actions[layer.name][TAKE] = json.dumps(asdict(take))
    track_of(obj, layer).strips[0].name = f"{take} #{seed}"
    muted = [f"muted “{other}”" for other in hide_rivals(obj, track_of(obj, layer))]
    wrong = check_layer(obj, layer, motion, rig_map, start_frame=start_frame)
    said = (*(bones.notes if bones else ()), *remarks(obj, rig_map))
    return replace(layer, notes=(*muted, *layer.notes, *said, *wrong))


def keep_motion(obj: bpy.types.Object, layer: Layer, motion: HeadMotion) -> None:
    """Store a motion with the layer that was made of it, and make that layer the active one."""
    buffer = io.BytesIO()
    save_motion(buffer, motion)
    bpy.data.actions[layer.name][MOTION] = buffer.getvalue()
    activate(obj, layer)


def activate(obj: bpy.types.Object, layer: Layer) -> None:
    """Make a layer the active one."""
    character(obj).layer_index = tracks_of(obj).index(track_of(obj, layer))


def take_of(action: bpy.types.Action) -> Take | None:
    """Which take a layer's action is; None where nobody has numbered it."""
    kept = action.get(TAKE)
    return Take(**json.loads(kept)) if isinstance(kept, str) else None


def _takes(obj: bpy.types.Object) -> list[Take]:
    found = [take_of(bpy.data.actions[layer.name]) for layer in list_layers(obj)]
    return [take for take in found if take is not None]


def stored_motion(layer: Layer) -> HeadMotion:
    """The motion that a layer was made of. Raises RigError when somebody removed it from the action."""
    stored = bpy.data.actions[layer.name].get(MOTION)
    if not isinstance(stored, bytes):
        raise RigError(
            f"“{layer.name}” no longer holds the motion that it was made of", "Generate the layer again"
        )
    return load_motion(io.BytesIO(stored))


def active_layer(obj: bpy.types.Object) -> Layer:
    """The layer that the animator chose in the list, else the newest. Raises RigError when there is none."""
    return Layer(active_action(obj).name)


def active_action(obj: bpy.types.Object) -> Any:
    """The action of the active layer. Raises RigError when there is none."""
    track = active_track(obj)
    if track is None:
        raise RigError(f"“{obj.name}” has no layer of head motion yet", "Generate one first")
    return next(s.action for s in reversed(track.strips) if s.action and LAYER in s.action)


def active_track(obj: bpy.types.Object) -> Any:
    """The NLA track of the active layer; None when there is none."""
    tracks = tracks_of(obj)
    for track in [*tracks[character(obj).layer_index :][:1], *reversed(tracks)]:
        if is_marked(track, LAYER):
            return track
    return None
