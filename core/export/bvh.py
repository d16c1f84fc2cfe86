"""Head motion as BVH: degrees, channels Y X Z, the head's world rotation that of the motion."""

from pathlib import Path
from typing import TextIO

import numpy as np

from .. import rotation as rot
from ..files import replacing
from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .presets import ANY, Form
from .skeleton import Posed, posed

_ROTATIONS = "Yrotation Xrotation Zrotation"
_POSITIONS = "Xposition Yposition Zposition"


def write_bvh(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
    """Write a motion as BVH, one row a frame from t = 0 to its end.

    The root and the joint that takes the translation have position channels; these hold the whole way from
    the parent, as most programs read them. Rotations are expressed in the order in which R = Ry Rx Rz
    multiplies. Raises OutputError where the file cannot be written.
    """
    body = posed(motion, rate, form)
    count = len(body.time_s)
    columns = []
    for index, bone in enumerate(body.bones):
        if bone.place is not None:
            columns.append(bone.place)
        elif index == 0:
            columns.append(np.broadcast_to(bone.offset, (count, 3)))
        columns.append(_degrees(bone.rotation))
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(_hierarchy(body))
        write_rows(file, np.concatenate(columns, axis=1), rate)


def write_rows(file: TextIO, rows: Array, rate: FrameRate) -> None:
    """Write the MOTION of a BVH file: values (T, channels) in degrees and the file's unit."""
    # The shortest text that is this float again: nine digits are 0.1 ms off after an hour.
    file.write(f"MOTION\nFrames: {len(rows)}\nFrame Time: {float(1 / rate.fps)!r}\n")
    np.savetxt(file, rows.round(6) + 0.0, fmt="%.6f")  # no "-0"


def _degrees(rotation: Array) -> Array:
    """Angles about Y, X, Z in degrees, shape (T, 3), without jumps by a whole turn."""
    return np.degrees(np.unwrap(rot.to_euler(rotation)[:, [1, 0, 2]], axis=0))


def _hierarchy(body: Posed) -> str:
    lines = ["HIERARCHY"]
    for depth, bone in enumerate(body.bones):
        tab = "\t" * depth
        moves = depth == 0 or bone.place is not None
        lines += [
            f"{tab}{'JOINT' if depth else 'ROOT'} {bone.name}",
            f"{tab}{{",
            f"{tab}\tOFFSET {_offset(bone.offset)}",
            f"{tab}\tCHANNELS {f'6 {_POSITIONS}' if moves else 3} {_ROTATIONS}",
        ]
    tab = "\t" * len(body.bones)
    lines += [f"{tab}End Site", f"{tab}{{", f"{tab}\tOFFSET {_offset(body.crown)}", f"{tab}}}"]
    lines += ["\t" * depth + "}" for depth in reversed(range(len(body.bones)))]
    return "\n".join(lines) + "\n"


def _offset(offset: Array) -> str:
    return " ".join(f"{value:g}" if value else "0" for value in np.round(offset, 6) + 0.0)
