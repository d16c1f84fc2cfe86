"""A speaking face, with the head where there is one, to files: CSV, Live Link Face, glTF and VRM Animation."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import OutputError, SettingsError
from ..lazy import attribute
from .formats import FORMATS
from .presets import ANY, Form

if TYPE_CHECKING:
    from ..face.curves import FaceCurves
    from ..motion import HeadMotion

FaceWriter = Callable[[Path, "FaceCurves", "HeadMotion | None", Form], tuple[str, ...] | None]
"""Writes a file; the head, if there is one, is sampled where the face is."""

FACE_FORMATS: Mapping[str, str] = {
    ".csv": "face_table:write_face_table",
    ".glb": "gltf_face:write_face_gltf",
    ".vrma": "gltf_face:write_face_vrma",
}
"""Home `module:function` of the writer of each suffix."""

_ANY_NAMES = {".csv"}


def check_face(suffix: str, names: str, form: Form) -> None:
    """Refuse what a file of this suffix cannot hold. Raises OutputError, SettingsError."""
    if suffix.lower() not in FACE_FORMATS:
        raise OutputError(f"No face file ends in “{suffix}”", f"Choose {', '.join(FACE_FORMATS)}")
    if suffix.lower() not in _ANY_NAMES and names != "arkit":
        raise SettingsError(
            f"A file that ends in {suffix} has names of its own, not “{names}”", "Leave the names out"
        )
    if form.skeleton is not None and (
        suffix.lower() != ".glb" or form.skeleton.suffix.lower() not in FORMATS[".glb"].skeletons
    ):
        raise OutputError(
            "A face can be put onto a glTF alone",
            "Give a .glb, .gltf or .vrm, and let the output end in .glb",
        )


def write_face_file(
    path: Path, curves: "FaceCurves", head: "HeadMotion | None" = None, form: Form = ANY
) -> tuple[str, ...]:
    """Write a speaking face in the format that the suffix names; returns sentences to the user.

    head : motion of the head; by default it stays at rest

    Raises
    ------
    OutputError : no such format, or the file cannot be written
    SettingsError : the format does not go with the names of the curves
    RigError : the form's skeleton cannot take head or face
    """
    check_face(path.suffix, curves.names, form)
    write = cast("FaceWriter", attribute(FACE_FORMATS[path.suffix.lower()], __package__))
    return write(path, curves, None if head is None else head.at(curves.time_s), form) or ()
