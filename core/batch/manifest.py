"""Manifests of a batch: a JSON object a line, or a folder of sounds. A bad line is kept with its reason."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from ..errors import BatchError, MannerismError
from ..export import FORMATS
from ..generate.settings import SLIDERS, GenerationSettings, first_seed
from ..timing import FrameRate

SOUNDS = (
    ".wav",
    ".flac",
    ".ogg",
    ".mp3",
    ".m4a",
    ".aac",
    ".opus",
    ".oga",
    ".aiff",
    ".aif",
    ".caf",
    ".wma",
    ".amr",
    ".ac3",
    ".m4b",
    ".mka",
    ".wv",
    ".webm",
)
"""What counts as a sound in a folder; a manifest may name any file."""

_SETTINGS = GenerationSettings()
_RATE = FrameRate(Fraction(30))


@dataclass(frozen=True)
class Line:
    """One motion to be made.

    id : names the line in the status, and gives the seed where none is asked for
    audio, style, out : absolute paths
    problem : why it cannot be made; where there is one, the rest is not to be used
    """

    id: str
    audio: Path = Path()
    style: Path = Path()
    out: Path = Path()
    settings: GenerationSettings = _SETTINGS
    rate: FrameRate = _RATE
    problem: str = ""


@dataclass(frozen=True)
class Manifest:
    """All lines in order, and the path that status files are named after."""

    path: Path
    lines: tuple[Line, ...]

    def chunk(self, index: int, count: int) -> tuple[Line, ...]:
        """Every `count`-th line from `index` on: all chunks together are all lines, each once."""
        return self.lines[index::count]


def read_manifest(path: Path, allowed: Sequence[Path] = ()) -> Manifest:
    """Read a manifest; relative paths are relative to its folder.

    allowed : folders that outputs may lie in, besides that of the manifest

    Raises
    ------
    BatchError : the file cannot be read or has no lines; a bad line is kept with its `problem`
    """
    try:
        rows = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise _unreadable(path, f"cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "is not UTF-8 text") from error
    folder = path.resolve().parent
    within = [folder, *(place.resolve() for place in allowed)]
    lines = [
        _line(row, f"line {number}", folder, within) for number, row in enumerate(rows, 1) if row.strip()
    ]
    if not lines:
        raise _unreadable(path, "has no lines")
    return Manifest(path, _without_duplicates(lines))


def names_of(sounds: Sequence[Path]) -> list[str]:
    """What is made from each sound is called by its name; with the suffix where two differ in nothing else."""
    stems = Counter(unicodedata.normalize("NFC", path.stem).casefold() for path in sounds)
    return [
        path.stem if stems[unicodedata.normalize("NFC", path.stem).casefold()] == 1 else path.name
        for path in sounds
    ]


def folder_manifest(sounds: Path, style: Path, out: Path, suffix: str) -> Manifest:
    """A line for each sound in a folder, in the order of their names; id and output are called by `names_of`.

    out : the folder for the outputs, made where it is missing

    Raises
    ------
    BatchError : a folder cannot be read or made, or holds no sound
    StyleError : there is neither a file nor a built-in style of the name
    """
    from ..style.built_in import style_path

    style = style_path(style)
    try:
        found = sorted(path for path in sounds.iterdir() if path.suffix.lower() in SOUNDS)
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BatchError(
            f"“{error.filename}” is no folder to use ({error.strerror or error})", "Give a folder of sounds"
        ) from error
    if not found:
        raise BatchError(f"“{sounds.name}” holds no sound", f"Give a folder with {', '.join(SOUNDS)} files")
    target = out.resolve()
    lines = [
        _line(
            json.dumps(
                {
                    "id": name,
                    "audio": str(path.resolve()),
                    "style": str(style.resolve()),
                    "out": str(target / f"{name}{suffix}"),
                }
            ),
            path.name,
            target,
            [target],
        )
        for path, name in zip(found, names_of(found), strict=True)
    ]
    return Manifest(target / "batch.jsonl", _without_duplicates(lines))


def _line(row: str, place: str, folder: Path, within: Sequence[Path]) -> Line:
    from ..style.built_in import style_path  # Blender lists lines without reading the style room

    name = place
    try:
        fields = _object(row)
        name = fields["id"] if _is_text(fields.get("id")) else place
        _check(fields)
        settings = GenerationSettings(
            seed=fields.get("seed", first_seed(name)),
            engine=fields.get("engine", _SETTINGS.engine),
            **{name: float(fields.get(name, getattr(_SETTINGS, name))) for name in SLIDERS},
        )
        return Line(
            id=name,
            audio=folder / fields["audio"],
            style=style_path(fields["style"], folder),
            out=_output(folder / fields["out"], within),
            settings=settings,
            rate=_rate(fields["fps"]) if "fps" in fields else _RATE,
        )
    except MannerismError as error:
        return Line(id=name, problem=str(error))


def _object(row: str) -> dict[str, Any]:
    try:
        fields = json.loads(row, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"This is no JSON: {error}", "Write one JSON object a line") from error
    if not isinstance(fields, dict):
        raise BatchError("This is no JSON object", "Write one JSON object a line")
    return fields


def _check(fields: Mapping[str, Any]) -> None:
    if unknown := sorted(fields.keys() - FIELDS.keys()):
        raise BatchError(f"Unknown: {', '.join(unknown)}", f"Use {', '.join(FIELDS)}")
    if missing := [key for key in REQUIRED if key not in fields]:
        raise BatchError(f"Missing: {', '.join(missing)}", f"A line needs {', '.join(REQUIRED)}")
    for key, value in fields.items():
        if not FIELDS[key](value):
            raise BatchError(f"{key} is {json.dumps(value)}", "See the table of keys in docs/batch.md")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and abs(value) < 1e9


REQUIRED = ("id", "audio", "style", "out")
FIELDS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(REQUIRED, _is_text),
    "seed": _is_whole,
    "engine": _is_text,
    **dict.fromkeys(SLIDERS, _is_number),
    "fps": lambda value: _is_text(value) or _is_number(value),
}
"""The keys of a line, and what their values must be."""


def _output(path: Path, within: Iterable[Path]) -> Path:
    """The resolved path of an output, checked for its folder and its file type."""
    if path.suffix.lower() not in FORMATS:
        raise BatchError(f"“{path.name}” is no motion file", f"Let out end in {', '.join(FORMATS)}")
    try:
        real = path.resolve()
    except (OSError, RuntimeError) as error:  # links in a circle, a name too long
        raise BatchError(f"“{path}” leads nowhere: {error}", "Give another output") from error
    if not any(real.is_relative_to(folder) for folder in within):
        raise BatchError(
            f"“{path}” lies outside the manifest's folder",
            "Write inside it, or allow the folder with --allow",
        )
    return real


def _rate(value: Any) -> FrameRate:
    try:
        return FrameRate.parse(str(value))
    except ValueError as error:
        raise BatchError(f"fps is {json.dumps(value)}", 'Give one like 24 or "30000/1001"') from error


def _without_duplicates(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Only the first of several lines with one id, or with one output, can be made."""
    ids: set[str] = set()
    outputs: set[Path] = set()
    kept = []
    for line in lines:
        problem = line.problem
        if not problem and line.id in ids:
            problem = "An earlier line has this id. Give each line its own."
        elif not problem and line.out in outputs:
            problem = f"An earlier line writes “{line.out.name}” too. Give each line its own output."
        if not problem:
            ids.add(line.id)
            outputs.add(line.out)
        kept.append(Line(line.id, problem=problem) if problem else line)
    return tuple(kept)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _unreadable(path: Path, what: str) -> BatchError:
    return BatchError(f"“{path.name}” {what}", "Give a manifest with one JSON object a line")
