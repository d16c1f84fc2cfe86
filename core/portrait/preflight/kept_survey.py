"""The survey of a reference, kept for the next video of that person."""

from pathlib import Path

import numpy as np

from ...motion import Progress, no_progress
from ..analysis.first_pass import glance_through
from ..analysis.kept_pass import DAMAGED, packed, pass_folder, reference_pass, unpacked, write_arrays
from ..reference.identity import Reference
from .survey import Survey, survey_of

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
        with np.load(file, allow_pickle=False) as arrays:
            kept: Survey = unpacked(Survey, arrays)
            return kept
    except DAMAGED:
        pass
    first = reference_pass(reference, folder, progress, to_end=to_end)
    if not first.glances:
        first = glance_through(reference.path, progress)
    made = survey_of(reference.path, first)
    write_arrays(file, packed(made))
    return made
