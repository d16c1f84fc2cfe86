"""Manifests of a batch: JSON lines, a table, or a folder of sounds. A bad line is kept with its reason."""

import io
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import BatchError
from ..media.cause import address
from ..media.suffixes import SOUNDS
from ..motion import Progress, no_progress
from .collisions import without_collisions
from .fields import is_control
from .form import form_of
from .given import NOTHING, Given
from .manifest_row import Line, each_file, line_of
from .places import Places
from .rows import Form, fields_of, rows_of, unreadable, with_any_quoting
from .status import status_files

LARGEST_BYTES = 1 << 28
_SAY_EVERY = 1000


@dataclass(frozen=True)
class Manifest:
    """Lines in order, and the path that status files are named after.

    lines : all, or those of a chunk
    places : which lines these are, by their number among all from 0
    notes : sentences on what of the manifest is not heeded
    """

    path: Path
    lines: tuple[Line, ...]
    places: range
    notes: tuple[str, ...] = ()

    def chunk(self, index: int, count: int) -> "Manifest":
        """Every `count`-th line from `index` on: all chunks together are all lines, each once."""
        return replace(self, lines=self.lines[index::count], places=self.places[index::count])

    def in_files(self) -> "Manifest":
        """The same with a line for each file, instead of one for each row; the places are still those of rows."""
        return replace(self, lines=tuple(each_file(self.lines)))


def read_manifest(
    path: Path, allowed: Sequence[Path] = (), given: Given = NOTHING, progress: Progress = no_progress
) -> Manifest:
    """Read a whole manifest; relative paths are relative to its folder.

    allowed : folders that outputs may lie in, besides that of the manifest
    given : what lines leave out

    Raises
    ------
    BatchError : the file cannot be read or has no lines; a bad line is kept with its `problem`
    """
    content = _content(path)
    places = places_of(path, allowed)

    def lines(form: Form) -> list[Line]:
        complete = given.beneath(form.defaults, form.characters)
        found = []
        for row in rows_of(form):
            own = partial(fields_of, row.text, form)
            found.append(line_of(own, f"line {row.number}", places, complete))
            if len(found) % _SAY_EVERY == 0:
                progress((row.start + row.length) / len(content), "Reading the manifest")
        return found

    form = form_of(path, lambda: io.BytesIO(content))
    read = with_any_quoting(form, lines)
    if not read:
        raise unreadable(path, "has no lines")
    checked = without_collisions(read, [path, *status_files(path)], places.presence)
    return Manifest(path, checked, range(len(checked)), form.notes)


def places_of(path: Path, allowed: Sequence[Path]) -> Places:
    """Where the paths of a manifest lead, given the folders that outputs may lie in besides its own."""
    folder = path.resolve().parent
    return Places(folder, [folder, *(place.resolve() for place in allowed)])


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
    places = Places(target, [target])
    lines = [
        line_of(
            partial(
                dict,
                keys or {},
                id=_id(path, name),
                audio=str(path.resolve()),
                style=str(style.resolve()),
                out=str(target / f"{name}{suffix}"),
            ),
            path.name,
            places,
        )
        for path, name in zip(found, names_of(found), strict=True)
    ]
    path = target / "batch.jsonl"
    return Manifest(path, without_collisions(lines, [path, *status_files(path)]), range(len(lines)))


def _id(path: Path, name: str) -> str:
    """What a line is called, what cannot be shown of it escaped."""
    name = name if name.strip() else path.name
    return "".join(
        letter.encode("unicode_escape").decode() if is_control(letter) else letter for letter in name
    )


def _content(path: Path) -> bytes:
    """The content of a manifest, or of a pipe that brings one. Raises BatchError."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no system can have
        reason = getattr(error, "strerror", None) or error
        if is_address := address(path):
            raise BatchError(*is_address) from error
        raise unreadable(path, f"cannot be read ({reason})") from error
    if len(content) > LARGEST_BYTES:
        raise unreadable(
            path,
            f"is larger than the {LARGEST_BYTES >> 20} MB that are read at once; --chunk reads larger ones",
        )
    return content
