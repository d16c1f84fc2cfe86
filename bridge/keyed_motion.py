"""The head motion that a layer's keys hold, as they are now and as they were written."""

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import Base, Rig, modes
from ..core.rig.recover import JointMotion, recover
from ..core.timing import FrameRate
from ..core.types import Array
from .curves import are, channels_of, keys_of
from .layer_fit import fit_of, written_of
from .layer_motion import rig_of, strip_of
from .layer_tracks import curves_of
from .rig import channel_path

Values = Callable[[str, Array], Array]
"""Of a path and frames (T,): values (T, k) of a layer's channels."""


def keyed_motion(
    obj: bpy.types.Object, name: str, rate: FrameRate, *, written: bool = False
) -> tuple[Array, HeadMotion]:
    """Frames (T,) that a layer was written at, and the motion of its keys there, over what it was fitted to.

    rate : of the frames, with t = 0 where the speech begins
    written : as they were written, whatever has been edited since

    Raises
    ------
    RigError : there is no such layer, its bones are gone, or it is from a version that did not keep this
    """
    strip, record = strip_of(obj, name)
    first, last = record["frames"]
    frames = np.arange(first, last + 1, dtype=np.float64)
    values = _written(strip.action) if written else _now(strip.action)
    rig, bases = rig_of(obj, name), fit_of(strip.action).below(frames)
    return frames, recover(rate.seconds(frames), rig, _joints(rig, bases, frames, values))


def _joints(rig: Rig, bases: dict[str, Base], frames: Array, values: Values) -> dict[str, JointMotion]:
    joints = {}
    for joint in (*rig.neck, rig.head):
        channels, above = bases[joint.name].channels, bases[joint.name].above
        if channels.shape[1] != len(modes.DEFAULTS[modes.attribute(joint.mode)]):
            raise RigError(
                f"The rotation mode of “{joint.name}” has changed since its layer was made",
                "Change it back, or generate the layer again",
            )
        turns = values(channel_path(joint.name, modes.attribute(joint.mode)), frames)
        if joint.mode == "QUATERNION":
            layer = rot.multiply(rot.inverse(above), rot.multiply(rot.normalize(turns), above))
            turned = rot.multiply(channels, layer)
        else:
            turned = modes.to_quaternion(joint.mode, channels + turns)
        base = modes.to_quaternion(joint.mode, channels)
        joints[joint.name] = JointMotion(base, turned, values(channel_path(joint.name, "location"), frames))
    return joints


def _now(action: Any) -> Values:
    """By the curves; what a layer does not move adds nothing."""
    curves = curves_of(action, action.slots[0])

    def values(path: str, frames: Array) -> Array:
        found = _rest(path, len(frames))
        for index in range(found.shape[1]):
            if (path, index) in curves:
                found[:, index] = [curves[path, index].evaluate(frame) for frame in frames.tolist()]
        return found

    return values


def _written(action: Any) -> Values:
    table = written_of(action)

    def values(path: str, frames: Array) -> Array:
        found = _rest(path, len(frames))
        for index in range(found.shape[1]):
            if (path, index) in table:
                found[:, index] = table[path, index]
        return found

    return values


def hand_keyed(action: Any) -> list[float]:
    """Frames of keys that are no longer marked as generated."""
    curves = channels_of(action, action.slots[0]).fcurves
    return sorted(
        {at for curve in curves for at in keys_of(curve)[~are(curve, "type", "GENERATED"), 0].tolist()}
    )


def _rest(path: str, count: int) -> Array:
    return np.tile(np.array(modes.DEFAULTS[path.rpartition(".")[2]]), (count, 1))
