"""Head motion on a skeleton of the user's: which of its joints take it, and how far each turns and shifts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..errors import RigError
from ..motion import HEAD_HEIGHT_M, HeadMotion
from ..rig.body_frame import axes_in_head, head_frames
from ..rig.detect import RigMap, find_rig_map
from ..rig.head_frame import head_axes, left_of
from ..rig.head_size import head_height
from ..rig.retarget import Base, Joint, Rig, retarget
from ..types import Array
from .presets import Form

_FARTHEST = 1e9
_ALL = (True, True, True)
_UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True)
class TargetJoint:
    """A joint at rest, in the file's axes and unit.

    turn : (4,) rotation in the world
    place : (3,) position in the world
    turns, shifts : whether the file lets it do so
    """

    parent: str | None
    turn: Array
    place: Array
    turns: bool = True
    shifts: bool = True


@dataclass(frozen=True)
class Moved:
    """What head and neck do.

    turns : (T, 4) rotation of a joint from its rest, about its own axes at rest
    shifts : (T, 3) way of a joint from its rest, along its own axes at rest, in units of the world
    """

    turns: Mapping[str, Array]
    shifts: Mapping[str, Array]
    notes: tuple[str, ...]


def on_target(
    motion: HeadMotion,
    joints: Mapping[str, TargetJoint],
    form: Form,
    found: RigMap,
    *,
    at_rest: bool = True,
) -> Moved:
    """Put a motion on the head and neck of a skeleton at rest, at the motion's own samples.

    Up, left and front from where the joints stand
    (`rig/head_frame.py`, `rig/body_frame.py`), and the size of the shift from the size of the body (`rig/head_size.py`). The
    head turns in the world by exactly the motion, however its own axes lie.

    joints : by name, in the order of the file
    found : head and neck, see `find_head`
    at_rest : whether the joints stand in a rest pose; else in any pose, and the head's own axes count

    Raises
    ------
    RigError : the head cannot turn
    """
    parents = {name: joint.parent for name, joint in joints.items()}
    head = joints[found.head]
    if not head.turns:
        raise RigError(f"“{found.head}” has no channels for a rotation", "Give it three, or another skeleton")
    positions = {name: joint.place for name, joint in joints.items()}
    if not all(np.abs(place).max() < _FARTHEST for place in positions.values()):
        raise _odd(form)
    if at_rest:
        chest = parents[(*found.neck, found.head)[0]]
        axes = head_axes(found.head, chest, parents, positions, default_up=_UP)
        sided = left_of(found.head, parents, positions) is not None
    else:
        frames, sided = head_frames(parents, found.head, {name: at[None] for name, at in positions.items()})
        axes = rot.multiply(head.turn, rot.from_matrix(axes_in_head(frames, head.turn[None])))
    rig = Rig(
        _joint(found.head, head),
        tuple(_joint(name, joints[name]) for name in found.neck),
        axes,
        _height(found, axes, parents, joints) / HEAD_HEIGHT_M,
    )
    count = len(motion.time_s)
    still = np.broadcast_to(rot.IDENTITY, (count, 4))
    curves = retarget(
        motion,
        rig,
        {name: Base(still, still) for name in (*found.neck, found.head)},
        neck_share=form.neck_share,
    )
    if not all(np.isfinite(channel.values).all() for channel in curves.channels):
        raise _odd(form)
    said = [
        f"Head and neck of the skeleton are {', '.join(f'“{name}”' for name in (found.head, *found.neck))}."
    ]
    if not found.neck:
        said = [f"The head of the skeleton is “{found.head}”; it has no neck, so the head turns alone."]
    if not sided:
        said.append(
            "No joints have a left and a right one; the face is taken to look along +Z (−Y where Z is up)."
        )
    by_kind = {
        kind: {each.joint: each.values for each in curves.channels if each.attribute == kind}
        for kind in ("rotation_quaternion", "location")
    }
    notes = (*said, *(f"{note}." for note in curves.notes))
    return Moved(by_kind["rotation_quaternion"], by_kind["location"], notes)


def find_head(parents: Mapping[str, str | None], form: Form) -> RigMap:
    """Head and neck of a skeleton, found as in a rig. Raises RigError where no joint is a head."""
    try:
        return find_rig_map(parents)
    except RigError as error:
        name = form.skeleton.name if form.skeleton else "the skeleton"
        raise RigError(
            f"No joint of “{name}” is a head", "Rename the joint that the skull follows to “Head”"
        ) from error


def _odd(form: Form) -> RigError:
    name = form.skeleton.name if form.skeleton else "the skeleton"
    return RigError(
        f"The joints of “{name}” stand where no body has them", "Give a skeleton in its rest pose"
    )


def _joint(name: str, joint: TargetJoint) -> Joint:
    return Joint(
        name,
        "QUATERNION",
        joint.turn,
        locked_rotation=(False, False, False) if joint.turns else _ALL,
        connected=not joint.shifts,
        place=joint.place,
    )


def _height(
    found: RigMap, axes: Array, parents: Mapping[str, str | None], joints: Mapping[str, TargetJoint]
) -> float:
    """Height of the head in the file's unit."""
    place = joints[found.head].place
    away = [joint.place - place for joint in joints.values() if joint.parent == found.head]
    below = joints[parents[found.head] or found.head].place
    length = max((float(np.linalg.norm(way)) for way in (*away, place - below)), default=0.0)
    up = rot.rotate(axes, _UP)
    positions = {name: joint.place for name, joint in joints.items()}
    return head_height(found.head, length, up, parents, positions)
