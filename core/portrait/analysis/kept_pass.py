"""On-disk cache of the first pass over a reference, kept until the reference is forgotten."""

import logging
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from ...arrays_file import ArraySpec, read_arrays, write_arrays
from ...errors import OutputError
from ...media.facts import VideoFacts
from ...motion import Progress, no_progress
from ...track.sightings import HeadSightings
from ..reference.identity import Reference
from .first_pass import FirstPass, scan_frames
from .sightings import Sightings

_log = logging.getLogger(__name__)
T = TypeVar("T")

PACKED = ArraySpec("fiubU")
"""Any array that `packed` makes."""

DAMAGED = (ValueError, KeyError, TypeError)
"""What reading a kept `.npz` raises where it is missing or damaged."""

_VERSION = 2
"""Of the pass and of what is made from it alone; what another version made is not used."""
_FILE = "pass.npz"
_OWN = ("cut_short", "time_s", "whole", "damage", "notes")
_PARTS = (("facts_", VideoFacts), ("sightings_", Sightings), ("heads_", HeadSightings))


def pass_folder(reference: Reference, folder: Path) -> Path:
    """Folder of results that do not depend on the frame size, inside `folder`; made where missing.

    Raises
    ------
    OutputError : it cannot be made
    """
    entry = folder / f"{reference.sha256}-pass-{_VERSION}"
    try:
        entry.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"What is learned of the reference cannot be kept in {folder} ({error.strerror or error})",
            "Free some space there, or choose another folder",
        ) from error
    return entry


def reference_pass(
    reference: Reference, folder: Path, progress: Progress = no_progress, *, to_end: bool = False
) -> FirstPass:
    """Return the pass over every frame of a reference, made on first use and read from `folder` after that.

    to_end : whether the heads of the whole video are needed

    A kept pass has no samples: what is made of them is kept by those who make it.

    Raises
    ------
    VideoError, MissingPartError : as `scan_frames`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = pass_folder(reference, folder) / _FILE
    found = _load(file)
    if found is not None and (found.whole or not to_end):
        return found
    made = scan_frames(reference.path, progress, to_end=to_end)
    arrays: dict[str, Any] = {name: getattr(made, name) for name in _OWN}
    for prefix, part in zip(
        (prefix for prefix, _ in _PARTS), (made.facts, made.sightings, made.heads), strict=True
    ):
        assert part is not None
        arrays |= packed(part, prefix)
    write_arrays(file, arrays, compressed=False)
    return made


def _load(file: Path) -> FirstPass | None:
    try:
        arrays = read_arrays(file, {}, others=PACKED)
        facts, sightings, heads = (unpacked(kind, arrays, prefix) for prefix, kind in _PARTS)
        return FirstPass(
            facts=facts,
            cut_short=bool(arrays["cut_short"]),
            damage=str(arrays["damage"]),
            notes=str(arrays["notes"]),
            time_s=arrays["time_s"],
            samples=(),
            sightings=sightings,
            heads=heads,
            whole=bool(arrays["whole"]),
        )
    except DAMAGED:
        return None


def kept(file: Path, kind: type[T], make: Callable[[], T]) -> T:
    """Return what a file of `packed` arrays holds; make and keep it where the file is missing or damaged.

    kind : the dataclass that `make` returns

    Raises
    ------
    OutputError : no room for the file; else as `make`
    """
    try:
        found: T = unpacked(kind, read_arrays(file, {}, others=PACKED))
    except DAMAGED:
        _log.info("%s of the reference not kept yet", kind.__name__)
    else:
        return found
    made = make()
    write_arrays(file, packed(made), compressed=False)
    return made


def packed(part: Any, prefix: str = "") -> dict[str, Any]:
    """Fields of a dataclass as arrays by name, without those that are None."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {prefix + name: value for name, value in values.items() if value is not None}


def unpacked(kind: Any, arrays: Any, prefix: str = "") -> Any:
    """Dataclass from `packed` arrays; a missing optional field is None.

    Raises
    ------
    KeyError, ValueError : a field is missing or damaged
    """
    found = {
        field.name: arrays[prefix + field.name]
        for field in fields(kind)
        if prefix + field.name in arrays or "None" not in str(field.type)
    }
    values = {name: value if value.ndim else value.item() for name, value in found.items()}
    return kind(**{**{field.name: None for field in fields(kind)}, **values})
