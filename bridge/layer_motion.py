"""The head motion of a layer as it is now: edited keys, influence, blending and place of its strip included."""

import json
from fractions import Fraction
from typing import Any

import bpy

from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import Rig, RigMap, modes
from ..core.rig.recover import JointMotion, recover
from ..core.timing import FrameRate
from ..core.types import Array
from .layer_tracks import LAYER, marked
from .rig import channel_path, read_rig
from .stand_in import sample, stand_in
from .timing import frame_rate


def layer_motion(obj: bpy.types.Object, name: str) -> HeadMotion:
    """The motion that a layer shows, by the name of its action; t = 0 where the speech begins.

    Samples at the rate of the active scene, up to the layer's end. What the layer adds to the animator's
    animation counts, as Blender evaluates it; whether it is muted does not. Its time is that of the frame
    rate that it was made at.

    Raises
    ------
    RigError : there is no such layer, or its bones are gone
    """
    strip, _ = strip_of(obj, name)
    start = start_of(obj, name)
    end_s = float(made_at(obj, name, start).seconds(strip.frame_end))
    return motion_at(obj, name, start, frame_rate(_scene()).grid(end_s))


def motion_at(obj: bpy.types.Object, name: str, start_frame: float, time_s: Array) -> HeadMotion:
    """The same at given times (T,), of which 0 lies at a given frame."""
    rig = rig_of(obj, name)
    frames = made_at(obj, name, start_frame).frames(time_s)
    paths = [
        channel_path(joint.name, attribute)
        for joint in (*rig.neck, rig.head)
        for attribute in (modes.attribute(joint.mode), "location")
    ]
    values = []
    for layer in ("", name):
        with stand_in(obj, layer, by_nla=True) as copy:
            values.append(sample(copy, paths, frames))
    joints = {}
    for joint in (*rig.neck, rig.head):
        turn, place = (channel_path(joint.name, each) for each in (modes.attribute(joint.mode), "location"))
        base, turned = (modes.to_quaternion(joint.mode, each[turn]) for each in values)
        joints[joint.name] = JointMotion(base, turned, values[1][place] - values[0][place])
    return recover(time_s, rig, joints)


def start_of(obj: bpy.types.Object, name: str) -> float:
    """The frame of the scene at which the layer's speech begins, wherever its strip has been moved to."""
    strip, record = strip_of(obj, name)
    first = record.get("start", record["frames"][0])
    return float(strip.frame_start + (first - strip.action_frame_start) * strip.scale)


def strip_of(obj: bpy.types.Object, name: str) -> tuple[Any, dict[str, Any]]:
    """The first strip of a layer, and what it was fitted to. Raises RigError where there is none."""
    for track, action in marked(obj, LAYER):
        for strip in track.strips:
            if action.name == name and strip.action == action:
                return strip, json.loads(action[LAYER])
    raise RigError(f"“{obj.name}” has no such layer of head motion", "Generate one first")


def rig_of(obj: bpy.types.Object, name: str) -> Rig:
    """Head and neck that a layer moves. Raises RigError where they are gone."""
    *neck, head = strip_of(obj, name)[1]["joints"]
    return read_rig(obj, RigMap(head, tuple(neck)) if head else None)


def made_at(obj: bpy.types.Object, name: str, start_frame: float) -> FrameRate:
    """The frame rate that a layer was made at, with t = 0 at a frame."""
    return clock_of(strip_of(obj, name)[1], start_frame)


def clock_of(record: dict[str, Any], start_frame: float) -> FrameRate:
    """The same by the record of a layer; one from an older version has the rate of the active scene."""
    fps = record.get("fps")
    return FrameRate(Fraction(fps), start_frame) if fps else frame_rate(_scene(), start_frame)


def _scene() -> Any:
    return bpy.context.scene
