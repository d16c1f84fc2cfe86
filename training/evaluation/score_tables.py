"""Results as tables and as plain values."""

from math import isfinite
from typing import Any

from mannerism.core.evaluate import FIGURES
from mannerism.core.evaluate.evaluation_case import KINDS
from mannerism.core.evaluate.report import (
    HEADINGS,
    KIND_NAMES,
    Table,
    as_json,
    cell_of,
    plain,
    row_tables,
    trait_tables,
)
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.training.evaluation.acceptance import DEMANDS
from mannerism.training.evaluation.results import AGAINST, OWN, TOWARDS, Results
from mannerism.training.evaluation.systems import CHANGED

_CLAIMS = {
    OWN: "its motion is more like the own reference than like others'",
    AGAINST: "in the own style it is more like the own reference than in a wrong style",
    TOWARDS: "in a wrong style it is more like that person's reference than in the own style",
}
_VERDICTS = {True: "met", False: "not met", None: ""}


def tables(found: Results) -> list[Table]:
    """The rows, what each part is worth, comparisons, tests and demands; a table with no lines is left out."""
    main = [row for row in found.rows if row.system not in CHANGED]
    parts = [row for row in found.rows if row.system in {DEFAULT_ENGINE, *CHANGED}]
    return [
        *row_tables(main),
        *trait_tables(main),
        *(row_tables(parts, f"What “{DEFAULT_ENGINE}” owes to its parts. ") if len(parts) > 2 else ()),
        *_if_any(_compared(found), _tested(found), _demanded(found)),
    ]


def as_values(found: Results) -> dict[str, Any]:
    """Everything as plain values; None for a number that is missing."""
    return {
        "engine": DEFAULT_ENGINE,
        "rows": as_json(found.rows),
        "tests": {
            name: {**vars(test), "mean": _finite(test.mean), "p": _finite(test.p)}
            for name, test in found.tests.items()
        },
        "comparisons": [{**vars(one), "worse": plain(one.worse)} for one in found.comparisons],
        "demands": [
            {
                "what": demand.what,
                "kind": kind,
                "limits": demand.limits,
                "value": plain({"": demand.measure(found, kind)})[""],
                "met": demand.met(demand.measure(found, kind)),
            }
            for demand in DEMANDS
            for kind in _kinds(found)
        ],
    }


def _compared(found: Results) -> Table:
    lines = [
        [
            f"{one.system} against {one.than}",
            KIND_NAMES[one.kind].lower(),
            *(
                f"{cell_of(one.worse[figure])} {one.verdict(figure)}" if figure in one.worse else "–"
                for figure in FIGURES
            ),
        ]
        for one in found.comparisons
    ]
    return Table("By how much worse, the same persons drawn for both", [["", "", *HEADINGS], *lines])


def _tested(found: Results) -> Table:
    lines = [
        [_CLAIMS[name], f"{test.mean:.3f}", f"{test.p:.2g}", str(test.persons)]
        for name, test in found.tests.items()
    ]
    head = [DEFAULT_ENGINE, "difference of likeness", "p", "persons"]
    return Table("What the style decides, by sign flips over persons", [head, *lines])


def _demanded(found: Results) -> Table:
    kinds = _kinds(found)
    lines = []
    for demand in DEMANDS:
        cells = []
        for kind in kinds:
            value = demand.measure(found, kind)
            cells.append(f"{cell_of(value)} {_VERDICTS[demand.met(value)]}".strip())
        lines.append([demand.what, demand.limits, *cells])
    head = [DEFAULT_ENGINE, "demanded", *(KIND_NAMES[kind].lower() for kind in kinds)]
    return Table("What is demanded, and whether the value is so", [head, *lines])


def _kinds(found: Results) -> list[str]:
    return [kind for kind in KINDS if any(row.kind == kind for row in found.rows)]


def _if_any(*made: Table) -> list[Table]:
    return [table for table in made if len(table.lines) > 1]


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
