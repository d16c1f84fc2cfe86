"""Files of the lines of a batch: where each goes, and that none overwrites another's or what a line reads."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..core.errors import OutputError
from ..core.same_file import folded, identities

if TYPE_CHECKING:
    from collections.abc import Hashable

_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def file_of(batch: Any, line: Any) -> Path | None:
    """The file of a line, None where it becomes a layer."""
    if batch.target == "LAYERS":
        return None
    name = f"{_NOT_IN_A_NAME.sub('_', line.name)}.{batch.target.lower()}"
    return Path(bpy.path.abspath(batch.folder)) / name


class Places:
    """The places and the inputs of all lines of a scene, as they are when the batch begins."""

    def __init__(self, scene: Any, obj: Any) -> None:
        batch = scene.mannerism
        self._first: dict[str, tuple[int, str]] = {}
        self._inputs: dict[Hashable, str] = {}
        if batch.target == "LAYERS":
            return
        for index, line in enumerate(batch.lines):
            if (path := file_of(batch, line)) is not None:
                self._first.setdefault(folded(path), (index, line.name))
        read = {
            obj.mannerism.style,
            *(text for line in batch.lines for text in (line.audio, line.style, line.direct)),
        }
        for text in filter(None, read):
            path = Path(bpy.path.abspath(text))
            self._inputs |= dict.fromkeys(identities(path), path.name)

    def check(self, index: int, path: Path) -> None:
        """Refuse a file that another line writes, or that some line reads. Raises OutputError."""
        first, name = self._first.get(folded(path), (index, ""))
        if first < index:
            raise OutputError(
                f"“{path.name}” is also the file of “{name}”", "Give one of the two lines another name"
            )
        for identity in identities(path):
            if identity in self._inputs:
                raise OutputError(
                    f"“{path.name}” is also “{self._inputs[identity]}”, which a line reads",
                    "Choose another folder",
                )
