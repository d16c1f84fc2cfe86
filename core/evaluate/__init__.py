"""Scorecard of evaluation cases against adversarial baselines (cheats)."""

from .adversarial_baselines import CHEATS, cheat_takes
from .c2st import Classifier
from .evaluation_case import EvaluationCase, make_take
from .interval import Interval
from .pairs import BadLine, load_takes
from .report import as_json, as_markdown, as_text
from .scorecard import CEILING, FIGURES, Row, score
from .style_id import Verifier

__all__ = [
    "CEILING",
    "CHEATS",
    "FIGURES",
    "BadLine",
    "Classifier",
    "EvaluationCase",
    "Interval",
    "Row",
    "Verifier",
    "as_json",
    "as_markdown",
    "as_text",
    "cheat_takes",
    "load_takes",
    "make_take",
    "score",
]
