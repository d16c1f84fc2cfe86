"""Preview of a video while it is made: its newest picture, and the time left."""

import time
from pathlib import Path
from typing import Any

import bpy.utils.previews

from ..core.progress import duration

_EARLY = 0.03  # of the work: before, the start of the worker would be taken for it


class Watch:
    """A picture that the worker replaces as it goes, and the progress beside it."""

    def __init__(self) -> None:
        self._pictures: Any = None
        self._seen: tuple[str, float] = ("", 0.0)
        self._began = 0.0
        self._owner = 0
        self.left = ""

    def begin(self, obj: bpy.types.Object) -> None:
        """Reset at the begin of a job, which is for one object."""
        self._began, self.left, self._owner = time.monotonic(), "", obj.session_uid

    def is_of(self, obj: bpy.types.Object) -> bool:
        """Whether the picture and the time left are this object's."""
        return self._owner == obj.session_uid

    def look(self, picture: Path, share: float) -> None:
        """Load the picture, if it is a new one, and estimate the time left."""
        if share > _EARLY:
            self.left = duration((time.monotonic() - self._began) * (1.0 / share - 1.0))
        try:
            found = (str(picture), picture.stat().st_mtime)
        except OSError:  # none yet, or just being replaced
            return
        if found != self._seen:
            self._seen = found
            self._pictures = self._pictures or bpy.utils.previews.new()
            self._pictures.clear()
            self._pictures.load("newest", str(picture), "IMAGE")

    @property
    def icon(self) -> int:
        """Number of the newest picture for `template_icon`, 0 while there is none."""
        return int(self._pictures["newest"].icon_id) if self._pictures else 0

    def close(self) -> None:
        """Free the picture."""
        if self._pictures is not None:
            bpy.utils.previews.remove(self._pictures)
        self._pictures, self._seen, self.left, self._owner = None, ("", 0.0), "", 0


watch = Watch()
"""One for each Blender, as there is one worker."""
