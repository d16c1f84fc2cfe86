"""Motion files of a batch, read back as they are now: by the readers of recordings, and quickly where it is our own skeleton."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import StyleError, TableError
from ..export.presets import PRESETS
from ..motion import HeadPoseTrack
from ..text_file import UnreadableError, read_text
from ..track.bvh import joint_rotation
from ..track.bvh_file import Recording, parse
from ..track.read_reference import READERS

_LARGEST_BYTES = 1 << 28


class UnmeasuredError(ValueError):
    """Why a motion has no figures, a sentence."""


def has_reader(path: Path) -> bool:
    """Whether motions of this file's format can be read back."""
    return path.suffix.lower() in READERS


def read_motion_file(path: Path) -> HeadPoseTrack:
    """Read how the head turns in a motion file; the neutral pose may be any.

    Raises
    ------
    UnmeasuredError : there is no reader for its format, or it cannot be read
    """
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise UnmeasuredError(f"There is no reader for {suffix} files.")
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UnmeasuredError(f"It is larger than the {_LARGEST_BYTES >> 20} MB of any motion.")
        own = _own_bvh(path) if suffix == ".bvh" else None
        return own or reader(path)
    except (TableError, StyleError) as error:
        raise UnmeasuredError(f"{error.problem}.") from error
    except UnreadableError as error:
        raise UnmeasuredError(f"“{path.name}” {error}.") from error
    except OSError as error:
        raise UnmeasuredError(f"It cannot be read ({error.strerror or error}).") from error


def _own_bvh(path: Path) -> HeadPoseTrack | None:
    """The head's rotation in the world where a file has the skeleton that `export/bvh.py` writes, in a sixth of the time."""
    recording = parse(read_text(path))
    if not _is_own(recording):
        return None
    values, count = recording.values, len(recording.values)
    rotation = np.broadcast_to(rot.IDENTITY, (count, 4))
    for joint in recording.joints.values():
        rotation = rot.multiply(rotation, joint_rotation(joint, values))
    return HeadPoseTrack(
        np.arange(count, dtype=np.float64) * recording.frame_s,
        rot.continuous(rotation),
        np.zeros((count, 3)),
        np.ones(count, np.bool_),
    )


def _is_own(recording: Recording) -> bool:
    """Whether the joints are those of a preset with Y up, upright on each other, and every row has all its numbers."""
    joints = recording.joints
    parents = [None, *joints]
    return (
        tuple(joints) in {preset.names for preset in PRESETS.values() if preset.up == "Y"}
        and all(joint.parent == parent for joint, parent in zip(joints.values(), parents, strict=False))
        and all(not joint.offset[[0, 2]].any() and joint.offset[1] >= 0 for joint in joints.values())
        and bool(np.isfinite(recording.values).all())
    )
