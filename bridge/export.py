"""Export formats for the sidebar, the File menu and the batch."""

from collections.abc import Mapping
from pathlib import Path

from ..core.export import ANY, FORMATS, ExportFormat, Form
from ..core.motion import HeadMotion
from ..core.timing import FrameRate
from .fbx import export_fbx

EXPORTS: Mapping[str, ExportFormat] = FORMATS
"""All formats, by suffix."""

_IN_PLACE = {".fbx": export_fbx}
"""Writers for what Blender writes itself: this Blender does it, where other programs start one."""


def write(suffix: str, path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> tuple[str, ...]:
    """Write a motion in the format of a suffix; returns sentences to the user. Raises OutputError, MissingPartError."""
    found = EXPORTS[suffix]
    if found.by_blender:
        _IN_PLACE[suffix](path, motion, rate, form)
        return ()
    return found.write(path, motion, rate, form)
