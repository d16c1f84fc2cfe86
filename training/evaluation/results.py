"""Results beside the rows of a scorecard: tests over persons, and comparisons of two systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mannerism.core.evaluate import EvaluationCase, Interval, Row, Verifier
from mannerism.core.evaluate.compare import Comparison, compare
from mannerism.core.evaluate.interval import UNKNOWN
from mannerism.core.evaluate.paired import Paired, Towards, moves_towards, own_reference, own_style
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.training.evaluation.systems import RIVAL, WRONG_STYLE

OWN, AGAINST, TOWARDS = "own reference", "own style", "moves towards"


@dataclass(frozen=True)
class Results:
    """rows : as `score` gives them
    tests : of the default engine, over the persons of both kinds of pairs, those that the rows allow
    comparisons : of the default engine with its rival, and with a wrong style
    """

    rows: Sequence[Row]
    tests: Mapping[str, Paired]
    comparisons: Sequence[Comparison]

    def row(self, system: str, kind: str) -> Row | None:
        """A row, or None."""
        return next((row for row in self.rows if (row.system, row.kind) == (system, kind)), None)

    def figure(self, name: str, kind: str, system: str = DEFAULT_ENGINE) -> Interval:
        """A figure or detail of a row, unknown where there is none."""
        row = self.row(system, kind)
        return UNKNOWN if row is None else {**row.figures, **row.details}.get(name, UNKNOWN)


def results(
    rows: Sequence[Row], takes: Sequence[EvaluationCase], verifier: Verifier, towards: Towards
) -> Results:
    """All that is said about rows, from the takes behind them.

    towards : whose style each take in a wrong one has
    """
    own, wrong = ([take for take in takes if take.system == name] for name in (DEFAULT_ENGINE, WRONG_STYLE))
    tests = {}
    if own:
        tests[OWN] = own_reference(own, verifier)
    if own and wrong:
        tests[AGAINST] = own_style(own, wrong, verifier)
        tests[TOWARDS] = moves_towards(own, wrong, verifier, towards)
    others = [name for name in (RIVAL, WRONG_STYLE) if name != DEFAULT_ENGINE]
    return Results(rows, tests, [found for name in others for found in compare(rows, DEFAULT_ENGINE, name)])
