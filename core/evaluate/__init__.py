"""Takes to a scorecard that known cheats cannot win."""

from .c2st import Classifier
from .cheats import CHEATS, cheat_takes
from .interval import Interval
from .pairs import BadLine, load_takes
from .report import as_json, as_markdown, as_text
from .scorecard import CEILING, FIGURES, Row, score
from .style_id import Verifier
from .take import ScoreError, Take, make_take

__all__ = [
    "CEILING",
    "CHEATS",
    "FIGURES",
    "BadLine",
    "Classifier",
    "Interval",
    "Row",
    "ScoreError",
    "Take",
    "Verifier",
    "as_json",
    "as_markdown",
    "as_text",
    "cheat_takes",
    "load_takes",
    "make_take",
    "score",
]
