"""The lines of a batch, kept in the scene."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    StringProperty,
)

from ..core.errors import AudioError
from ..core.generate import first_seed
from ..core.media.suffixes import SOUNDS
from .export import EXPORTS
from .fields import LINE_PATH

MANIFESTS = (".jsonl", ".csv", ".tsv")
"""Suffixes of manifests in the file window."""


class MANNERISM_PG_line(bpy.types.PropertyGroup):
    """One line; its takes and files are called by its name."""

    audio: StringProperty(  # type: ignore[valid-type]
        name="Speech", description="Sound, or video with sound, of the speech to move to", **LINE_PATH
    )
    style: StringProperty(  # type: ignore[valid-type]
        name="Style",
        description="How to move in this line. Empty: by the style of the character",
        **LINE_PATH,
    )
    direct: StringProperty(  # type: ignore[valid-type]
        name="Direction",
        description="JSON file of what the take must do. Pins of the line and markers count besides it",
        **LINE_PATH,
    )
    seed: IntProperty(  # type: ignore[valid-type]
        name="Seed", description="Each seed is another take, and always the same one", min=0
    )
    own_start: BoolProperty(  # type: ignore[valid-type]
        name="Own Start", description="Begin at a frame of its own, not after the lines before"
    )
    start: IntProperty(name="Frame", description="Frame at which the speech begins")  # type: ignore[valid-type]
    status: EnumProperty(  # type: ignore[valid-type]
        name="Status",
        description="What became of the line",
        items=[
            ("WAITING", "Waiting", "Not generated yet"),
            ("DONE", "Done", "It was generated"),
            ("FAILED", "Failed", "Could not be generated"),
        ],
    )
    message: StringProperty(  # type: ignore[valid-type]
        name="Message", description="What was noticed, or why there is no result"
    )
    output: StringProperty(name="Result", description="Layer or file that was made")  # type: ignore[valid-type]
    digest: StringProperty(name="Digest", description="Hash of what the result was made of")  # type: ignore[valid-type]
    size: IntProperty(name="Size", description="Bytes of the file that was made")  # type: ignore[valid-type]
    sha256: StringProperty(name="SHA-256", description="Hash of the file that was made")  # type: ignore[valid-type]
    end: IntProperty(name="End", description="Frame at which the layer ends; 0 without one")  # type: ignore[valid-type]


class MANNERISM_PG_batch(bpy.types.PropertyGroup):
    """The batch of a scene, at `Scene.mannerism`."""

    lines: CollectionProperty(  # type: ignore[valid-type]
        type=MANNERISM_PG_line, name="Lines", description="Speech to generate motion for"
    )
    line_index: IntProperty(name="Active Line", description="Line that is shown below the list")  # type: ignore[valid-type]
    target: EnumProperty(  # type: ignore[valid-type]
        name="Target",
        description="Where the motion goes",
        items=[
            ("LAYERS", "Layers", "A layer for each line on the active object"),
            *(
                (format_.label, format_.label, f"A {suffix} file for each line: {format_.description}")
                for suffix, format_ in EXPORTS.items()
            ),
        ],
    )
    folder: StringProperty(  # type: ignore[valid-type]
        name="Folder",
        description="Where the files go",
        subtype="DIR_PATH",
        options={"PATH_SUPPORTS_BLEND_RELATIVE"},
    )
    pause_s: FloatProperty(  # type: ignore[valid-type]
        name="Pause",
        description="Time from the end of a line to the start of the next",
        default=0.5,
        min=0.0,
        subtype="TIME_ABSOLUTE",
        unit="TIME_ABSOLUTE",
    )


def add_lines(batch: Any, paths: Iterable[Path]) -> tuple[int, list[str]]:
    """Append a line for each sound, each sound in a folder, and each line of a manifest.

    Returns how many, and sentences on what of manifests no line heeds.

    A line of a manifest brings its sound, style, direction, seed and start; where the motion goes is up to the batch.

    Raises
    ------
    AudioError : a folder without sounds
    BatchError : a manifest that cannot be read
    """
    from ..core.batch.manifest import names_of  # registering reads no batch room

    before = len(batch.lines)
    notes: list[str] = []
    for path in paths:
        if path.suffix.lower() in MANIFESTS:
            notes += _add_manifest(batch, path)
        else:
            sounds = _sounds(path)
            for sound, name in zip(sounds, names_of(sounds), strict=True):
                _add(batch, name, str(sound), seed=first_seed(name))
    return len(batch.lines) - before, notes


def _sounds(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(inside for inside in path.iterdir() if inside.suffix.lower() in SOUNDS)
    if not found:
        raise AudioError(f"“{path.name}” holds no sound", f"Choose {', '.join(SOUNDS)} files")
    return found


def _add_manifest(batch: Any, path: Path) -> tuple[str, ...]:
    from ..core.batch.manifest import read_manifest

    manifest = read_manifest(path)
    for line in manifest.lines:
        if line.problem:
            _add(batch, line.id, "", status="FAILED", message=line.problem)
        else:
            own = {} if line.start is None else {"own_start": True, "start": line.start}
            direct = "" if line.direct is None else str(line.direct)
            fields = {"style": str(line.style), "direct": direct, "seed": line.settings.seed, **own}
            _add(batch, line.id, str(line.audio), **fields)
    return manifest.notes


def _add(batch: Any, name: str, audio: str, **fields: Any) -> None:
    line = batch.lines.add()
    line.name, line.audio = name, audio
    for field, value in fields.items():
        setattr(line, field, value)


CLASSES = (MANNERISM_PG_line, MANNERISM_PG_batch)
