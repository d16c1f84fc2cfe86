"""Fields that show a file by its name, without the folders that a narrow sidebar would show in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
from bpy.props import StringProperty

from .fields import OVERRIDABLE


def name_field(field: str) -> str:
    """Name of the field that shows the name of the file in another field of the same group."""
    return f"{field}_name"


def file_name(field: str, label: str, description: str) -> Any:
    """A property for `name_field`. A path that is typed into it goes into the other field, a name to the file beside it."""
    return StringProperty(
        name=label, description=description, get=_reader(field), set=_writer(field), override=OVERRIDABLE
    )


def _reader(field: str) -> Callable[[Any], str]:
    return lambda group: _name(getattr(group, field))


def _writer(field: str) -> Callable[[Any, str], None]:
    def write(group: Any, typed: str) -> None:
        held = getattr(group, field)
        if typed == _name(held):
            return
        beside = held.removesuffix(_name(held)) + typed
        there = typed and typed == _name(typed) and Path(bpy.path.abspath(beside)).is_file()
        setattr(group, field, beside if there else typed)

    return write


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
