"""BVH to `HeadPoseTrack`: how the head turns on the chest, whatever the file's skeleton and axes."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import RigError, StyleError
from ..motion import HeadPoseTrack
from ..rig.detect import find_rig_map
from ..rig.sides import pairs
from ..types import Array
from .neutral import about_neutral

_AXES = {"X": 0, "Y": 1, "Z": 2}
_MOTION = re.compile(r"^\s*MOTION\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Joint:
    """A joint of the hierarchy.

    parent : name, None for the root
    offset : (3,) from the parent at rest, in the file's unit
    channels : of position and rotation, in the order of the file; `first` is the column of the first one
    """

    parent: str | None
    offset: Array
    channels: tuple[str, ...] = ()
    first: int = 0


@dataclass(frozen=True)
class Recording:
    """What a BVH file holds: joints by name, parents first, and (T, channels) values in degrees."""

    joints: dict[str, Joint]
    values: Array
    frame_s: float


def read_bvh(path: Path) -> HeadPoseTrack:
    """Track of the head in a BVH file.

    The rotation is that of the head joint (found as in a rig) relative to the joint that carries the neck,
    expressed in the head frame and relative to its own median. The file's axes are read off its rest pose: the
    head lies above that joint, paired joints lie left and right; without pairs the face looks along +Z, or
    along −Y where Z is up. A BVH does not separate the head's displacement from the body's, so there is none.

    Raises
    ------
    StyleError : no BVH, damaged, no joint that is a head, or a head without rotation
    """
    try:
        recording = parse(path.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    except (ValueError, IndexError, KeyError) as error:
        raise _refusal(path, "is damaged or no BVH file") from error
    joints = recording.joints
    try:
        found = find_rig_map({name: joint.parent for name, joint in joints.items()})
    except RigError as error:
        raise StyleError(
            f"No joint of “{path.name}” is a head", "Rename the joint that the skull follows to “Head”"
        ) from error
    chest = joints[[*found.neck, found.head][0]].parent
    turned = [name for name in _upward_to(joints, found.head, chest) if _turns(joints[name])]
    if not turned:
        raise _refusal(path, f"has no rotation for “{found.head}”")
    rotation = np.broadcast_to(rot.IDENTITY, (len(recording.values), 4))
    for name in turned:
        rotation = rot.multiply(rotation, _rotation(joints[name], recording.values))
    axes = rot.from_matrix(head_axes(joints, found.head, chest))
    rotation = rot.multiply(rot.inverse(axes), rot.multiply(rotation, axes))
    return about_neutral(
        np.arange(len(rotation), dtype=np.float64) * recording.frame_s, rotation, source=path
    )


def parse(text: str) -> Recording:
    """Read a BVH file. Raises ValueError, IndexError or KeyError where it is none."""
    hierarchy, motion = _MOTION.split(text, maxsplit=1)
    joints = _hierarchy(hierarchy.split())
    words = motion.split()
    if [word.lower() for word in (words[0], words[2], words[3])] != ["frames:", "frame", "time:"]:
        raise ValueError("no frames")
    frame_s = float(words[4])
    width = sum(len(joint.channels) for joint in joints.values())
    values = np.array(words[5:], np.float64).reshape(int(words[1]), width)
    if len(values) < 2 or not np.isfinite(values).all() or not 1e-4 < frame_s < 1.0:
        raise ValueError("no usable values")
    return Recording(joints, values, frame_s)


def _hierarchy(words: list[str]) -> dict[str, Joint]:
    """Joints of a hierarchy; the ends of limbs, which have no channels, are left out."""
    joints: dict[str, Joint] = {}
    above: list[str | None] = []
    name: str | None = None
    column = 0
    at = 0
    while at < len(words):
        word = words[at].upper()
        if word in {"ROOT", "JOINT"}:
            start = at + 1
            at = words.index("{", start)
            name = " ".join(words[start:at])
            if name in joints:
                raise ValueError("two joints of one name")
            joints[name] = Joint(next((joint for joint in reversed(above) if joint), None), np.zeros(3))
            above.append(name)
        elif word == "END":
            at = words.index("{", at)
            name = None
            above.append(None)
        elif word == "}":
            above.pop()
        elif word == "OFFSET" and name:
            joints[name] = Joint(joints[name].parent, np.array(words[at + 1 : at + 4], np.float64))
            at += 3
        elif word == "CHANNELS" and name:
            count = int(words[at + 1])
            channels = tuple(words[at + 2 : at + 2 + count])
            joints[name] = Joint(joints[name].parent, joints[name].offset, channels, column)
            column += count
            at += 1 + count
        at += 1
    if not joints or above:
        raise ValueError("no whole hierarchy")
    return joints


def head_axes(joints: dict[str, Joint], head: str, chest: str | None) -> Array:
    """The head frame's axes (columns: left, up, out of the face) in the file's, each along one of them."""
    place: dict[str, Array] = {}
    for name, joint in joints.items():
        place[name] = joint.offset + (place[joint.parent] if joint.parent else 0.0)
    up = _nearest_axis(place[head] - (place[chest] if chest else 0.0), default=(0.0, 1.0, 0.0))
    apart = sum((place[left] - place[right] for left, right in pairs(joints)), np.zeros(3))
    left = _nearest_axis(apart - up * (apart @ up), default=(0.0, 1.0, 0.0) if up[0] else (1.0, 0.0, 0.0))
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _nearest_axis(vector: Array, default: tuple[float, float, float]) -> Array:
    if not vector.any():
        return np.array(default)
    axis = np.zeros(3)
    largest = int(np.argmax(np.abs(vector)))
    axis[largest] = np.sign(vector[largest])
    return axis


def _upward_to(joints: dict[str, Joint], head: str, chest: str | None) -> list[str]:
    """Joints above `chest` on the way to the head, the lowest first."""
    chain: list[str] = []
    name: str | None = head
    while name is not None and name != chest:
        chain.insert(0, name)
        name = joints[name].parent
    return chain


def _turns(joint: Joint) -> bool:
    return any(channel.lower().endswith("rotation") for channel in joint.channels)


def _rotation(joint: Joint, values: Array) -> Array:
    """Rotation of a joint against its parent, quaternions (T, 4): channels multiply in the file's order."""
    rotation = np.broadcast_to(rot.IDENTITY, (len(values), 4))
    for column, channel in enumerate(joint.channels, joint.first):
        if channel.lower().endswith("rotation"):
            vectors = np.zeros((len(values), 3))
            vectors[:, _AXES[channel[0].upper()]] = np.radians(values[:, column])
            rotation = rot.multiply(rotation, rot.from_rotvec(vectors))
    return rotation


def _refusal(path: Path, what: str) -> StyleError:
    return StyleError(f"“{path.name}” {what}", "Give a BVH file with a head joint, or a video")
