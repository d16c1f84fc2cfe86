"""Where style files lie, and what a character's style is."""

import os
from itertools import chain, count
from pathlib import Path
from typing import Any

import bpy

from .. import __package__ as base_package
from ..core.errors import OutputError
from .paths import normal_path
from .preferences import chosen_path

SUFFIX = ".style.json"
"""Of style files."""


def style_file(given: str) -> Path:
    """The file of a style that a field names. Raises StyleError where there is neither a file nor a built-in."""
    from ..core.style.built_in import style_path  # registering reads no style room

    return style_path(bpy.path.abspath(given))


def forget_style(obj: Any) -> None:
    """Delete the style that was made of the object's reference. Raises OutputError."""
    chosen = obj.mannerism
    reference, source = (normal_path(path) for path in (chosen.reference, chosen.encoded_from))
    if not chosen.encoded_style or reference != source:
        return
    try:
        Path(normal_path(chosen.encoded_style)).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"“{chosen.encoded_style}” cannot be deleted ({error.strerror or error})", "Delete it by hand"
        ) from error
    if chosen.style == chosen.encoded_style:
        chosen.property_unset("style")
    chosen.property_unset("encoded_style")
    chosen.property_unset("encoded_from")


def style_folder(*, create: bool = True) -> Path:
    """Where new style files go; it exists, unless it was not to be made.

    Beside the saved file rather than with the extension, whose folder Blender deletes with it.
    """
    chosen = chosen_path("style_folder")
    if chosen:
        return Path(chosen)
    project = Path(bpy.data.filepath).parent
    if bpy.data.filepath and os.access(project, os.W_OK):
        return project
    return Path(bpy.utils.extension_path_user(base_package, path="styles", create=create))


def unused(folder: Path, stem: str, suffix: str) -> Path:
    """The first of “STEM”, “STEM 2”, “STEM 3” and so on, with the suffix, that does not exist in `folder`."""
    names = chain([stem], (f"{stem} {number}" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}{suffix}").exists())
