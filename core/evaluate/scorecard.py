"""All figures of all systems beside the real ceiling and the cheats, and the one score that is the worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .c2st import Classifier
from .interval import Interval
from .style_id import Verifier
from .take import Take

FIGURES = ("style_id", "kin", "sync_gap", "hold_gap", "c2st")
"""1 to 5, which make the score; One2Many and Clean are gates."""

CEILING = "real"


@dataclass(frozen=True)
class Row:
    """One system on one kind of pairs.

    figures : by name, those of FIGURES that were measured
    scaled : each from 0, the real ceiling, to 1, the mildest cheat that it is meant to expose
    overall : the worst of `scaled`; below 1 beats every cheat
    details : rank_1, z, share, spread, novelty, jerk, …: what is told beside
    gates : by name, whether it was passed
    """

    system: str
    kind: str
    persons: int
    takes: int
    figures: Mapping[str, Interval]
    scaled: Mapping[str, float]
    overall: float | None
    details: Mapping[str, Interval]
    gates: Mapping[str, bool]


def score(
    takes: Sequence[Take], *, verifier: Verifier | None = None, classifier: Classifier | None = None
) -> tuple[Row, ...]:
    """Rows of the ceiling, of each cheat and of each system in `takes`, kind by kind.

    Ceiling and cheats are made here, from the takes' own targets. Without a verifier there is no
    StyleID, without a classifier no C2ST, and the score is the worst of the others.
    """
    raise NotImplementedError
