"""Files that a scene is made from: an output must not take the place of any."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from ..core.same_file import refuse_input

_OF_CHARACTER = ("reference", "style", "second_style", "audio")
_OF_LINE = ("audio", "style")


def refuse_input_file(output: Path) -> None:
    """Refuse an output that is the saved file, or a file that anything in it reads. Raises OutputError."""
    refuse_input(output, input_files())


def input_files() -> Iterator[Path]:
    """The saved file, what it refers to (sounds, films, pictures, libraries), and what characters and lines read."""
    texts = [bpy.data.filepath, *bpy.utils.blend_paths(absolute=True), *_chosen()]
    return (Path(bpy.path.abspath(text)) for text in texts if text)


def _chosen() -> Iterator[str]:
    objects: Any = bpy.data.objects
    for character in (obj.mannerism for obj in objects):
        yield from (getattr(character, name) for name in _OF_CHARACTER)
        yield character.portrait.motion_file
    scenes: Any = bpy.data.scenes
    for line in (line for scene in scenes for line in scene.mannerism.lines):
        yield from (getattr(line, name) for name in _OF_LINE)
