"""One row of a manifest: its keys, their values, and where its output may lie."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import category

from .. import strict_json
from ..errors import BatchError, MannerismError
from ..export import ANY, FORMATS, PRESETS, Form, check_form
from ..generate.settings import SLIDERS, GenerationSettings, first_seed
from ..timing import FrameRate

_SETTINGS = GenerationSettings()
_RATE = FrameRate(Fraction(30))
_LONGEST_ID = 1000
_LONGEST_PATH = 32_767  # of any system
_SHOWN = 80


@dataclass(frozen=True)
class Line:
    """One motion to be made.

    id : names the line in the status, and gives the seed where none is asked for
    audio, style, out : absolute paths
    direct : of a direction's JSON file, None for none
    problem : why it cannot be made; where there is one, the rest is not to be used but as what must not be overwritten
    """

    id: str
    audio: Path = Path()
    style: Path = Path()
    out: Path = Path()
    settings: GenerationSettings = _SETTINGS
    rate: FrameRate = _RATE
    form: Form = ANY
    problem: str = ""
    direct: Path | None = None


def read_row(row: str, place: str, folder: Path, within: Sequence[Path]) -> Line:
    """Read a line of a manifest; a bad one has its reason as `problem`.

    place : names the line where it has no usable id
    folder : what paths are relative to
    within : resolved folders that the output may lie in
    """
    fields: Mapping[str, Any] = {}
    name = place
    try:
        fields = _object(row)
        name = fields["id"] if _is_id(fields.get("id")) else place
        _check(fields)
        settings = GenerationSettings(
            seed=fields.get("seed", first_seed(name)),
            engine=fields.get("engine", _SETTINGS.engine),
            **{name: float(fields.get(name, getattr(_SETTINGS, name))) for name in SLIDERS},
        )
        out = _output(folder / fields["out"], within)
        form = _form(fields, folder)
        check_form(out.suffix, form)
        return Line(
            id=name,
            audio=folder / fields["audio"],
            style=_style(fields["style"], folder),
            out=out,
            settings=settings,
            rate=_rate(fields["fps"]) if "fps" in fields else FrameRate(PRESETS[form.preset].fps),
            form=form,
            direct=folder / fields["direct"] if "direct" in fields else None,
        )
    except MannerismError as error:
        read = {
            key: folder / fields[key] for key in ("audio", "style", "direct") if FIELDS[key](fields.get(key))
        }
        return Line(id=name, problem=str(error), **read)


def is_control(letter: str) -> bool:
    """Whether a letter ends a line, commands a terminal, or is none."""
    return category(letter) in {"Cc", "Cs", "Zl", "Zp"}


def shown(name: str) -> str:
    """A name as a message shows it: not longer than a line."""
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN // 2]}…{name[-_SHOWN // 4 :]}"


def _object(row: str) -> dict[str, Any]:
    try:
        fields = strict_json.loads(row)
    except ValueError as error:
        raise BatchError(f"This is no JSON: {error}", "Write one JSON object a line") from error
    if not isinstance(fields, dict):
        raise BatchError("This is no JSON object", "Write one JSON object a line")
    return fields


def _check(fields: Mapping[str, Any]) -> None:
    if unknown := sorted(fields.keys() - FIELDS.keys()):
        raise BatchError(f"Unknown: {shown(', '.join(unknown))}", f"Use {', '.join(FIELDS)}")
    if missing := [key for key in REQUIRED if key not in fields]:
        raise BatchError(f"Missing: {', '.join(missing)}", f"A line needs {', '.join(REQUIRED)}")
    for key, value in fields.items():
        if not FIELDS[key](value):
            raise BatchError(f"{key} is {shown(json.dumps(value))}", "See the table of keys in docs/batch.md")


def _is_text(value: Any) -> bool:
    """Text of one line. Joiners and all kinds of blanks belong to names in many languages."""
    return isinstance(value, str) and bool(value.strip()) and not any(map(is_control, value))


def _is_id(value: Any) -> bool:
    return _is_text(value) and len(value) <= _LONGEST_ID


def _is_path(value: Any) -> bool:
    """What this system can have as a path."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_PATH or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and abs(value) < 1e9


REQUIRED = ("id", "audio", "style", "out")
FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "id": _is_id,
    **dict.fromkeys(("audio", "style", "out"), _is_path),
    "seed": _is_whole,
    "engine": _is_text,
    **dict.fromkeys(SLIDERS, _is_number),
    "fps": lambda value: _is_text(value) or _is_number(value),
    "preset": _is_text,
    "skeleton": _is_path,
    "neck": _is_number,
    "direct": _is_path,
}
"""The keys of a line, and what their values must be."""


def _style(given: str, folder: Path) -> Path:
    from ..style.built_in import style_path  # Blender lists lines without reading the style room

    try:
        return style_path(given, folder)
    except OSError as error:
        raise _nowhere(given, error, "style") from error


def _output(path: Path, within: Iterable[Path]) -> Path:
    """The resolved path of an output, checked for its folder and its file type."""
    if path.suffix.lower() not in FORMATS:
        raise BatchError(f"“{shown(path.name)}” is no motion file", f"Let out end in {', '.join(FORMATS)}")
    try:
        real = path.resolve()
        os.lstat(real)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name too long
        raise _nowhere(str(path), error, "output") from error
    if real.suffix.lower() not in FORMATS:
        raise BatchError(f"“{shown(path.name)}” is a link to “{shown(real.name)}”", "Give another output")
    if not any(real.is_relative_to(folder) for folder in within):
        raise BatchError(
            f"“{shown(str(path))}” lies outside the manifest's folder",
            "Write inside it, or allow the folder with --allow",
        )
    return real


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
