"""On-disk cache of analysed references, one folder entry each, kept until the reference is forgotten."""

import logging
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from time import time
from typing import Any

import numpy as np

from ...arrays_file import FLOATS, NUMBERS, ArraySpec, read_arrays, write_arrays
from ...errors import OutputError
from ...motion import Progress, no_progress
from ...own_file import UnusableFileError
from ...progress import part
from ..model.camera import FacePoses, Stage
from ..model.person import Clip, Footage, Person, Square, Surround
from ..model.picture_file import open_pictures
from ..reference.identity import Reference
from .analyse import analyse
from .clip_reader import PICTURES, read_clip
from .kept_pass import reference_pass
from .large_blocks import return_large_blocks
from .matte import MATTE
from .picture_area import picture_area

_log = logging.getLogger(__name__)

_VERSION = 11
"""Of the analysis; what another version made is not used."""
_NUMBERS = "person.npz"
_SPECS = {
    "time_s": ArraySpec("f", 1),
    "camera": ArraySpec("f", 1),
    "square": ArraySpec("iu", 1),
    "landmarks": ArraySpec("f", 3),
    "mesh": ArraySpec("f", 2),
    "expression": ArraySpec("f", 3),
    "usable": ArraySpec("b", 1),
    **{f"poses_{field.name}": FLOATS for field in fields(FacePoses)},
    **{f"stage_{field.name}": FLOATS for field in fields(Stage)},
    **{f"surround_{field.name}": FLOATS for field in fields(Surround)},
    **{f"footage_{field.name}": NUMBERS for field in fields(Footage) if field.name != "square"},
}
_OPTIONAL = {"plate": ArraySpec("u", 3)}
_LARGEST_BYTES = 1 << 32
_LOOKING_SHARE, _READING_SHARE = 0.2, 0.5  # of the time, where the first pass is still to be made
_ABANDONED_S = 3600.0  # nothing is begun so long before it is finished


def reference_person(
    reference: Reference, size: int, folder: Path, progress: Progress = no_progress
) -> Person:
    """Return the person of a reference video, analysed on first use and read from `folder` after that.

    Entries are keyed by the file's SHA-256, the size and the version of the analysis. They are made under
    another name and renamed when whole, so that a killed analysis leaves nothing that is used.

    Raises
    ------
    VideoError, MissingPartError : as `read_clip` and `analyse`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    entry = entry_of(reference, size, folder)
    if (found := _found(entry)) is not None:
        return found
    _log.info("Reference not analysed yet: %s", entry.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_abandoned(folder, entry.name)
        with tempfile.TemporaryDirectory(prefix=f"{entry.name}-", dir=folder) as name:
            making = Path(name, "whole")
            making.mkdir()
            _make(reference, size, folder, making, progress)
            _put_in_place(making, entry)
        return _load(entry)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"The analysed reference cannot be kept in {folder} ({getattr(error, 'strerror', None) or error})",
            "Free some space there, or choose another folder",
        ) from error


def _found(entry: Path) -> Person | None:
    """The person in an entry; a damaged one is removed."""
    if not os.path.lexists(entry):
        return None
    try:
        if entry.is_symlink():
            raise UnusableFileError(f"“{entry.name}” is a link")
        person = _load(entry)
    except (OSError, ValueError, TypeError) as error:
        _log.warning("The analysed reference in %s is damaged and made anew: %s", entry.name, error)
        _remove(entry)
        return None
    _log.info("Reference analysed before: %s", entry.name)
    return person


def _put_in_place(making: Path, entry: Path) -> None:
    """Give a finished entry its name, unless another process was faster. Raises OSError."""
    try:
        making.rename(entry)
    except OSError:
        if not entry.is_dir():
            raise
        _log.info("Reference analysed by another process meanwhile: %s", entry.name)


def _remove(entry: Path) -> None:
    """Take an entry out of use at once, and then delete it; another process may do the same."""
    with suppress(OSError):
        away = Path(tempfile.mkdtemp(prefix=f"{entry.name}-", dir=entry.parent))
        with suppress(OSError):
            entry.rename(away / "damaged")
        shutil.rmtree(away, ignore_errors=True)


def entry_of(reference: Reference, size: int, folder: Path) -> Path:
    """Cache entry of a reference at a frame size, inside `folder`."""
    return folder / f"{reference.sha256}-{size}-{_VERSION}"


def forget(reference: Reference, folder: Path) -> None:
    """Delete every cache entry of a reference, whatever its size or version."""
    for entry in folder.glob(f"{reference.sha256}-*"):
        if entry.is_symlink():
            entry.unlink(missing_ok=True)
        else:
            shutil.rmtree(entry)


def _drop_abandoned(folder: Path, name: str) -> None:
    """Delete unfinished entries of killed processes; recent ones, which may be in progress, stay."""
    for begun in folder.glob(f"{name}-*"):
        with suppress(OSError):  # finished meanwhile
            newest = max(path.stat().st_mtime for path in (begun, *begun.rglob("*")))
            if time() - newest > _ABANDONED_S:
                shutil.rmtree(begun, ignore_errors=True)


def _make(reference: Reference, size: int, folder: Path, entry: Path, progress: Progress) -> None:
    """Analyse a reference into an entry folder, with no file left open."""
    return_large_blocks()
    first = reference_pass(reference, folder, part(progress, 0.0, _LOOKING_SHARE))
    clip = read_clip(
        reference.path,
        size,
        folder=entry,
        sightings=first.sightings,
        area=picture_area(sample.small for sample in first.samples),
        progress=part(progress, _LOOKING_SHARE, _READING_SHARE),
    )
    person = analyse(clip, part(progress, _READING_SHARE, 1.0), folder=entry)
    _save(entry, person)


def _save(entry: Path, person: Person) -> None:
    """Write all of a person but frames and matte, which are in the entry already."""
    clip = person.clip
    numbers = {
        "time_s": clip.time_s,
        "landmarks": clip.landmarks,
        "camera": np.array([clip.focal_px, *clip.centre_px]),
        "mesh": person.mesh,
        "expression": person.expression,
        "usable": person.usable,
        **{f"poses_{name}": value for name, value in vars(person.poses).items()},
        **{f"stage_{name}": value for name, value in vars(person.stage).items()},
        **{f"surround_{name}": value for name, value in vars(person.surround).items()},
    }
    if person.background is not None:
        numbers["plate"] = person.background
    if clip.footage is not None:
        footage = asdict(clip.footage)
        numbers["square"] = np.array(list(footage.pop("square").values()))
        numbers |= {f"footage_{name}": value for name, value in footage.items()}
    write_arrays(entry / _NUMBERS, numbers, compressed=False)


def _load(entry: Path) -> Person:
    """Read a person from its entry. Raises OSError, ValueError or TypeError where the entry is damaged."""
    arrays = read_arrays(entry / _NUMBERS, _SPECS, optional=_OPTIONAL, largest_bytes=_LARGEST_BYTES)
    numbers = {name: values if values.ndim else values.item() for name, values in arrays.items()}

    def named(prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value for name, value in numbers.items() if name.startswith(prefix)
        }

    left, top, side = numbers["square"].tolist()
    clip = Clip(
        pictures=open_pictures(entry / PICTURES),
        time_s=numbers["time_s"],
        landmarks=numbers["landmarks"],
        focal_px=float(numbers["camera"][0]),
        centre_px=numbers["camera"][1:],
        footage=Footage(square=Square(left, top, side), **named("footage_")),
    )
    matte = open_pictures(entry / MATTE)
    lengths = {len(numbers[name]) for name in ("time_s", "landmarks", "expression", "usable")}
    if len(lengths | {len(clip.pictures), len(matte)}) > 1:
        raise ValueError("its parts are of unlike length")
    return Person(
        clip=clip,
        mesh=numbers["mesh"],
        expression=numbers["expression"],
        poses=FacePoses(**named("poses_")),
        stage=Stage(**named("stage_")),
        surround=Surround(**named("surround_")),
        matte=matte,
        background=numbers.get("plate"),
        usable=numbers["usable"],
    )
