"""Preview image of a video in the making, for a panel to show."""

import shutil
from contextlib import suppress
from pathlib import Path
from time import monotonic

NAME = "preview.png"

_EVERY_S = 0.5


class Preview:
    """Callback that copies a finished frame now and then, whole at any moment.

    folder : where it lies as NAME
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._last_s = -_EVERY_S

    def __call__(self, picture: Path) -> None:
        """Take the newest frame's file. A preview that cannot be written stops nothing."""
        if monotonic() - self._last_s < _EVERY_S:
            return
        self._last_s = monotonic()
        with suppress(OSError):
            copy = shutil.copyfile(picture, self._path.with_suffix(".part"))
            copy.replace(self._path)
