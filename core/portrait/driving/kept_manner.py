"""On-disk cache of a person's head style and face manner, measured in the reference."""

import logging
from pathlib import Path

from ...errors import StyleError
from ...face.manner import FaceManner, face_manner
from ...files import sha256_of
from ...motion import Progress
from ...progress import part
from ...style import Style, read_style, write_style
from ...style.from_reference import style_from_reference
from ...track.landmarks import find_model
from ...track.measure import measurements_of
from ...track.tracker import head_track
from ..analysis.cache import entry_of
from ..analysis.kept_pass import kept, pass_folder, reference_pass
from ..model.person import Person
from ..reference.identity import Reference
from .face_retarget import turns

_log = logging.getLogger(__name__)

_STYLE = "own.style.json"
_MANNER = "manner-4.npz"


def own_style(reference: Reference, folder: Path, progress: Progress) -> Style:
    """Return the head style of a reference's person, encoded on first use and read from `folder` after that.

    Raises
    ------
    AudioError, VideoError, StyleError, MissingPartError, OutputError, CancelledError
    """
    file = pass_folder(reference, folder) / _STYLE
    found = _kept_style(file)
    if found is None:
        first = reference_pass(reference, folder, part(progress, 0.0, 0.8), to_end=True)
        assert first.heads is not None
        measured = measurements_of(
            first.heads,
            first.facts,
            name=reference.path.name,
            cut_short=first.cut_short,
            source_sha256=reference.sha256,
            model_sha256=sha256_of(find_model()),
            notes=tuple(first.notes.splitlines()),
        )
        style = style_from_reference(
            head_track(measured),
            speech=reference.path,
            mute_allowed=True,  # the style says what it then lacks
            progress=part(progress, 0.8, 1.0),
        )
        write_style(file, style)
        found = read_style(file)
    return found


def _kept_style(file: Path) -> Style | None:
    if file.is_symlink() or not file.is_file():
        return None
    try:
        return read_style(file)
    except StyleError as error:
        _log.warning("The style of the reference's person is damaged, and encoded anew: %s", error.problem)
        return None


def own_face_manner(reference: Reference, person: Person, folder: Path) -> FaceManner:
    """Return the face manner of a reference's person, measured on first use and read from `folder` after that.

    Raises
    ------
    OutputError : no room in `folder`
    """
    file = entry_of(reference, person.clip.size, folder) / _MANNER

    def measure() -> FaceManner:
        head_points = person.mesh + person.expression
        return face_manner(
            head_points,
            person.clip.time_s,
            person.usable,
            speech=reference.path,
            turn=turns(person, person.poses),
        )

    return kept(file, FaceManner, measure)
