"""How far a layer counts: the influence of its strip, and which of several takes is shown next."""

from typing import Any

import bpy

from .layer_tracks import LAYER, marked, refresh
from .nla import track_of
from .shown import hide_rivals, overlap
from .takes import active_layer, active_track

_CURVE = "influence"


def influence_of(obj: bpy.types.Object) -> float:
    """Influence of the active layer, 0 to 1, at the playhead."""
    strip = _strip(obj)
    return float(strip.influence) if strip is not None and strip.use_animated_influence else 1.0


def set_influence(obj: bpy.types.Object, value: float) -> None:
    """Give the active layer a constant influence; one that the animator has keyed stays as it is."""
    strip = _strip(obj)
    if strip is None or is_keyed(obj):
        return
    strip.use_animated_influence = True
    curve = strip.fcurves.find(_CURVE)
    if curve is not None and curve.keyframe_points:  # Blender begins it with one key
        curve.keyframe_points[0].co.y = value
        curve.update()
    strip.influence = value
    refresh(obj)


def is_keyed(obj: bpy.types.Object) -> bool:
    """Whether the influence of the active layer moves, by keys of the animator."""
    strip = _strip(obj)
    curve = strip.fcurves.find(_CURVE) if strip is not None and strip.use_animated_influence else None
    return curve is not None and len(curve.keyframe_points) > 1


def show_next(obj: bpy.types.Object) -> str:
    """Show the next take on the stretch of the active layer, of starred ones where there are two; returns its name.

    The one after the last is the first. It becomes the active layer, and its rivals are hidden.
    """
    layer = active_layer(obj)
    track = track_of(obj, layer)
    takes = [pair for pair in marked(obj, LAYER) if pair[0] == track or overlap(pair[0], track)]
    starred = [pair for pair in takes if pair[1].mannerism_star]
    takes = starred if len(starred) > 1 else takes
    names = [action.name for _, action in takes]
    at = names.index(layer.name) if layer.name in names else -1
    following, action = takes[(at + 1) % len(takes)]
    following.mute = False
    hide_rivals(obj, following)
    obj.mannerism.layer_index = list(obj.animation_data.nla_tracks).index(following)  # type: ignore[attr-defined, union-attr]
    refresh(obj)
    return str(action.name)


def _strip(obj: bpy.types.Object) -> Any:
    track = active_track(obj)
    return next(iter(track.strips), None) if track is not None else None
