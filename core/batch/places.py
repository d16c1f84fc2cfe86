"""Where the paths of a manifest lead, and where its outputs may lie."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK

from ..errors import BatchError
from ..export import FORMATS
from ..media.cause import address
from .presence import Presence

_SHOWN = 80


class Places:
    """Where the paths of a manifest lead. Folders are looked at once, for lines share them.

    folder : what paths are relative to, resolved
    within : resolved folders that outputs may lie in
    presence : where nothing is, as far as that was found out
    """

    def __init__(self, folder: Path, within: Sequence[Path]) -> None:
        self.folder = folder
        self.within = within
        self.presence = Presence()
        self._base = str(folder / "_")[:-1]
        self._folders: dict[str, _Folder] = {}
        self._styles: dict[str, Path] = {}

    def style(self, given: str) -> Path:
        """Path of a style file, or of a built-in style. Raises MannerismError."""
        found = self._styles.get(given)
        if found is None:
            from ..style.built_in import style_path  # Blender lists lines without reading the style room

            try:
                found = self._styles[given] = style_path(given, self.folder)
            except OSError as error:
                raise _nowhere(given, error, "style") from error
        return found

    def joined(self, given: str) -> str:
        """The text of a path, as `str(folder / given)`, which takes five times as long.

        Raises BatchError where it is an address, not a path.
        """
        if "://" in given and (is_address := address(Path(given))):
            raise BatchError(*is_address)
        if os.sep != "/" or "./" in given or "//" in given or given.endswith(("/", "/.")) or given == ".":
            return str(self.folder / given)
        return given if given.startswith("/") else self._base + given

    def output(
        self, given: str, key: str = "out", suffixes: Collection[str] = FORMATS, what: str = "motion file"
    ) -> str:
        """The resolved path of an output, checked for its folder and its file type. Raises BatchError.

        key : that it is the value of
        suffixes, what : of such a file, and how it is called
        """
        text = self.joined(given)
        head, _, name = text.rpartition(os.sep)
        if not _ends_in(name, suffixes):
            raise BatchError(f"“{shown(name)}” is no {what}", f"Let {key} end in {', '.join(suffixes)}")
        try:
            folder = self._folders.get(head) or self._folder(head)
            real = text if folder.plain else str(folder.real / name)
            inside = folder.inside
            if self._is_link(real):
                path = Path(text).resolve()
                real, inside = str(path), self._is_inside(path)
                self._is_link(real)  # raises where links lead in a circle
        except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name too long
            raise _nowhere(text, error, "output") from error
        if real is not text and not _ends_in(os.path.basename(real), suffixes):  # noqa: PTH119
            raise BatchError(
                f"“{shown(name)}” is a link to “{shown(Path(real).name)}”", "Give another output"
            )
        if not (inside or self._is_inside(Path(real))):
            raise BatchError(
                f"“{shown(text)}” lies outside the manifest's folder",
                "Write inside it, or allow the folder with --allow",
            )
        return real

    def _folder(self, head: str) -> "_Folder":
        parent = Path(head or os.sep)
        real = parent.resolve()
        found = self._folders[head] = _Folder(real, real == parent, self._is_inside(real))
        return found

    def _is_inside(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self.within)

    def _is_link(self, path: str) -> bool:
        """Whether there is a link at a path. Raises OSError where nothing can be."""
        if self.presence.is_absent(path):
            return False
        try:
            return S_ISLNK(os.lstat(path).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False


@dataclass(frozen=True)
class _Folder:
    """A folder of outputs: where it leads, whether it is that itself, and whether outputs may lie there."""

    real: Path
    plain: bool
    inside: bool


def _ends_in(name: str, suffixes: Collection[str]) -> bool:
    """Whether a name ends in one of these suffixes. As `Path.suffix`, which takes three times as long."""
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in suffixes


def shown(name: str) -> str:
    """A name as a message shows it: not longer than a line."""
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN // 2]}…{name[-_SHOWN // 4 :]}"


def _nowhere(path: str, error: Exception, what: str) -> BatchError:
    reason = getattr(error, "strerror", None) or shown(str(error))
    return BatchError(f"“{shown(path)}” leads nowhere ({reason})", f"Give another {what}")
