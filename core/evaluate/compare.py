"""Comparison of two systems on the same persons: which metrics differ beyond chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .interval import Interval, combined
from .scorecard import FIGURES, Row


@dataclass(frozen=True)
class Comparison:
    """worse : by how much the first is worse than the second, in the unit of each figure; below 0 it is better

    Worse is as defined in FIGURES: for SyncGap the difference of the gaps' sizes, for StyleID that of 1 − AUC.
    """

    system: str
    than: str
    kind: str
    worse: Mapping[str, Interval]

    def verdict(self, figure: str) -> str:
        """Better or worse where the interval holds no zero, “open” where it does."""
        found = self.worse[figure]
        return "worse" if found.low > 0.0 else "better" if found.high < 0.0 else "open"


def compare(rows: Sequence[Row], system: str, than: str) -> tuple[Comparison, ...]:
    """One system against another on each kind that has both: differences with paired intervals over persons."""
    found = {(row.system, row.kind): row for row in rows}
    kinds = dict.fromkeys(row.kind for row in rows)
    return tuple(
        Comparison(system, than, kind, _differences(found[system, kind], found[than, kind]))
        for kind in kinds
        if (system, kind) in found and (than, kind) in found
    )


def _differences(one: Row, other: Row) -> dict[str, Interval]:
    def difference(figure: str) -> Interval:
        badness = FIGURES[figure]
        return combined(one.figures[figure], other.figures[figure], lambda a, b: badness(a) - badness(b))

    return {name: difference(name) for name in FIGURES if name in one.figures and name in other.figures}
