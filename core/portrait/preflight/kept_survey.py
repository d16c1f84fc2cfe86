"""The survey of a reference, kept for the next video of that person."""

import logging
from pathlib import Path

from ...arrays_file import read_arrays, write_arrays
from ...motion import Progress, no_progress
from ..analysis.first_pass import glance_through
from ..analysis.kept_pass import DAMAGED, PACKED, packed, pass_folder, reference_pass, unpacked
from ..reference.identity import Reference
from .survey import Survey, survey_of

_log = logging.getLogger(__name__)

_SURVEY = "survey.npz"


def reference_survey(
    reference: Reference, folder: Path, progress: Progress = no_progress, *, to_end: bool = False
) -> Survey:
    """The survey of a reference, made the first time and read from `folder` after that.

    to_end : whether the heads of the whole video will be needed, so that one pass gathers them as well

    Raises
    ------
    VideoError, MissingPartError : as `survey`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = pass_folder(reference, folder) / _SURVEY
    try:
        kept: Survey = unpacked(Survey, read_arrays(file, {}, others=PACKED))
    except DAMAGED:
        _log.info("Survey of the reference not kept yet")
    else:
        return kept
    first = reference_pass(reference, folder, progress, to_end=to_end)
    if not first.glances:
        first = glance_through(reference.path, progress)
    made = survey_of(reference.path, first)
    write_arrays(file, packed(made), compressed=False)
    return made
