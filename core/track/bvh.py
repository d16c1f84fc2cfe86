"""BVH to `HeadPoseTrack`: how the head turns on the chest, whatever the file's skeleton and axes."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import RigError, StyleError
from ..motion import HeadPoseTrack
from ..rig.body_frame import BodyFrame, body_frame, chain
from ..rig.detect import find_rig_map
from ..types import Array, BoolArray
from .bvh_file import Joint, Recording, read_bvh_file, refusal
from .neutral import about_neutral

_LEAST_FRAMES = 2
_MOST_BRIDGED = 0.5  # of all frames
_SAMPLES = 500  # frames from which the body's axes are read
_DEFAULT_LEFT = np.array([1.0, 0.0, 0.0])  # of a body that looks along +Z with Y up, or along -Y with Z up
_GUESSED_FRONT = (
    "No joints of a left and a right side were found near the head, so which way it faces is a guess."
)


def read_bvh(path: Path) -> HeadPoseTrack:
    """Track of the head in a BVH file.

    The rotation is that of the head joint (found as in a rig) relative to the joint that carries the neck,
    expressed in the head frame and relative to its own median. Which way the body is up, left and front is
    read from how neck, head and shoulders stand in the recording, see `rig/body_frame.py`. A BVH does not
    separate the head's displacement from the body's, so there is none. Frames without numbers are not valid.

    Raises
    ------
    StyleError : no BVH, damaged, no joint that is a head, a head without rotation, hardly a frame with numbers
    """
    recording = read_bvh_file(path)
    joints = recording.joints
    parents = {name: joint.parent for name, joint in joints.items()}
    try:
        found = find_rig_map(parents)
    except RigError as error:
        raise StyleError(
            f"No joint of “{path.name}” is a head", "Rename the joint that the skull follows to “Head”"
        ) from error
    chest = parents[[*found.neck, found.head][0]]
    way = chain(parents, found.head, chest)
    if not any(joints[name].turns for name in way):
        raise refusal(
            path, f"has no rotation for “{found.head}”", "Export it with rotations, or give a video"
        )
    below = chain(parents, chest, None) if chest else []
    usable = _usable(recording, [*below, *way], path)
    values = recording.values
    relative = _product(joints, way, values[usable])
    frame = _body(recording, found.head, chest, values[usable], relative)
    turned = rot.multiply(rot.multiply(rot.inverse(frame.chest), relative), frame.head)
    notes = [*recording.notes, *_bridged(usable, recording.frame_s)]
    if not frame.has_sides:
        notes.append(_GUESSED_FRONT)
    rotation = np.broadcast_to(rot.IDENTITY, (len(values), 4)).copy()
    rotation[usable] = turned
    time_s = np.arange(len(values), dtype=np.float64) * recording.frame_s
    return about_neutral(time_s, rotation, source=path, valid=usable, notes=notes)


def _usable(recording: Recording, names: list[str], path: Path) -> BoolArray:
    """Frames (T,) that have a number in each channel that turns the head."""
    columns = [column for name in names for column, _ in recording.joints[name].turns]
    usable = np.asarray(np.isfinite(recording.values[:, columns]).all(axis=1), np.bool_)
    if len(usable) < _LEAST_FRAMES:
        raise refusal(
            path, f"holds {len(usable) or 'no'} frame{'s' * (len(usable) != 1)}", "Export all of its frames"
        )
    if usable.sum() < max(_LEAST_FRAMES, _MOST_BRIDGED * len(usable)):
        raise refusal(
            path,
            f"has no usable numbers for its head in {np.sum(~usable)} of {len(usable)} frames",
            "Export the recording again, or solve its lost markers first",
        )
    return usable


def _bridged(usable: BoolArray, frame_s: float) -> list[str]:
    count = int(np.sum(~usable))
    if not count:
        return []
    first = float(np.argmin(usable)) * frame_s
    rows = "1 row holds" if count == 1 else f"{count} rows hold"
    return [
        f"{rows} no usable numbers for the head, the first at {first:.1f} s; the motion is bridged there."
    ]


def _body(recording: Recording, head: str, chest: str | None, values: Array, relative: Array) -> BodyFrame:
    """Axes of the body in the frames of chest and head."""
    joints = recording.joints
    at = np.unique(np.linspace(0, len(values) - 1, _SAMPLES).astype(int))
    sample = values[at]
    parents = {name: joint.parent for name, joint in joints.items()}
    world = _product(joints, chain(parents, chest, None), sample) if chest else _still(len(at))
    positions = _positions(recording, chest, sample)
    if chest is None:
        positions[head] = np.broadcast_to(_head_tip(joints, head), (len(at), 3))
    # Where nothing else says it, the zero pose does.
    return body_frame(world, positions, relative[at], head, _DEFAULT_LEFT)


def _positions(recording: Recording, chest: str | None, sample: Array) -> dict[str, Array]:
    """Positions (T, 3) of all joints above the chest, in its frame."""
    turns: dict[str | None, Array] = {chest: _still(len(sample))}
    places: dict[str | None, Array] = {chest: np.zeros((len(sample), 3))}
    for name, joint in recording.joints.items():
        if name != chest and joint.parent in places:
            above = turns[joint.parent]
            places[name] = places[joint.parent] + rot.rotate(
                above, np.broadcast_to(joint.offset, (len(sample), 3))
            )
            turns[name] = rot.multiply(above, _rotation(joint, np.nan_to_num(sample)))
    return {name: place for name, place in places.items() if name is not None and name != chest}


def _head_tip(joints: dict[str, Joint], head: str) -> Array:
    """Offset of a joint that the head carries; of a skeleton of one joint, none."""
    return next((joint.offset for joint in joints.values() if joint.parent == head), np.zeros(3))


def _still(count: int) -> Array:
    return np.broadcast_to(rot.IDENTITY, (count, 4))


def _product(joints: dict[str, Joint], names: list[str], values: Array) -> Array:
    """Rotation of the last joint against what carries the first, quaternions (T, 4)."""
    rotation = _still(len(values))
    for name in names:
        rotation = rot.multiply(rotation, _rotation(joints[name], values))
    return rotation


def _rotation(joint: Joint, values: Array) -> Array:
    """Rotation of a joint against its parent, quaternions (T, 4): channels multiply in the file's order."""
    rotation = _still(len(values))
    for column, axis in joint.turns:
        vectors = np.zeros((len(values), 3))
        vectors[:, axis] = np.radians(values[:, column])
        rotation = rot.multiply(rotation, rot.from_rotvec(vectors))
    return rotation
