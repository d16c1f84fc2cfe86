"""Head motion as BVH: Y up, centimetres, channels Y X Z, the head's world rotation that of the motion."""

from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..files import replacing
from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .skeleton import SKELETON, joint_rotations

_CM = 100.0
_ROTATIONS = "Yrotation Xrotation Zrotation"
_POSITIONS = "Xposition Yposition Zposition"


def write_bvh(path: Path, motion: HeadMotion, rate: FrameRate) -> None:
    """Write a motion as BVH, one row a frame from t = 0 to its end.

    The root's position is the motion's translation and nothing else; channels are expressed in the
    order in which R = Ry Rx Rz multiplies. Raises OutputError where the file cannot be written.
    """
    motion = motion.at(rate.grid(motion.duration_s))
    joints = [_degrees(rotation) for rotation in joint_rotations(motion)]
    rows = np.concatenate([motion.translation_m * _CM, *joints], axis=1).round(6) + 0.0  # no "-0"
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(_hierarchy())
        file.write(f"MOTION\nFrames: {len(rows)}\nFrame Time: {float(1 / rate.fps):.9f}\n")
        np.savetxt(file, rows, fmt="%.6f")


def _degrees(rotation: Array) -> Array:
    """Angles about Y, X, Z in degrees, shape (T, 3), without jumps by a whole turn."""
    return np.degrees(np.unwrap(rot.to_euler(rotation)[:, [1, 0, 2]], axis=0))


def _hierarchy() -> str:
    lines = ["HIERARCHY"]
    offset = 0.0
    for depth, bone in enumerate(SKELETON):
        tab = "\t" * depth
        channels = f"3 {_ROTATIONS}" if depth else f"6 {_POSITIONS} {_ROTATIONS}"
        lines += [
            f"{tab}{'JOINT' if depth else 'ROOT'} {bone.name}",
            f"{tab}{{",
            f"{tab}\tOFFSET 0.0 {offset:.1f} 0.0",
            f"{tab}\tCHANNELS {channels}",
        ]
        offset = bone.length_m * _CM
    tab = "\t" * len(SKELETON)
    lines += [f"{tab}End Site", f"{tab}{{", f"{tab}\tOFFSET 0.0 {offset:.1f} 0.0", f"{tab}}}"]
    lines += ["\t" * depth + "}" for depth in reversed(range(len(SKELETON)))]
    return "\n".join(lines) + "\n"
