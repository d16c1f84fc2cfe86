"""Rows of a report: a line, what became of it, and what was found."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ..batch.manifest_row import Line
from .facts import Facts
from .findings import DONE, KINDS, Finding

EXTRA = ("character", "language", "text")
"""Columns of a manifest that motion does not depend on, shown where there are any."""


@dataclass(frozen=True)
class Comparison:
    """A motion against its style and the other lines of that; None where that is not known.

    times_style : speed over the style's
    z_lines : robust z-score of its logarithm among the lines of the style
    times_lines : speed over the median of those, each over its own style's
    z_style : root mean square of six statistics' deviations from the style's
    """

    times_style: float | None = None
    z_lines: float | None = None
    times_lines: float | None = None
    z_style: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of the report.

    note : what the last run noticed on its sound or its file, else empty
    facts : None where the line cannot be made
    """

    line: Line
    findings: tuple[Finding, ...]
    note: str = ""
    facts: Facts | None = None
    comparison: Comparison = Comparison()

    @property
    def state(self) -> str:
        """What is at the place of its file: the first finding that is a state, or `done`."""
        return next((found.kind for found in self.findings if KINDS[found.kind].is_state), DONE)

    def manifest_text(self, name: str) -> str:
        """A column of EXTRA, empty where the manifest has none."""
        return str(getattr(self.line, name, "") or "")


@dataclass(frozen=True)
class Report:
    """All lines of a manifest, in order.

    manifest : its path
    notes : sentences on what was not looked at
    """

    manifest: Path
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def counts(self) -> Counter[str]:
        """How many lines are done without any other state, and how many have each kind of finding."""
        counts = Counter(kind for row in self.rows for kind in {found.kind for found in row.findings})
        counts[DONE] = sum(row.state == DONE for row in self.rows)
        return counts

    def to_act_on(self, kinds: Collection[str]) -> int:
        """How many lines have a finding of one of these kinds."""
        return sum(any(found.kind in kinds for found in row.findings) for row in self.rows)
