"""The first pass over a reference, kept beside the analysed persons until the reference is forgotten."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from ...arrays_file import ArraySpec, read_arrays, write_arrays
from ...errors import OutputError
from ...media.facts import VideoFacts
from ...motion import Progress, no_progress
from ...track.sightings import HeadSightings
from ..reference.identity import Reference
from .first_pass import FirstPass, look_through
from .sightings import Sightings

PACKED = ArraySpec("fiubU")
"""Any array that `packed` makes."""

DAMAGED = (ValueError, KeyError, TypeError)
"""What reading a kept `.npz` raises where it is missing or damaged."""

_VERSION = 1
"""Of the pass and of what is made from it alone; what another version made is not used."""
_FILE = "pass.npz"
_PARTS = (("facts_", VideoFacts), ("sightings_", Sightings), ("heads_", HeadSightings))


def pass_folder(reference: Reference, folder: Path) -> Path:
    """Where all lies that is made from a reference whatever the size of the pictures, inside `folder`.

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
    """The pass over each frame of a reference, made the first time and read from `folder` after that.

    to_end : whether the heads of the whole video are needed

    A kept pass has no glances: what is made of them is kept by those who make it.

    Raises
    ------
    VideoError, MissingPartError : as `look_through`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = pass_folder(reference, folder) / _FILE
    kept = _load(file)
    if kept is not None and (kept.whole or not to_end):
        return kept
    made = look_through(reference.path, progress, to_end=to_end)
    arrays: dict[str, Any] = {"cut_short": made.cut_short, "time_s": made.time_s, "whole": made.whole}
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
            time_s=arrays["time_s"],
            glances=(),
            sightings=sightings,
            heads=heads,
            whole=bool(arrays["whole"]),
        )
    except DAMAGED:
        return None


def packed(part: Any, prefix: str = "") -> dict[str, Any]:
    """The fields of a dataclass as arrays, without those that are None."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {prefix + name: value for name, value in values.items() if value is not None}


def unpacked(kind: Any, arrays: Any, prefix: str = "") -> Any:
    """The dataclass of `packed` arrays; a field that may be None is so where it is missing.

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
