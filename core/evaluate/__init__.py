"""Takes to a scorecard that known cheats cannot win."""

from .c2st import Classifier
from .cheats import CHEATS, cheat_takes
from .interval import Interval
from .scorecard import CEILING, FIGURES, Row, score
from .style_id import Verifier
from .take import ScoreError, Take, make_take

__all__ = [
    "CEILING",
    "CHEATS",
    "FIGURES",
    "Classifier",
    "Interval",
    "Row",
    "ScoreError",
    "Take",
    "Verifier",
    "cheat_takes",
    "make_take",
    "score",
]
