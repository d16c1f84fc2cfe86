"""HeadMotion to files: CSV, BVH and FBX, each from t = 0 at any frame rate."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ..errors import OutputError
from ..motion import HeadMotion
from ..motion_csv import write_motion
from ..timing import FrameRate
from .bvh import write_bvh
from .fbx import write_fbx

Exporter = Callable[[Path, HeadMotion, FrameRate], None]


def write_csv(path: Path, motion: HeadMotion, rate: FrameRate) -> None:
    """Write a motion as CSV, one row a frame from t = 0 to its end. Raises OutputError."""
    write_motion(path, motion.at(rate.grid(motion.duration_s)))


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {".csv": write_csv, ".bvh": write_bvh, ".fbx": write_fbx}
)
"""Writer of each file type, by suffix in lower case."""


def export_motion(path: Path, motion: HeadMotion, rate: FrameRate) -> None:
    """Write a motion in the format that the suffix of `path` names.

    Rows lie at whole frames from t = 0, the first audio sample, up to the motion's end; the
    start frame of `rate` plays no part in a file. The file appears whole or not at all.

    Raises
    ------
    OutputError : no such format, or the file cannot be written
    MissingPartError : FBX, and this Python has no `bpy`
    """
    exporter = EXPORTERS.get(path.suffix.lower())
    if exporter is None:
        raise OutputError(
            f"No motion file ends in “{path.suffix}”", f"Choose a name ending in {', '.join(EXPORTERS)}"
        )
    exporter(path, motion, rate)


__all__ = ["EXPORTERS", "export_motion", "write_bvh", "write_csv", "write_fbx"]
