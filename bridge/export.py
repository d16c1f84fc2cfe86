"""Export formats for the sidebar, the File menu and the batch."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.export import ANY, FORMATS, ExportFormat, Form
from . import fbx

if TYPE_CHECKING:
    from ..core.motion import HeadMotion
    from ..core.timing import FrameRate

EXPORTS: Mapping[str, ExportFormat] = FORMATS
"""All formats, by suffix."""


def write(
    suffix: str, path: Path, motion: "HeadMotion", rate: "FrameRate", form: Form = ANY
) -> tuple[str, ...]:
    """Write a motion in the format of a suffix; returns sentences to the user. Raises OutputError, MissingPartError."""
    found = EXPORTS[suffix]
    if found.by_blender:  # by this one, where other programs start one
        fbx.export_fbx(path, motion, rate, form)
        return ()
    return found.write(path, motion, rate, form)
