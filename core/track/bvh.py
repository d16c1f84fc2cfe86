"""BVH to `HeadPoseTrack`: how the head turns on the chest, whatever the file's skeleton and axes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import RigError, StyleError
from ..motion import HeadPoseTrack
from ..rig.body_frame import axes_in_head, head_frames
from ..rig.detect import find_rig_map
from ..rig.words import HEAD, read_name
from ..text_file import UnreadableError, read_text
from ..types import Array
from .bvh_file import Recording, parse
from .bvh_skeleton import Joint
from .neutral import about_neutral, hardly_turns

_POSES = 200  # are enough to see how a body stands
_STILL_DEG = 0.05
_NO_SIDES = "No joints of the file have a left and a right one; the face is taken to look along its axis +Z (−Y where Z is up)."


def read_bvh(path: Path) -> HeadPoseTrack:
    """Track of the head in a BVH file.

    The rotation is that of the head joint (found as in a rig) relative to the joint that carries the neck,
    expressed in the head frame and relative to its own median. Which way is up, left and out of the face is read
    from where the joints near the head stand while they move (`rig/body_frame.py`), so local frames and zero pose
    may be any. Frames in which the head's numbers are missing are bridged and not valid. A BVH does not separate
    the head's displacement from the body's, so there is none.

    Raises
    ------
    StyleError : no BVH, damaged, no joint that is a head, or a head without rotation
    """
    try:
        recording = parse(read_text(path))
    except UnreadableError as error:
        raise _refusal(path, str(error)) from error
    joints, parents = recording.joints, {name: joint.parent for name, joint in recording.joints.items()}
    try:
        found = find_rig_map(parents)
    except RigError as error:
        raise StyleError(
            f"No joint of “{path.name}” is a head", "Rename the joint that the skull follows to “Head”"
        ) from error
    chest = joints[[*found.neck, found.head][0]].parent
    head, said = _head_that_turns(recording, found.head)
    turning = _upward_to(joints, head, chest)
    if unknown := [channel for name in turning for channel in joints[name].unknown()]:
        raise _refusal(
            path,
            f"has the channels {', '.join(unknown[:3])} for “{head}”, and BVH has Xrotation, Yrotation, Zrotation",
        )
    columns = [column for name in turning for column, _ in joints[name].columns("rotation")]
    if not columns:
        raise _refusal(path, f"has no rotation for “{head}”")
    valid = np.isfinite(recording.values[:, columns]).all(axis=1)
    if valid.sum() < 2:
        raise _refusal(path, f"holds no numbers for “{head}”")
    values = np.nan_to_num(recording.values)
    rotation = np.broadcast_to(rot.IDENTITY, (len(values), 4))
    for name in turning:
        rotation = rot.multiply(rotation, joint_rotation(joints[name], values))
    axes, sided = _head_axes(recording, parents, head)
    track = about_neutral(
        np.arange(len(rotation), dtype=np.float64) * recording.frame_s,
        rot.multiply(rotation, rot.from_matrix(axes)),
        source=path,
        valid=valid,
        said=[*recording.said, *said, *_other_heads(parents, head), *(() if sided else (_NO_SIDES,))],
    )
    track.meta["warnings"][:0] = _about_frames(track, head)
    return track


def _head_that_turns(recording: Recording, head: str) -> tuple[str, tuple[str, ...]]:
    """The head, or where it has one pose all the time a joint called a head upon it that turns; and a sentence on that."""
    name = head
    while not _turns(recording, name):
        above = [each for each, joint in recording.joints.items() if joint.parent == name]
        heads = [each for each in above if read_name(each, HEAD)]
        if len(heads) != 1:
            return head, ()
        name = heads[0]
    return name, () if name == head else (
        f"“{head}” stands still in this file, so “{name}” is taken for the head.",
    )


def _turns(recording: Recording, name: str) -> bool:
    columns = [column for column, _ in recording.joints[name].columns("rotation")]
    angles = recording.values[:, columns]
    return (
        bool((np.nanmax(angles, axis=0) - np.nanmin(angles, axis=0) > _STILL_DEG).any()) if columns else False
    )


def _other_heads(parents: Mapping[str, str | None], head: str) -> tuple[str, ...]:
    """A sentence where the file holds heads of other bodies."""
    root = _root(parents, head)
    others = [name for name in parents if read_name(name, HEAD) and _root(parents, name) != root]
    return (f"The file holds several bodies; “{head}” is read, and “{others[0]}” is not.",) if others else ()


def _root(parents: Mapping[str, str | None], name: str) -> str:
    while (above := parents[name]) is not None:
        name = above
    return name


def _about_frames(track: HeadPoseTrack, head: str) -> list[str]:
    said = []
    lost = int((~track.valid).sum())
    if lost:
        said.append(f"The head has no numbers in {lost} of {len(track.valid)} frames; these are bridged.")
    if np.degrees(rot.angle_between(track.rotation, rot.IDENTITY)).max() < _STILL_DEG:
        said.append(f"“{head}” does not turn against the chest in this file.")
        return said
    return [*said, *hardly_turns(track.rotation)]


def _head_axes(recording: Recording, parents: dict[str, str | None], head: str) -> tuple[Array, bool]:
    """The head frame's axes in the head joint's own frame, shape (3, 3), and whether the left is known."""
    whole = recording.values[np.isfinite(recording.values).all(axis=1)]
    if not len(whole):
        whole = np.nan_to_num(recording.values)
    some = whole[np.unique(np.linspace(0, len(whole) - 1, _POSES).astype(int))]
    place: dict[str, Array] = {}
    turn: dict[str, Array] = {}
    for name, joint in recording.joints.items():
        rotation, offset = joint_rotation(joint, some), _translation(joint, some)
        if joint.parent is None:
            turn[name], place[name] = rotation, offset
        else:
            turn[name] = rot.multiply(turn[joint.parent], rotation)
            place[name] = place[joint.parent] + rot.rotate(turn[joint.parent], offset)
    frames, sided = head_frames(parents, head, place)
    return axes_in_head(frames, turn[head]), sided


def _translation(joint: Joint, values: Array) -> Array:
    """Place of a joint in its parent's frame, (T, 3).

    Position channels of a joint below the root stand for the offset in most files, as Blender reads them, and
    are added to it in others, where they are small or zero.
    """
    offset = np.broadcast_to(joint.offset, (len(values), 3)).copy()
    columns = list(joint.columns("position"))
    if not columns:
        return offset
    moved = np.zeros_like(offset)
    for column, axis in columns:
        moved[:, axis] = values[:, column]
    instead = np.median(np.linalg.norm(moved, axis=1)) > 0.5 * np.linalg.norm(joint.offset)
    return moved if instead and len(columns) == 3 else offset + moved


def _upward_to(joints: dict[str, Joint], head: str, chest: str | None) -> list[str]:
    """Joints above `chest` on the way to the head, the lowest first."""
    chain: list[str] = []
    name: str | None = head
    while name is not None and name != chest:
        chain.insert(0, name)
        name = joints[name].parent
    return chain


def joint_rotation(joint: Joint, values: Array) -> Array:
    """Rotation of a joint against its parent, quaternions (T, 4): channels multiply in the file's order."""
    rotation = np.broadcast_to(rot.IDENTITY, (len(values), 4))
    for column, axis in joint.columns("rotation"):
        vectors = np.zeros((len(values), 3))
        vectors[:, axis] = np.radians(values[:, column])
        rotation = rot.multiply(rotation, rot.from_rotvec(vectors))
    return rotation


def _refusal(path: Path, what: str) -> StyleError:
    return StyleError(f"“{path.name}” {what}", "Give a BVH file with a head joint, or a video")
