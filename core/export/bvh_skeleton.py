"""Head motion on the skeleton of a BVH file: its hierarchy as it is, and rows in which all but head and neck rest."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..errors import RigError
from ..files import replacing
from ..motion import HeadMotion
from ..rig import modes
from ..rotation import IDENTITY
from ..text_file import UnreadableError, read_text
from ..timing import FrameRate
from ..track.bvh_file import hierarchy_of, parse
from ..track.bvh_skeleton import Joint, parse_skeleton
from ..types import Array
from .bvh import write_rows
from .presets import Form
from .target import TargetJoint, on_target


def write_onto_bvh(path: Path, motion: HeadMotion, rate: FrameRate, form: Form) -> tuple[str, ...]:
    """Write a motion on the head and neck of the form's BVH, whose joints, names, offsets and channels stay.

    All other joints hold their zero pose; the root stands where the first row of the skeleton's file has it.

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
    moved = on_target(motion, rate, _at_rest(joints), form)
    rows = np.zeros((len(moved.time_s), sum(len(joint.channels) for joint in joints.values())))
    stands = _stand(text, joints)
    for name, joint in joints.items():
        place = stands[name] + moved.shifts.get(name, np.zeros((1, 3)))
        for column, axis in joint.columns("position"):
            rows[:, column] = place[:, axis]
        if name in moved.turns:
            angles = modes.difference(_mode(joint), moved.turns[name], np.zeros((len(rows), 3)))
            for column, axis in joint.columns("rotation"):
                rows[:, column] = np.degrees(angles[:, axis])
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(hierarchy.rstrip() + "\n")
        write_rows(file, rows, rate)
    return moved.notes


def _at_rest(joints: Mapping[str, Joint]) -> dict[str, TargetJoint]:
    """Joints in the zero pose, in which none is turned."""
    found: dict[str, TargetJoint] = {}
    for name, joint in joints.items():
        above = found[joint.parent].place if joint.parent else np.zeros(3)
        axes = sorted(axis for _, axis in joint.columns("position"))
        found[name] = TargetJoint(
            joint.parent, IDENTITY, above + joint.offset, len(_mode(joint)) == 3, axes == [0, 1, 2]
        )
    return found


def _mode(joint: Joint) -> str:
    """Order of a joint's angles as Blender names it, the one that turns first first; empty where one is missing."""
    axes = "".join("XYZ"[axis] for _, axis in joint.columns("rotation"))
    return axes[::-1] if sorted(axes) == ["X", "Y", "Z"] else ""


def _stand(text: str, joints: Mapping[str, Joint]) -> dict[str, Array]:
    """What the position channels of each joint that has three hold at rest, (3,).

    Roots stand where the first row has them. Below, the channels hold the way from the parent in most files, and
    in others what is added to the offset: then they are small there.
    """
    try:
        first = np.nan_to_num(parse(text).values[0])
    except UnreadableError:
        first = None
    found: dict[str, Array] = {}
    for name, joint in joints.items():
        columns = {axis: column for column, axis in joint.columns("position")}
        found[name] = joint.offset
        if len(columns) == 3 and first is not None:
            value = first[[columns[axis] for axis in range(3)]]
            added = np.linalg.norm(value) < 0.5 * np.linalg.norm(joint.offset)
            if joint.parent is None or added:
                found[name] = value if joint.parent is None else np.zeros(3)
    return found
