"""Scorecard of a file of pairs."""

from dataclasses import dataclass
from pathlib import Path

from ..motion import Progress, no_progress
from ..progress import part
from .evaluation_case import EvaluationCase
from .pairs import BadLine, load_takes
from .random_convolutions import RandomConvolutions
from .scorecard import Row, score


@dataclass(frozen=True)
class PairScores:
    """The scorecard of a file of pairs.

    rows : of the real ceiling, of each adversarial baseline and of each system; empty where no line could be used
    bad_lines : lines that could not be used, with the reason
    """

    rows: tuple[Row, ...]
    bad_lines: tuple[BadLine, ...]


def score_pairs(path: Path, progress: Progress = no_progress) -> PairScores:
    """Score the motions that a file of pairs names, without StyleID and C2ST, which need trained networks;
    the second C2ST needs none.

    Raises
    ------
    ScoreError : the file cannot be read or has no lines
    CancelledError : through `progress`
    """
    found = list(load_takes(path, part(progress, 0.0, 0.5)))
    takes = [take for take in found if isinstance(take, EvaluationCase)]
    rows = score(takes, second=RandomConvolutions(), progress=part(progress, 0.5, 1.0)) if takes else ()
    return PairScores(rows, tuple(line for line in found if isinstance(line, BadLine)))
