"""The registry of export formats. Reading it imports no writer: panels, menus and `--help` list it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import OutputError
from ..lazy import attribute

if TYPE_CHECKING:
    from ..motion import HeadMotion
    from ..timing import FrameRate

Exporter = Callable[[Path, "HeadMotion", "FrameRate"], None]


@dataclass(frozen=True)
class ExportFormat:
    """A file type for head motion.

    label : in menus
    description : of a file, for tooltips
    home : `module:function` of its `Exporter` in this folder
    by_blender : whether Blender itself writes it; inside Blender `bridge/export.py` then does it in place
    version : raised with each change to the bytes of a file, so that a batch makes its lines again
    """

    label: str
    description: str
    home: str
    by_blender: bool = False
    version: int = 1

    def write(self, path: Path, motion: "HeadMotion", rate: "FrameRate") -> None:
        """Write a motion, rows at whole frames from t = 0, the file whole or not at all.

        Raises
        ------
        OutputError : the file cannot be written
        MissingPartError : the format needs a package that this Python lacks
        """
        cast("Exporter", attribute(self.home, __package__))(path, motion, rate)


FORMATS: Mapping[str, ExportFormat] = {
    ".bvh": ExportFormat(
        "BVH",
        "a skeleton of root, neck and head",
        "bvh:write_bvh",
    ),
    ".fbx": ExportFormat(
        "FBX",
        "a skeleton of root, neck and head, with a small mesh",
        "fbx:write_fbx",
        by_blender=True,
    ),
    ".csv": ExportFormat(
        "CSV",
        "a table of angles in degrees and translation in metres, one row a frame",
        "csv_table:write_csv",
    ),
}
"""Export formats by suffix in lower case. A new row goes to the end: saved .blend files count them."""


def export_motion(path: Path, motion: "HeadMotion", rate: "FrameRate") -> None:
    """Write a motion in the format that the suffix of `path` names.

    Rows lie at whole frames from t = 0, the first audio sample, up to the motion's end; the
    start frame of `rate` plays no part in a file. The file appears whole or not at all.

    Raises
    ------
    OutputError : no such format, or the file cannot be written
    MissingPartError : FBX, and this Python has no `bpy`
    """
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise OutputError(
            f"No motion file ends in “{path.suffix}”", f"Choose a name ending in {', '.join(FORMATS)}"
        )
    found.write(path, motion, rate)
