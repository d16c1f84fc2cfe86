"""A line of a batch, made of the fields of a row: their values, and where its output may lie."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from stat import S_ISLNK
from typing import Any

from ..errors import BatchError, MannerismError
from ..export import ANY, FORMATS, PRESETS, Form, check_form
from ..generate.settings import SLIDERS, GenerationSettings, first_seed
from ..timing import FrameRate
from .fields import FIELDS, REQUIRED
from .given import NOTHING, Given

_SETTINGS = GenerationSettings()
_RATE = FrameRate(Fraction(30))
_RATES = {name: FrameRate(preset.fps) for name, preset in PRESETS.items()}
_SHOWN = 80
CARRIED = ("character", "text", "language", "start", "rig_map")


@dataclass(frozen=True, slots=True)
class Line:
    """One motion to be made.

    id : names the line in the status, and gives the seed where none is asked for
    audio, style, out : absolute paths
    direct : of a direction's JSON file, None for none
    character, text, language : who speaks what; the motion does not depend on them
    start : frame at which the speech begins in Blender; a file begins with its sound
    rig_map : of the character, which a file does not depend on either
    problem : why it cannot be made; where there is one, the rest is not to be used but as what must not be overwritten
    """

    id: str
    audio: Path = Path()
    style: Path = Path()
    out: Path = Path()
    settings: GenerationSettings = _SETTINGS
    rate: FrameRate = _RATE
    form: Form = ANY
    character: str = ""
    text: str = ""
    language: str = ""
    start: int | None = None
    rig_map: str = ""
    problem: str = ""
    direct: Path | None = None


class Places:
    """Where the paths of a manifest lead. Folders are looked at once, for lines share them.

    folder : what paths are relative to, resolved
    within : resolved folders that outputs may lie in
    """

    def __init__(self, folder: Path, within: Sequence[Path]) -> None:
        self.folder = folder
        self.within = within
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

    def output(self, given: str) -> Path:
        """The resolved path of an output, checked for its folder and its file type. Raises BatchError."""
        path = self.folder / given
        if path.suffix.lower() not in FORMATS:
            raise BatchError(
                f"“{shown(path.name)}” is no motion file", f"Let out end in {', '.join(FORMATS)}"
            )
        try:
            real, inside = self._resolved(path)
        except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name too long
            raise _nowhere(str(path), error, "output") from error
        if real.suffix.lower() not in FORMATS:
            raise BatchError(f"“{shown(path.name)}” is a link to “{shown(real.name)}”", "Give another output")
        if not inside:
            raise BatchError(
                f"“{shown(str(path))}” lies outside the manifest's folder",
                "Write inside it, or allow the folder with --allow",
            )
        return real

    def _resolved(self, path: Path) -> tuple[Path, bool]:
        """Where a path leads, and whether outputs may lie there. Of most paths the file alone is looked at."""
        head = str(path).removesuffix(path.name)
        folder = self._folders.get(head)
        if folder is None:
            parent = path.parent.resolve()
            folder = self._folders[head] = _Folder(parent, parent == path.parent, self._is_inside(parent))
        real = path if folder.plain else folder.real / path.name
        if not _is_link(real):
            return real, folder.inside or self._is_inside(real)
        real = path.resolve()
        _is_link(real)  # raises where links lead in a circle
        return real, self._is_inside(real)

    def _is_inside(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self.within)


@dataclass(frozen=True)
class _Folder:
    """A folder of outputs: where it leads, whether it is that itself, and whether outputs may lie there."""

    real: Path
    plain: bool
    inside: bool


def _is_link(path: Path) -> bool:
    """Whether there is a link at a path. Raises OSError where nothing can be."""
    try:
        return S_ISLNK(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def line_of(own: Callable[[], Mapping[str, Any]], place: str, places: Places, given: Given = NOTHING) -> Line:
    """A line of a manifest; a bad one has its reason as `problem`.

    own : gives the fields of the row, or raises BatchError
    place : names the line where it has no usable id
    given : what it leaves out
    """
    fields: Mapping[str, Any] = {}
    name = place
    try:
        fields = own()
        name = fields["id"] if FIELDS["id"].fits(fields.get("id")) else place
        _check(fields)
        fields = given.completed(fields)
        _check_complete(fields)
        settings = GenerationSettings(
            seed=fields.get("seed", first_seed(name)),
            engine=fields.get("engine", _SETTINGS.engine),
            **{name: float(fields.get(name, getattr(_SETTINGS, name))) for name in SLIDERS},
        )
        out = places.output(fields["out"])
        form = _form(fields, places.folder)
        check_form(out.suffix, form)
        return Line(
            id=name,
            audio=places.folder / fields["audio"],
            style=places.style(fields["style"]),
            out=out,
            settings=settings,
            rate=_rate(fields["fps"]) if "fps" in fields else _RATES[form.preset],
            form=form,
            direct=places.folder / fields["direct"] if "direct" in fields else None,
            **_carried(fields),
        )
    except MannerismError as error:
        read = {
            key: places.folder / fields[key]
            for key in ("audio", "style", "direct")
            if FIELDS[key].fits(fields.get(key))
        }
        return Line(id=name, problem=str(error), **read, **_carried(fields))


def _carried(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a line brings along that changes nothing of its motion."""
    return {key: fields[key] for key in CARRIED if key in fields and FIELDS[key].fits(fields[key])}


def shown(name: str) -> str:
    """A name as a message shows it: not longer than a line."""
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN // 2]}…{name[-_SHOWN // 4 :]}"


def _check(fields: Mapping[str, Any]) -> None:
    """Check what the line states itself. Raises BatchError."""
    if unknown := [key for key in fields if key not in FIELDS]:
        raise BatchError(f"Unknown: {shown(', '.join(sorted(unknown)))}", f"Use {', '.join(FIELDS)}")
    for key, value in fields.items():
        if not FIELDS[key].fits(value):
            raise BatchError(f"{key} is {shown(json.dumps(value))}", "See the table of keys in docs/batch.md")


def _check_complete(fields: Mapping[str, Any]) -> None:
    """Check what the line has in the end. Raises BatchError."""
    if missing := [key for key in REQUIRED if key not in fields]:
        raise BatchError(
            f"Missing: {', '.join(missing)}",
            f"A line needs {', '.join(REQUIRED)}; state what is the same for all with --set",
        )


def _form(fields: Mapping[str, Any], folder: Path) -> Form:
    skeleton = folder / fields["skeleton"] if "skeleton" in fields else None
    return Form(fields.get("preset", ANY.preset), skeleton, float(fields.get("neck", ANY.neck_share)))


def _rate(value: Any) -> FrameRate:
    try:
        return FrameRate.parse(str(value))
    except ValueError as error:
        raise BatchError(f"fps is {shown(json.dumps(value))}", 'Give one like 24 or "30000/1001"') from error


def _nowhere(path: str, error: Exception, what: str) -> BatchError:
    reason = getattr(error, "strerror", None) or shown(str(error))
    return BatchError(f"“{shown(path)}” leads nowhere ({reason})", f"Give another {what}")
