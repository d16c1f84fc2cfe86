"""Pins: poses that takes go through, kept on the character by line, on the clock of the speech."""

import json
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.direct.direction import NEAREST_PINS_S, Pin
from ..core.errors import DirectionError, RigError
from ..core.rig import modes
from ..core.rig.reach import reached
from ..core.rig.recover import JointMotion, recover
from .direct_clock import DirectedLine, chosen, directed_line
from .direct_listed import pins_of, seconds_of
from .found import base_of
from .layer_motion import clock_of, rig_of, strip_of
from .layer_tracks import LAYER, marked
from .live_held import let_go
from .rig import channel_path
from .settings import character
from .stand_in import sample, stand_in
from .takes import take_of
from .translations import filled

MARK = "Pin"
"""Name of the pose markers that show pins on a layer's action."""


def pin_pose(obj: bpy.types.Object, scene: Any, *, translation: bool = False) -> str:
    """Pin the head as it is posed now, at the playhead; returns a sentence. What was pinned there before is replaced.

    The pose is what stands on top of the animator's own animation, whether it was posed by hand or shown by the layer.

    Raises
    ------
    RigError : there is no take, or its bones are gone
    DirectionError : the playhead is outside of the take, or the head is turned too far
    """
    line = directed_line(obj, scene)
    frame = float(scene.frame_current_final)
    seconds = _seconds(obj, line, frame)
    rotation, shift = _pose(obj, line.layer.name, frame)
    pitch, yaw, roll = (float(np.float32(angle)) for angle in np.degrees(rot.to_euler(rotation)))
    place = None
    if translation:
        scale = character(obj).translation
        if scale <= 0.0:
            raise DirectionError(
                "Translation is 0, so the head does not shift", "Raise Translation under Rig first"
            )
        x, y, z = (float(each) for each in shift / scale)
        place = (x, y, z)
    pin = Pin(seconds, pitch, yaw, roll, place)  # which refuses what no pin can be
    at = _at(obj, line.line, seconds)
    if at is not None:
        _let_go(obj, chosen(obj).pins[at])
    item = chosen(obj).pins.add() if at is None else chosen(obj).pins[at]
    chosen(obj).pin_index = len(chosen(obj).pins) - 1 if at is None else at
    item.line, item.seconds = line.line, repr(seconds)
    item.pitch, item.yaw, item.roll = pitch, yaw, roll
    item.with_translation = translation
    if pin.translation_m:
        item.translation = pin.translation_m
    show_pins(obj)
    return (
        filled("Pinned frame {:g}", frame) if at is None else filled("Replaced the pin at frame {:g}", frame)
    )


def move_pin(obj: bpy.types.Object, scene: Any, index: int = -1) -> str:
    """Move a pin to the playhead. Raises RigError and DirectionError as `pin_pose`; or another pin is there."""
    line, item = directed_line(obj, scene), pin_item(obj, index)
    if item.line != line.line:
        raise DirectionError(f"The pin belongs to “{item.line}”", "Choose a take of it under Layers")
    frame = float(scene.frame_current_final)
    seconds = _seconds(obj, line, frame)
    there = _at(obj, line.line, seconds)
    if there is not None and chosen(obj).pins[there] != item:
        raise DirectionError(f"Another pin is at frame {frame:g}", "Delete it, or move to another frame")
    _let_go(obj, item)
    item.seconds = repr(seconds)
    show_pins(obj)
    return filled("Moved the pin to frame {:g}", frame)


def delete_pin(obj: bpy.types.Object, index: int = -1) -> str:
    """Delete a pin. Raises DirectionError where there is none."""
    item = pin_item(obj, index)
    pins = chosen(obj).pins
    at = [each == item for each in pins].index(True)
    said = filled("Deleted the pin at {} s", item.seconds[:6])
    _let_go(obj, item)
    pins.remove(at)
    chosen(obj).pin_index = max(0, min(chosen(obj).pin_index, len(pins) - 1))
    show_pins(obj)
    return said


def pin_item(obj: bpy.types.Object, index: int = -1) -> Any:
    """The settings of a pin, by default of the active one. Raises DirectionError where there is none."""
    pins = chosen(obj).pins
    at = chosen(obj).pin_index if index < 0 else index
    if not 0 <= at < len(pins):
        raise DirectionError("There is no such pin", "Pin a pose first")
    return pins[at]


def frame_of(obj: bpy.types.Object, scene: Any, item: Any) -> float:
    """The frame of a pin. Raises RigError where no take of its line is active."""
    line = directed_line(obj, scene)
    if line.line != item.line:
        raise RigError(f"The pin belongs to “{item.line}”", "Choose a take of it under Layers")
    return round(float(line.rate.frames(seconds_of(item))), 3)


def show_pins(obj: bpy.types.Object) -> None:
    """Mark the pins of each line on the actions of its takes, where the dope sheet shows them; the marks only show."""
    for _, action in marked(obj, LAYER):
        take = take_of(action)
        for marker in [each for each in action.pose_markers if each.name.startswith(MARK)]:
            action.pose_markers.remove(marker)
        if take is None:
            continue
        record = json.loads(action[LAYER])
        rate = clock_of(record, record["start"])
        for number, pin in enumerate(pins_of(obj, take.line), 1):
            action.pose_markers.new(f"{MARK} {number}").frame = round(float(rate.frames(pin.time_s)))


def _let_go(obj: bpy.types.Object, item: Any) -> None:
    """Have no take of its line hold a pin that is about to go, or to change."""
    try:
        seconds = seconds_of(item)
    except DirectionError:
        return  # a script gave it no time, so that no take goes through it
    for _, action in marked(obj, LAYER):
        take = take_of(action)
        if take and take.line == item.line and action.is_editable:
            let_go(action, seconds)


def _pose(obj: bpy.types.Object, name: str, frame: float) -> tuple[Any, Any]:
    """Rotation (4,) and translation (3,) of the head as it is posed now, on top of the animator's animation."""
    rig = rig_of(obj, name)
    joints = (*rig.neck, rig.head)
    paths = [channel_path(j.name, each) for j in joints for each in (modes.attribute(j.mode), "location")]
    # Read before the stand-in: what is posed and not keyed stands on the object alone.
    posed = {path: np.array([[float(value) for value in obj.path_resolve(path)]]) for path in paths}  # type: ignore[union-attr]
    with stand_in(obj) as copy:
        own = sample(copy, paths, np.array([frame]))
    found = {}
    for joint in joints:
        turn, place = (channel_path(joint.name, each) for each in (modes.attribute(joint.mode), "location"))
        base, turned = (modes.to_quaternion(joint.mode, each[turn]) for each in (own, posed))
        found[joint.name] = JointMotion(base, turned, posed[place] - own[place])
    motion = recover(np.zeros(1), rig, found)
    pose = {name: each.turned for name, each in found.items()}
    bases = base_of(obj).sample(joints, np.array([frame]))
    rotation = reached(motion.rotation[:1], rig, bases, pose, character(obj).neck_share)[0]
    return rotation, motion.translation_m[0]


def _seconds(obj: bpy.types.Object, line: DirectedLine, frame: float) -> float:
    seconds = float(line.rate.seconds(frame))
    last = float(strip_of(obj, line.layer.name)[0].frame_end)
    if not line.rate.start_frame - 1e-6 <= frame <= last + 1e-6:
        raise DirectionError(
            f"Frame {frame:g} is outside of the take",
            f"Move the playhead between frames {line.rate.start_frame:g} and {last:g}",
        )
    return max(0.0, seconds)


def _at(obj: bpy.types.Object, line: str, seconds: float) -> int | None:
    for index, item in enumerate(chosen(obj).pins):
        if item.line == line and abs(seconds_of(item) - seconds) < NEAREST_PINS_S:
            return index
    return None
