"""Head motion on a rig: channel values for its head and neck, in whatever mode each bone turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .. import rotation as rot
from ..motion import HeadMotion
from ..neck_share import NECK_SHARE
from ..types import Array
from . import modes


@dataclass(frozen=True)
class Joint:
    """A bone, or a whole object, that takes a part of the motion.

    name : of the bone, empty for an object
    mode : Blender's rotation mode
    rest : (4,) rotation in the armature's axes in the neutral pose; for an object the identity
    follow : how much of this joint's rotation the head takes over, 0 to 1
    carries : whether the head shifts along with this joint
    locked_rotation, locked_location : axes that must not be written
    held : name of what turns this joint whatever its channels say, as a constraint does
    connected : a connected bone cannot move away from its parent
    location_axes : (4,) rotation of the axes of its location channel to the armature's; None: as `rest`
    place : (3,) position in the neutral pose, in the armature's axes
    """

    name: str
    mode: str
    rest: Array = field(default_factory=rot.IDENTITY.copy)
    follow: float = 1.0
    carries: bool = True
    locked_rotation: tuple[bool, bool, bool] = (False, False, False)
    locked_location: tuple[bool, bool, bool] = (False, False, False)
    held: str = ""
    connected: bool = False
    location_axes: Array | None = None
    place: Array = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True)
class Rig:
    """What the motion is put on.

    neck : joints from the chest upward
    axes : (4,) rotation from the head frame to the armature's axes, in the neutral pose
    units_per_m : lengths of the motion are multiplied by it
    is_front_evident : whether anything about the rig says where it looks
    """

    head: Joint
    neck: tuple[Joint, ...]
    axes: Array
    units_per_m: float = 1.0
    is_front_evident: bool = True


@dataclass(frozen=True)
class Base:
    """The animator's own pose of one joint over time.

    channels : (T, k) rotation channel values without our layers
    above : (T, 4) the rotation that Blender multiplies on after our layer; identity if none
    """

    channels: Array
    above: Array


@dataclass(frozen=True)
class Channel:
    """Values of one channel, of a bone or (name empty) of the object itself: (T, k) for `index`."""

    joint: str
    attribute: str
    index: tuple[int, ...]
    values: Array


@dataclass(frozen=True)
class MotionCurves:
    """All that a layer holds, to be combined with the animator's channels; and what was left out.

    time_s : (T,) seconds
    """

    time_s: Array
    channels: tuple[Channel, ...]
    notes: tuple[str, ...] = ()


def retarget(
    motion: HeadMotion,
    rig: Rig,
    bases: Mapping[str, Base],
    *,
    neck_share: float = NECK_SHARE,
    translation_scale: float = 1.0,
) -> MotionCurves:
    """Spread a head motion over the joints of a rig, as additive channel values.

    Each neck joint takes a slerp power of the rotation about its own rest axes, and the head what
    is then left, whatever locks kept the neck from. So on a rig at rest the head turns by exactly
    the motion, relative to the chest; on a posed rig each joint gets `base · delta`. The
    displacement goes to the lowest joint that can move.

    bases : pose of each joint, by name, at the times of the motion
    neck_share : part of the rotation that the neck bones take together, 0 to 1
    """
    notes: list[str] = []
    delta = rot.multiply(rig.axes, rot.multiply(motion.rotation, rot.inverse(rig.axes)))
    shift = rot.rotate(rig.axes, motion.translation_m) * rig.units_per_m * translation_scale
    joints = (*rig.neck, rig.head)
    necks = sum(_can_turn(joint) for joint in rig.neck)
    mover = next((joint for joint in joints if _can_move(joint)), None)

    channels, location = [], []
    turned = np.broadcast_to(rot.IDENTITY, delta.shape)  # by the joints so far, as the head takes it over
    for joint in joints:
        free = tuple(axis for axis in range(3) if not joint.locked_rotation[axis])
        if len(free) < 3:
            notes.append(f"{_label(joint)} has locked rotation axes, which stay as they are")
        if joint.held:
            so = "the motion may not show" if joint is rig.head else "the head turns without it"
            notes.append(f"{_label(joint)} is turned by “{joint.held}”, so {so}")
        if joint is mover:
            location = [_location(joint, shift, turned, bases)]
        if joint is rig.head:
            part = rot.multiply(rot.inverse(turned), delta)
        elif _can_turn(joint):
            part = rot.power(delta, neck_share / necks)
        else:
            continue
        if free:
            channel, done = _rotation(joint, part, bases[joint.name], free)
            channels.append(channel)
            turned = rot.multiply(turned, rot.power(done, joint.follow))
    if mover is None:
        notes.append(
            "Every bone of head and neck is connected or locked, so the head turns but does not shift"
        )
    elif mover is not joints[0]:
        notes.append(f"{_label(mover)} takes the shift, since what is below it is connected or locked")
    return MotionCurves(motion.time_s, (*channels, *location), tuple(notes))


def _label(joint: Joint) -> str:
    return f"Bone “{joint.name}”" if joint.name else "The object"


def _can_turn(joint: Joint) -> bool:
    return not (joint.held or all(joint.locked_rotation))


def _can_move(joint: Joint) -> bool:
    return joint.carries and not joint.connected and not any(joint.locked_location)


def _rotation(joint: Joint, part: Array, base: Base, free: tuple[int, ...]) -> tuple[Channel, Array]:
    """Channel that turns a joint by `part` (T, 4) as far as its locks let it, and how far that is."""
    attribute = modes.attribute(joint.mode)
    locked = [axis for axis in range(3) if axis not in free]
    delta = rot.multiply(rot.inverse(joint.rest), rot.multiply(part, joint.rest))
    if attribute != "rotation_euler" and locked:  # these channels are not one to an axis
        angles = modes.difference("XYZ", delta, np.zeros((len(delta), 3)))
        angles[:, locked] = 0.0
        delta = modes.to_quaternion("XYZ", angles)
    if joint.mode == "QUATERNION":
        # Blender multiplies from below upward: what lies above must be moved through.
        layer = rot.multiply(base.above, rot.multiply(delta, rot.inverse(base.above)))
        channel = Channel(joint.name, attribute, (0, 1, 2, 3), rot.continuous(layer))
    else:
        before = modes.to_quaternion(joint.mode, base.channels)
        added = modes.difference(joint.mode, rot.multiply(before, delta), base.channels)
        index = free if attribute == "rotation_euler" else (0, 1, 2, 3)
        if attribute == "rotation_euler" and locked:
            added[:, locked] = 0.0
            after = modes.to_quaternion(joint.mode, base.channels + added)
            delta = rot.multiply(rot.inverse(before), after)
        channel = Channel(joint.name, attribute, index, added[:, index])
    return channel, rot.multiply(joint.rest, rot.multiply(delta, rot.inverse(joint.rest)))


def _location(joint: Joint, shift: Array, turned: Array, bases: Mapping[str, Base]) -> Channel:
    """Displacement of a joint, given the rotations `turned` of its parents."""
    if joint.name:
        shift = rot.rotate(rot.inverse(turned), shift)
    else:  # an object shifts along its own axes, however the animator has turned it
        shift = rot.rotate(modes.to_quaternion(joint.mode, bases[""].channels), shift)
    axes = joint.rest if joint.location_axes is None else joint.location_axes
    return Channel(joint.name, "location", (0, 1, 2), rot.rotate(rot.inverse(axes), shift))
