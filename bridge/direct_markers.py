"""Markers that are gestures: those of the scene, and pose markers of a layer's action, which travel with it."""

from typing import Any

import bpy

from ..core.direct.direction import Gesture
from ..core.direct.marker_names import gesture_of
from ..core.errors import AudioError
from .layer_motion import made_at, strip_of
from .nla import Layer
from .sound import Speech, duration_s
from .timing import frame_rate


def gestures_for(
    obj: bpy.types.Object, speech: Speech, layer: Layer | None, scene: Any
) -> tuple[tuple[Gesture, ...], tuple[str, ...]]:
    """The gestures that markers within a speech ask for, and sentences on names that are nearly gestures.

    scene : None for a speech that has no place in one, so that only the layer's markers count
    """
    named: list[tuple[str, float]] = []
    if scene is not None:
        rate = frame_rate(scene, speech.start_frame)
        named += [(marker.name, float(rate.seconds(marker.frame))) for marker in scene.timeline_markers]
    if layer is not None:
        strip, record = strip_of(obj, layer.name)
        own = made_at(obj, layer.name, record["start"])
        named += [(marker.name, float(own.seconds(marker.frame))) for marker in strip.action.pose_markers]
    found: list[Gesture] = []
    said: list[str] = []
    last_s = None
    for name, time_s in sorted(named, key=lambda each: (each[1], each[0])):
        read = gesture_of(name, max(0.0, time_s))
        if time_s < -1e-6 or not (read.gesture or read.said):
            continue
        last_s = _length_s(speech) if last_s is None else last_s
        if time_s > last_s:
            continue
        said += [read.said] if read.said else []
        found += [read.gesture] if read.gesture else []
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(said))


def copy_gestures(old: Layer, new: Layer, obj: bpy.types.Object) -> None:
    """Give a new layer the pose markers of an old one that are gestures, at the same moments of the speech."""
    (a, before), (b, after) = strip_of(obj, old.name), strip_of(obj, new.name)
    rates = made_at(obj, old.name, before["start"]), made_at(obj, new.name, after["start"])
    for marker in a.action.pose_markers:
        if gesture_of(marker.name, 0.0).gesture:
            frame = float(rates[1].frames(rates[0].seconds(marker.frame)))
            b.action.pose_markers.new(marker.name).frame = round(frame)


def _length_s(speech: Speech) -> float:
    if speech.length_s is not None:
        return speech.length_s
    try:
        return duration_s(speech.path) - speech.start_s
    except AudioError:  # the worker will say why
        return float("inf")
