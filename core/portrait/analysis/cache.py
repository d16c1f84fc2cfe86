"""References that were analysed before, kept beside each other in a folder until they are forgotten."""

import logging
import shutil
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from time import time
from typing import Any

import numpy as np

from ...arrays_file import FLOATS, NUMBERS, ArraySpec, read_arrays, write_arrays
from ...errors import OutputError
from ...motion import Progress, no_progress
from ...progress import part
from ..model.camera import FacePoses, Stage
from ..model.person import Clip, Footage, Person, Square, Surround
from ..model.picture_file import open_pictures
from ..reference.identity import Reference
from .analyse import analyse
from .clip_reader import PICTURES, read_clip
from .kept_pass import reference_pass
from .matte import MATTE

_log = logging.getLogger(__name__)

_VERSION = 6
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
    """The person of a reference video, analysed the first time and read from `folder` after that.

    Entries are keyed by the file's SHA-256, the size and the version of the analysis. They are made under
    another name and renamed when whole, so that a killed analysis leaves nothing that is used.

    Raises
    ------
    VideoError, MissingPartError : as `read_clip` and `analyse`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    entry = entry_of(reference, size, folder)
    if entry.is_dir():
        try:
            person = _load(entry)
        except (OSError, ValueError) as error:
            _log.warning("The analysed reference in %s is damaged and made anew: %s", entry.name, error)
            shutil.rmtree(entry)
        else:
            _log.info("Reference analysed before: %s", entry.name)
            return person
    _log.info("Reference not analysed yet: %s", entry.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_abandoned(folder, entry.name)
        with tempfile.TemporaryDirectory(prefix=f"{entry.name}-", dir=folder) as name:
            making = Path(name, "whole")
            making.mkdir()
            _make(reference, size, folder, making, progress)
            making.rename(entry)
        return _load(entry)
    except OSError as error:
        raise OutputError(
            f"The analysed reference cannot be kept in {folder} ({error.strerror or error})",
            "Free some space there, or choose another folder",
        ) from error


def entry_of(reference: Reference, size: int, folder: Path) -> Path:
    """Where all that is made from a reference in this size lies, inside `folder`."""
    return folder / f"{reference.sha256}-{size}-{_VERSION}"


def forget(reference: Reference, folder: Path) -> None:
    """Delete everything that was made from a reference, whatever its size or version."""
    for entry in folder.glob(f"{reference.sha256}-*"):
        shutil.rmtree(entry)


def _drop_abandoned(folder: Path, name: str) -> None:
    """Delete what processes that were killed had begun; one that still works on it is left alone."""
    for begun in folder.glob(f"{name}-*"):
        if time() - begun.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(begun, ignore_errors=True)


def _make(reference: Reference, size: int, folder: Path, entry: Path, progress: Progress) -> None:
    """Analyse into a folder, and leave no file of it open."""
    first = reference_pass(reference, folder, part(progress, 0.0, _LOOKING_SHARE))
    clip = read_clip(
        reference.path,
        size,
        folder=entry,
        sightings=first.sightings,
        progress=part(progress, _LOOKING_SHARE, _READING_SHARE),
    )
    person = analyse(clip, part(progress, _READING_SHARE, 1.0), folder=entry)
    _save(entry, person)


def _save(entry: Path, person: Person) -> None:
    """All but the pictures and the matte, which lie in the entry already."""
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
    if person.plate is not None:
        numbers["plate"] = person.plate
    if clip.footage is not None:
        footage = asdict(clip.footage)
        numbers["square"] = np.array(list(footage.pop("square").values()))
        numbers |= {f"footage_{name}": value for name, value in footage.items()}
    write_arrays(entry / _NUMBERS, numbers, compressed=False)


def _load(entry: Path) -> Person:
    """Raises OSError or ValueError where the entry is damaged."""
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
    return Person(
        clip=clip,
        mesh=numbers["mesh"],
        expression=numbers["expression"],
        poses=FacePoses(**named("poses_")),
        stage=Stage(**named("stage_")),
        surround=Surround(**named("surround_")),
        matte=open_pictures(entry / MATTE),
        plate=numbers.get("plate"),
        usable=numbers["usable"],
    )
