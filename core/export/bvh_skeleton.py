"""Head motion on the skeleton of a BVH file: its hierarchy as it is, and rows in which all but head and neck rest."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import RigError
from ..files import replacing
from ..motion import HeadMotion
from ..rig import modes
from ..rig.neutral_pose import CRUMPLED
from ..text_file import UnreadableError, read_text
from ..timing import FrameRate
from ..track.bvh import joint_rotation
from ..track.bvh_file import hierarchy_of, parse
from ..track.bvh_skeleton import Joint, parse_skeleton
from ..types import Array
from .bvh import write_rows
from .presets import Form
from .target import TargetJoint, find_head, on_target

_CRUMPLED = (
    "The zero pose of the skeleton's file is none of a body, so all other joints stand as in its first row."
)


def write_onto_bvh(path: Path, motion: HeadMotion, rate: FrameRate, form: Form) -> tuple[str, ...]:
    """Write a motion on the head and neck of the form's BVH, whose joints, names, offsets and channels stay.

    All other joints hold their zero pose; the root stands as the first row of the skeleton's file has it.

    Raises
    ------
    RigError : no BVH, or none with a head that turns
    OutputError : the file cannot be written
    """
    source = form.skeleton
    assert source is not None
    try:
        text = read_text(source)
        hierarchy = hierarchy_of(text)
        joints = parse_skeleton(hierarchy)
    except UnreadableError as error:
        raise RigError(f"“{source.name}” {error}", "Give a BVH file with a head joint") from error
    motion = motion.at(rate.grid(motion.duration_s))
    found = find_head({name: joint.parent for name, joint in joints.items()}, form)
    rows = _rows(text)
    crumpled = _crumpled(joints, rows, found.head)
    rest = rows[:1] if crumpled and rows is not None else _rest(joints, rows)
    # Which way the root is turned changes nothing about the joints' own axes, and would hide which way is front.
    pose = rest if crumpled else np.zeros_like(rest)
    moved = on_target(motion, _at_rest(joints, pose), form, found, at_rest=not crumpled)
    values = np.zeros((len(motion.time_s), rest.shape[1])) + rest
    for name, joint in joints.items():
        turn = joint_rotation(joint, rest)
        if name in moved.turns:
            columns, axes = zip(*joint.columns("rotation"), strict=True)
            base = np.zeros((len(values), 3))
            base[:, axes] = np.radians(values[:, columns])
            angles = base + modes.difference(_mode(joint), rot.multiply(turn, moved.turns[name]), base)
            values[:, columns] = np.degrees(angles[:, axes])
        if name in moved.shifts:
            columns, axes = zip(*joint.columns("position"), strict=True)
            values[:, columns] += rot.rotate(turn, moved.shifts[name])[:, axes]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(hierarchy.rstrip() + "\n")
        write_rows(file, values, rate)
    return (*moved.notes, *((_CRUMPLED,) if crumpled else ()))


def _rows(text: str) -> Array | None:
    """The numbers of the file, (T, channels); None where there are none."""
    try:
        return np.nan_to_num(parse(text).values)
    except UnreadableError:
        return None


def _rest(joints: Mapping[str, Joint], rows: Array | None) -> Array:
    """What all channels hold at rest, (1, channels): roots are as in the first row, all else is zero.

    Below the roots, positions are the way from the parent in most files, and in others what is added to the
    offset: then they are small there.
    """
    rest = np.zeros((1, sum(len(joint.channels) for joint in joints.values())))
    for joint in joints.values():
        columns = dict(joint.columns("position"))
        first = None if rows is None else rows[0, list(columns)]
        if joint.parent is None and rows is not None:
            own = [*columns, *dict(joint.columns("rotation"))]
            rest[0, own] = rows[0, own]
        elif first is None or np.linalg.norm(first) >= 0.5 * np.linalg.norm(joint.offset):
            rest[0, list(columns)] = joint.offset[list(columns.values())]
    return rest


def _crumpled(joints: Mapping[str, Joint], rows: Array | None, head: str) -> bool:
    """Whether the zero pose is none that a body takes, as in recordings whose frames lie along the bones."""
    if rows is None:
        return False
    turn = np.broadcast_to(rot.IDENTITY, (len(rows), 4))
    name: str | None = head
    while name is not None and joints[name].parent is not None:
        turn = rot.multiply(joint_rotation(joints[name], rows), turn)
        name = joints[name].parent
    return bool(rot.angle_between(rot.geodesic_median(turn), rot.IDENTITY) > CRUMPLED)


def _at_rest(joints: Mapping[str, Joint], rest: Array) -> dict[str, TargetJoint]:
    """Joints as the channels (1, channels) have them."""
    found: dict[str, TargetJoint] = {}
    for name, joint in joints.items():
        above = found[joint.parent] if joint.parent else TargetJoint(None, rot.IDENTITY, np.zeros(3))
        axes = sorted(axis for _, axis in joint.columns("position"))
        found[name] = TargetJoint(
            joint.parent,
            rot.multiply(above.turn, joint_rotation(joint, rest)[0]),
            above.place + rot.rotate(above.turn, joint.offset),
            len(_mode(joint)) == 3,
            axes == [0, 1, 2],
        )
    return found


def _mode(joint: Joint) -> str:
    """Order of a joint's angles as Blender names it, the one that turns first first; empty where one is missing."""
    axes = "".join("XYZ"[axis] for _, axis in joint.columns("rotation"))
    return axes[::-1] if sorted(axes) == ["X", "Y", "Z"] else ""
