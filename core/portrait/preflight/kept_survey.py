"""On-disk cache of the survey of a reference."""

from pathlib import Path

from ...motion import Progress, no_progress
from ..analysis.first_pass import sample_frames
from ..analysis.kept_pass import kept, pass_folder, reference_pass
from ..reference.identity import Reference
from .survey import Survey, survey_of

_SURVEY = "survey.npz"


def reference_survey(
    reference: Reference, folder: Path, progress: Progress = no_progress, *, to_end: bool = False
) -> Survey:
    """Return the survey of a reference, made on first use and read from `folder` after that.

    to_end : whether the heads of the whole video will be needed, so that one pass gathers them as well

    Raises
    ------
    VideoError, MissingPartError : as `survey`
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = pass_folder(reference, folder) / _SURVEY

    def measure() -> Survey:
        first = reference_pass(reference, folder, progress, to_end=to_end)
        if not first.samples:
            first = sample_frames(reference.path, progress)
        return survey_of(reference.path, first)

    return kept(file, Survey, measure)
