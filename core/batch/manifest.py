"""Manifests of a batch: a JSON object a line, or a folder of sounds. A bad line is kept with its reason."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BatchError
from .collisions import without_collisions
from .manifest_row import Line, is_control, read_row
from .status import status_files

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

LARGEST_BYTES = 1 << 28

# And no other ends of lines: some are letters of a name.
_END = re.compile(r"\r\n|\n|\r")


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
    rows = _END.split(_text(path))
    folder = path.resolve().parent
    within = [folder, *(place.resolve() for place in allowed)]
    lines = [
        read_row(row, f"line {number}", folder, within) for number, row in enumerate(rows, 1) if row.strip()
    ]
    if not lines:
        raise _unreadable(path, "has no lines")
    return Manifest(path, without_collisions(lines, [path, *status_files(path)]))


def names_of(sounds: Sequence[Path]) -> list[str]:
    """What is made from each sound is called by its name; with the suffix where two differ in nothing else."""
    stems = Counter(unicodedata.normalize("NFC", path.stem).casefold() for path in sounds)
    return [
        path.stem if stems[unicodedata.normalize("NFC", path.stem).casefold()] == 1 else path.name
        for path in sounds
    ]


def folder_manifest(
    sounds: Path, style: Path, out: Path, suffix: str, keys: Mapping[str, Any] | None = None
) -> Manifest:
    """A line for each sound in a folder, in the order of their names; id and output are called by `names_of`.

    out : the folder for the outputs, made where it is missing
    keys : more keys that each line has, as in a manifest

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
        read_row(
            json.dumps(
                {
                    "id": _id(path, name),
                    "audio": str(path.resolve()),
                    "style": str(style.resolve()),
                    "out": str(target / f"{name}{suffix}"),
                    **(keys or {}),
                }
            ),
            path.name,
            target,
            [target],
        )
        for path, name in zip(found, names_of(found), strict=True)
    ]
    path = target / "batch.jsonl"
    return Manifest(path, without_collisions(lines, [path, *status_files(path)]))


def _id(path: Path, name: str) -> str:
    """What a line is called, what cannot be shown of it escaped."""
    name = name if name.strip() else path.name
    return "".join(
        letter.encode("unicode_escape").decode() if is_control(letter) else letter for letter in name
    )


def _text(path: Path) -> str:
    """The text of a manifest, or of a pipe that brings one."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no system can have
        reason = getattr(error, "strerror", None) or error
        raise _unreadable(path, f"cannot be read ({reason})") from error
    if len(content) > LARGEST_BYTES:
        raise _unreadable(path, f"is larger than the {LARGEST_BYTES >> 20} MB that a manifest may have")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "is not UTF-8 text") from error


def _unreadable(path: Path, what: str) -> BatchError:
    return BatchError(f"“{path.name}” {what}", "Give a manifest with one JSON object a line")
