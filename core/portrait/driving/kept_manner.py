"""The manner of a reference's person, of the head and of the face, kept for the next video of that person."""

import logging
from pathlib import Path

from ...arrays_file import read_arrays, write_arrays
from ...errors import AudioError
from ...face.manner import FaceManner, face_manner
from ...files import sha256_of
from ...motion import Progress
from ...progress import part
from ...speech import extract_features
from ...style import Style, encode_style, read_style, write_style
from ...track.landmarks import find_model
from ...track.measure import measurements_of
from ...track.tracker import head_track
from ..analysis.cache import entry_of
from ..analysis.kept_pass import DAMAGED, PACKED, packed, pass_folder, reference_pass, unpacked
from ..model.person import Person
from ..reference.identity import Reference

_log = logging.getLogger(__name__)

_STYLE = "own.style.json"
_MANNER = "manner-1.npz"


def own_style(reference: Reference, folder: Path, progress: Progress) -> Style:
    """The manner in which the head of a reference moves, encoded the first time and read from `folder` after that.

    Raises
    ------
    AudioError, VideoError, StyleError, MissingPartError, OutputError, CancelledError
    """
    file = pass_folder(reference, folder) / _STYLE
    if not file.is_file():
        first = reference_pass(reference, folder, part(progress, 0.0, 0.8), to_end=True)
        assert first.heads is not None
        measured = measurements_of(
            first.heads,
            first.facts,
            name=reference.path.name,
            cut_short=first.cut_short,
            source_sha256=reference.sha256,
            model_sha256=sha256_of(find_model()),
        )
        try:
            speech = extract_features(reference.path, part(progress, 0.8, 1.0))
        except AudioError:  # mute, or without a voice: the style says what it then lacks
            speech = None
        write_style(file, encode_style(head_track(measured), speech))
    return read_style(file)


def own_face_manner(reference: Reference, person: Person, folder: Path) -> FaceManner:
    """The manner of a reference's face, measured the first time and read from `folder` after that.

    Raises
    ------
    OutputError : no room in `folder`
    """
    file = entry_of(reference, person.clip.size, folder) / _MANNER
    try:
        kept: FaceManner = unpacked(FaceManner, read_arrays(file, {}, others=PACKED))
    except DAMAGED:
        _log.info("FaceManner of the reference not kept yet")
    else:
        return kept
    head_points = person.mesh + person.expression
    made = face_manner(head_points, person.clip.time_s, person.usable, speech=reference.path)
    write_arrays(file, packed(made), compressed=False)
    return made
