"""Public functions: head motion scored against what persons really did."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..motion import Progress, no_progress
from .arguments import StrPath

if TYPE_CHECKING:
    from ..evaluate.score_pairs import PairScores


def score(pairs: StrPath, *, progress: Progress = no_progress) -> "PairScores":
    """Score motions against what the persons really did, beside the real ceiling and adversarial baselines.

    Parameters
    ----------
    pairs : JSON lines with person, reference_track, target_track, audio and motion, see docs/scorecard.md;
        paths are relative to the file
    progress : called with the share done, 0 to 1, and what is being done; it may raise CancelledError

    Returns
    -------
    `rows` of the scorecard, and `bad_lines` that could not be used, with the reason.

    Raises
    ------
    ScoreError : the file cannot be read or has no lines
    CancelledError : `progress` raised it

    See Also
    --------
    generate, track

    Examples
    --------
    >>> import json, mannerism
    >>> motion = mannerism.generate("lively", "examples/reference.mp4", engine="puppet")
    >>> _ = mannerism.export("lively.csv", motion)
    >>> truth = "examples/reference.truth.csv"
    >>> pair = {"person": "her", "reference_track": truth, "target_track": truth}
    >>> pair |= {"audio": "examples/reference.mp4", "motion": "lively.csv"}
    >>> with open("pairs.jsonl", "w") as file:
    ...     _ = file.write(json.dumps(pair))
    >>> [row.system for row in mannerism.score("pairs.jsonl").rows]
    ['real', 'lively']
    """
    from ..evaluate.score_pairs import score_pairs

    return score_pairs(Path(pairs), progress)
