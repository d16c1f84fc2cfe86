"""Per-frame confidence of a talking-head video, as a curve on the object that was filmed.

The curve lies in an action and an NLA track of its own and animates one custom property that nothing else
uses, so that the animator's keys, layers and active action stay as they are.
"""

import csv
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..core.errors import RigError
from ..core.types import Array
from .base_animation import keeps_its_effect
from .curves import Curve, new_action, write_curves
from .layer_tracks import remove_track
from .rig import editable
from .timing import frame_rate

PROPERTY = "mannerism_confidence"
_BARE = "mannerism_confidence_bare"  # custom property of the action: whether the object had no animation


def read_confidence(path: Path) -> tuple[Array, Array]:
    """Times in seconds and confidence from 0 to 1, shapes (T,), as the worker wrote them."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [(float(row["time_s"]), float(row["confidence"])) for row in csv.DictReader(file)]
    time_s, confidence = np.array(rows).T
    return time_s, confidence


def put_confidence(obj: bpy.types.Object, time_s: Array, confidence: Array, *, start_frame: float) -> None:
    """Replace the object's curve; t = 0 lies at `start_frame`.

    Raises
    ------
    RigError : linked data, or an active action whose effect a first NLA track would change
    """
    editable(obj)
    clear_confidence(obj)
    data: Any = obj.animation_data
    if not keeps_its_effect(data):
        raise RigError(
            f"The active action of “{obj.name}” would act otherwise above a track of confidence",
            "Find the confidence in the table beside the video",
        )
    scene: Any = bpy.context.scene
    frames = frame_rate(scene, start_frame).frames(time_s)
    obj[PROPERTY] = 1.0
    shown: Any = obj.id_properties_ui(PROPERTY)
    shown.update(min=0.0, max=1.0, default=1.0, description="How sure the talking-head video is of the frame")
    action = new_action(f"Confidence of {obj.name}", obj)
    action[_BARE] = data is None
    write_curves(action, [Curve(f'["{PROPERTY}"]', 0, confidence)], frames)
    data = data or obj.animation_data_create()
    track = data.nla_tracks.new()
    track.name = action.name
    strip = track.strips.new(action.name, int(frames[0] // 1), action)
    strip.action_slot = action.slots[0]
    strip.extrapolation = "NOTHING"


def clear_confidence(obj: bpy.types.Object) -> None:
    """Remove the curve, and all that came with it."""
    data: Any = obj.animation_data
    for track in list(data.nla_tracks) if data else []:
        actions = [strip.action for strip in track.strips if strip.action and _BARE in strip.action]
        for action in actions:
            bare = action[_BARE]
            remove_track(data, track)
            bpy.data.actions.remove(action)
            if bare and not (data.action or data.nla_tracks or data.drivers):
                obj.animation_data_clear()
    if PROPERTY in obj.keys():  # noqa: SIM118  for type checkers, an object is no mapping
        del obj[PROPERTY]
