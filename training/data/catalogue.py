"""Catalogue of videos and the persons in them: from a CSV, or a folder for each person."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mannerism.training.data.dataset import DatasetError

VIDEOS = frozenset({".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"})
NEEDED = ("clip", "person", "source")

ROTATION_ONLY = frozenset({"vox", "voxceleb1", "voxceleb2"})
"""Sources whose crops follow the face: their translation is the crop's."""


@dataclass(frozen=True)
class Clip:
    """A video of one person.

    id : unique, and a file name; seconds : as the catalogue says, 0 where it does not
    session : videos of one session show one occasion
    """

    id: str
    path: Path
    person: str
    source: str
    session: str
    licence: str = ""
    seconds: float = 0.0


def find_clips(folder: Path, catalogue: Path | None = None, source: str = "own") -> list[Clip]:
    """The clips of a folder, in a fixed order.

    With a catalogue (given, or `catalog.tsv` in the folder), those that it lists: tab-separated, with
    the columns clip (path without suffix), person and source, and optionally session, licence and seconds.
    Without one, PERSON/…/VIDEO: the first folder is the person, one more between is the session, as in
    VoxCeleb2; a video with no folder is a person of its own.

    Raises
    ------
    DatasetError : no folder, no video in it, a catalogue without those columns, a clip listed twice
    """
    listed = catalogue or folder / "catalog.tsv"
    clips = list(_listed(folder, listed) if catalogue or listed.is_file() else _found(folder, source))
    if not clips:
        raise DatasetError(
            f"There is no video in “{folder}”", f"Give a folder with {', '.join(sorted(VIDEOS))}"
        )
    if len({clip.id for clip in clips}) < len(clips):
        raise DatasetError("Two clips have the same name", "List each clip once")
    return clips


def _listed(folder: Path, catalogue: Path) -> Iterator[Clip]:
    try:
        with catalogue.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, delimiter="\t")
            missing = set(NEEDED) - set(reader.fieldnames or ())
            if missing:
                raise DatasetError(
                    f"“{catalogue.name}” lacks the columns {', '.join(sorted(missing))}",
                    "Give a tab-separated table with a header",
                )
            for row in reader:
                name = _name(Path(row["clip"]))
                yield Clip(
                    id=name,
                    path=_video(folder, row["clip"]),
                    person=row["person"],
                    source=row["source"],
                    session=row.get("session") or name,
                    licence=row.get("licence") or "",
                    seconds=float(row.get("seconds") or 0.0),
                )
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DatasetError(f"“{catalogue}” cannot be read ({error})", "Check the catalogue") from error


def _found(folder: Path, source: str) -> Iterator[Clip]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in VIDEOS and path.is_file():
            inside = path.relative_to(folder).with_suffix("")
            name = _name(inside)
            session = _name(inside.parent) if len(inside.parts) > 2 else name
            yield Clip(name, path, inside.parts[0], source, session)


def _video(folder: Path, name: str) -> Path:
    """The video of that name, whatever its suffix; the .mp4 where there is none, to be refused later."""
    exact = folder / name
    if exact.suffix.lower() in VIDEOS:
        return exact
    found = (exact.with_name(exact.name + suffix) for suffix in sorted(VIDEOS))
    return next((path for path in found if path.is_file()), exact.with_name(exact.name + ".mp4"))


def _name(inside: Path) -> str:
    suffix = inside.suffix if inside.suffix.lower() in VIDEOS else ""
    return "_".join(inside.parts).removesuffix(suffix)
