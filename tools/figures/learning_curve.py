"""Figure of quality by the number of training persons: tools/figures/learning_curve.py 25=A.json 51=B.json … [-o PICTURE].

Each argument is how many persons an engine has learned from, and the scorecard.json that training/evaluation/score.py
wrote of it. Draws three figures over persons, beside the real ceiling and the engine that learns nothing, and
prints them as a table for a page.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, ScalarFormatter

from mannerism.core.errors import MannerismError
from mannerism.core.evaluate.report import KIND_NAMES, Table, markdown_of
from mannerism.tools.figures.score_pictures import INK, MADE, REAL, ROOT

FIGURES: Mapping[str, str] = {"style_id": "StyleID", "c2st": "C2ST", "kin": "Kin"}
COLOURS = dict(zip(KIND_NAMES, (REAL, MADE), strict=True))
_LINES = {"real": "--", "puppet": ":"}
"""What the curve is to be seen beside, by row, from the last scorecard."""


class CurveError(MannerismError):
    """Scorecards that give no curve."""


@dataclass(frozen=True)
class Point:
    """What an engine reached that had learned from so many persons.

    rows : of the scorecard, by system and kind of pairs: figures as [value, low, high]
    """

    persons: int
    engine: str
    rows: Mapping[tuple[str, str], Mapping[str, list[float]]]


def read_point(given: str) -> Point:
    """A point from PERSONS=FILE. Raises CurveError."""
    persons, _, path = given.partition("=")
    try:
        content: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        rows = {(row["system"], row["kind"]): row["figures"] for row in content["rows"]}
        return Point(int(persons), content["engine"], rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CurveError(
            f"“{given}” is no scorecard ({error})",
            "Give PERSONS=FILE, as training/evaluation/score.py wrote it",
        ) from error


def draw(points: Sequence[Point], path: Path) -> None:
    """Three figures over persons as a picture, a line for each kind of pairs."""
    figure = Figure(figsize=(7.2, 2.4), dpi=100, layout="constrained")
    for axes, (name, title) in zip(figure.subplots(1, len(FIGURES)), FIGURES.items(), strict=True):
        for kind, colour in COLOURS.items():
            _curve(axes, points, name, kind, colour)
        axes.set(xscale="log", xlabel="persons learned from", ylabel=title)
        axes.set_xticks([point.persons for point in points])
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.tick_params(labelsize=7, colors=INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.label.set_fontsize(8)
        axes.yaxis.label.set_fontsize(8)
    figure.legend(
        *figure.axes[0].get_legend_handles_labels(),
        fontsize=7,
        frameon=False,
        loc="outside upper left",
        ncols=6,
    )
    figure.savefig(path)


def table(points: Sequence[Point]) -> Table:
    """The same as a table."""
    lines = [
        [str(point.persons), KIND_NAMES[kind].lower(), *(_cell(point, name, kind) for name in FIGURES)]
        for kind in COLOURS
        for point in points
        if (point.engine, kind) in point.rows
    ]
    return Table("Learning curve", [["persons learned from", "", *FIGURES.values()], *lines])


def _curve(axes: Axes, points: Sequence[Point], name: str, kind: str, colour: str) -> None:
    known = [point for point in points if name in point.rows.get((point.engine, kind), {})]
    if not known:
        return
    persons = [point.persons for point in known]
    values, lows, highs = zip(*(point.rows[point.engine, kind][name] for point in known), strict=True)
    axes.fill_between(persons, lows, highs, color=colour, alpha=0.15, lw=0)
    axes.plot(persons, values, "o-", color=colour, lw=1.2, ms=3.5, label=KIND_NAMES[kind].lower())
    for system, style in _LINES.items():
        beside = known[-1].rows.get((system, kind), {}).get(name)
        if beside and system != known[-1].engine:
            axes.axhline(beside[0], color=colour, ls=style, lw=0.9, label=f"{system}")


def _cell(point: Point, name: str, kind: str) -> str:
    value, low, high = point.rows[point.engine, kind][name]
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scorecards", nargs="+", metavar="PERSONS=FILE")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images" / "learning_curve.png")
    arguments = parser.parse_args()
    try:
        points = sorted(
            (read_point(given) for given in arguments.scorecards), key=lambda point: point.persons
        )
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    draw(points, arguments.output)
    print(markdown_of([table(points)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
