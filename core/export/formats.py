"""The registry of export formats. Reading it imports no writer: panels, menus and `--help` list it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from ..errors import OutputError
from ..lazy import attribute
from .presets import ANY, DEFAULT_PRESET, PRESETS, Form

if TYPE_CHECKING:
    from ..motion import HeadMotion
    from ..timing import FrameRate

Exporter = Callable[[Path, "HeadMotion", "FrameRate", Form], tuple[str, ...] | None]
"""Writes a file; may return sentences to the user on what the file does not hold."""


class ExportFormat(NamedTuple):
    """A file type for head motion.

    label : in menus
    description : of a file, for tooltips
    home : `module:function` of its `Exporter` in this folder
    by_blender : whether Blender itself writes it; inside Blender `bridge/export.py` then does it in place
    version : raised with each change to the bytes of a file, so that a batch makes its lines again
    presets : whether files for programs differ
    skeletons : endings of the files whose skeletons it can move
    onto : `module:function` of the `Exporter` for these
    """

    label: str
    description: str
    home: str
    by_blender: bool = False
    version: int = 1
    presets: bool = True
    skeletons: tuple[str, ...] = ()
    onto: str = ""

    def write(self, path: Path, motion: "HeadMotion", rate: "FrameRate", form: Form = ANY) -> tuple[str, ...]:
        """Write a motion, rows at whole frames from t = 0, the file whole or not at all.

        Returns sentences to the user on what the file does not hold.

        Raises
        ------
        OutputError : the file cannot be written
        RigError : the form's skeleton cannot take the motion
        MissingPartError : the format needs a package that this Python lacks
        """
        home = self.home if form.skeleton is None else self.onto
        return cast("Exporter", attribute(home, __package__))(path, motion, rate, form) or ()


FORMATS: Mapping[str, ExportFormat] = {
    ".bvh": ExportFormat(
        "BVH",
        "a skeleton of root, neck and head",
        "bvh:write_bvh",
        version=2,
        skeletons=(".bvh",),
        onto="bvh_skeleton:write_onto_bvh",
    ),
    ".fbx": ExportFormat(
        "FBX",
        "a skeleton of root, neck and head, with a small mesh",
        "fbx:write_fbx",
        by_blender=True,
        version=2,
        skeletons=(".fbx",),
        onto="fbx_skeleton:write_onto_fbx",
    ),
    ".csv": ExportFormat(
        "CSV",
        "a table of angles in degrees and translation in metres, one row a frame",
        "csv_table:write_csv",
        presets=False,
    ),
    ".glb": ExportFormat(
        "glTF",
        "a skeleton of root, neck and head as nodes, in one binary file",
        "gltf:write_gltf",
        skeletons=(".glb", ".gltf", ".vrm"),
        onto="gltf_skeleton:write_onto_gltf",
    ),
    ".usda": ExportFormat(
        "USD",
        "a skeleton of root, neck and head with its animation, as text",
        "usd:write_usd",
    ),
    ".vrma": ExportFormat(
        "VRMA",
        "VRM Animation: neck and head of a humanoid for any VRM character, without the shift",
        "vrma:write_vrma",
        presets=False,
    ),
}
"""Export formats by suffix in lower case. A new row goes to the end: saved .blend files count them."""


def check_form(suffix: str, form: Form) -> ExportFormat:
    """The format of a suffix, if it can be laid out like this. Raises OutputError."""
    found = FORMATS.get(suffix.lower())
    if found is None:
        raise OutputError(
            f"No motion file ends in “{suffix}”", f"Choose a name ending in {', '.join(FORMATS)}"
        )
    if form.preset not in PRESETS:
        raise OutputError(f"There is no preset “{form.preset}”", f"Choose one of {', '.join(PRESETS)}")
    if not 0.0 <= form.neck_share <= 1.0:
        raise OutputError(f"The neck cannot take {form.neck_share:g} of the rotation", "Give 0 to 1")
    if form.preset != DEFAULT_PRESET and not found.presets:
        some = ", ".join(each for each, format_ in FORMATS.items() if format_.presets)
        raise OutputError(
            f"{found.label} is the same for all programs", f"Leave the preset out, or write {some}"
        )
    if form.skeleton is None:
        return found
    if form.preset != DEFAULT_PRESET:
        raise OutputError(
            "A skeleton has axes, a unit and names of its own", "Give either a preset or a skeleton"
        )
    if form.skeleton.suffix.lower() not in found.skeletons:
        able = [
            each for each, format_ in FORMATS.items() if form.skeleton.suffix.lower() in format_.skeletons
        ]
        raise OutputError(
            f"“{form.skeleton.name}” cannot be moved in a file that ends in {suffix}",
            f"Let the output end in {able[0]}"
            if able
            else "Give a skeleton as .bvh, .fbx, .glb, .gltf or .vrm",
        )
    return found


def export_motion(path: Path, motion: "HeadMotion", rate: "FrameRate", form: Form = ANY) -> tuple[str, ...]:
    """Write a motion in the format that the suffix of `path` names.

    Rows lie at whole frames from t = 0, the first audio sample, up to the motion's end; the
    start frame of `rate` plays no part in a file. The file appears whole or not at all.
    Returns sentences to the user on what the file does not hold.

    Raises
    ------
    OutputError : no such format or preset, or the file cannot be written
    RigError : the form's skeleton cannot take the motion
    MissingPartError : FBX, and this Python has no `bpy`
    """
    return check_form(path.suffix, form).write(path, motion, rate, form)
