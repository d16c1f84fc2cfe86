"""Scorecard: all metrics of all systems beside the real ceiling and the adversarial baselines; score = the worst."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from typing import Any

from ..motion import Progress, no_progress
from .adversarial_baselines import CHEATS, cheat_takes
from .c2st import Classifier, c2st
from .carried import Carried, carried
from .clean import clean
from .evaluation_case import KINDS, EvaluationCase, first_takes
from .hold_gap import hold_gap
from .interval import Interval
from .kin import kin
from .one_to_many import one_to_many
from .style_id import Verifier, style_id
from .sync_gap import sync_gap

CEILING = "real"

FIGURES: Mapping[str, Callable[[Any], Any]] = {
    "style_id": lambda auc: 1.0 - auc,
    "kin": lambda ratio: ratio,
    "sync_gap": abs,
    "hold_gap": lambda gap: gap,
    "c2st": lambda auc: auc,
}
"""The five figures that make the score, and how bad a value of each is, or each value of an array."""

GATES: Mapping[str, tuple[float, float]] = {
    "spread": (0.7, 1.1),
    "novelty": (0.85, inf),
    "jerk": (0.8, 1.25),
    "coverage": (0.8, inf),
    "drift": (0.0, 2.0),
    "seams": (0.0, 1.5),
    "tremble": (0.0, 1.25),
    "max_speed": (0.0, 250.0),
}
"""What One2Many and Clean must lie in, or have in their intervals."""


@dataclass(frozen=True)
class Row:
    """One system on one kind of pairs.

    figures : by name, those of FIGURES that were measured
    details : diagnostic figures: rank_1, z, share, pause, c2st_2 (C2ST by a second classifier), and all that GATES names
    gates : those of GATES that were measured, and whether each was passed
    scaled : each figure from 0, the real ceiling or better, to 1, the mildest cheat that it exposes
    overall : the worst of `scaled`, None where none could be scaled; below 1 it beats every cheat
    traits : rests and couplings of axes by name, see `traits.TRAITS`; they are no part of the score
    """

    system: str
    kind: str
    persons: int
    takes: int
    figures: Mapping[str, Interval]
    details: Mapping[str, Interval]
    gates: Mapping[str, bool]
    scaled: Mapping[str, float] = field(default_factory=dict)
    overall: float | None = None
    traits: Mapping[str, Carried] = field(default_factory=dict)


def score(
    takes: Sequence[EvaluationCase],
    *,
    verifier: Verifier | None = None,
    classifier: Classifier | None = None,
    second: Classifier | None = None,
    progress: Progress = no_progress,
) -> tuple[Row, ...]:
    """Rows of the ceiling, of each cheat and of each system in `takes`, kind by kind.

    Ceiling and cheats are made here, from the takes' own targets. Without a verifier there is no
    StyleID, without a classifier no C2ST, and the score is the worst of the others.

    second : another classifier, for the detail c2st_2
    """
    groups = [group for kind in KINDS for group in _systems([take for take in takes if take.kind == kind])]
    measured = []
    for i, group in enumerate(groups):
        progress(i / len(groups), f"judging {group[0].system}")
        measured.append(_measured(group, verifier, classifier, second))
    return tuple(row for kind in KINDS for row in scaled([row for row in measured if row.kind == kind]))


def exposed(row: Row, ceiling: Row, figure: str) -> bool:
    """Whether the ceiling's value lies outside the row's interval, and is better."""
    found, real = row.figures[figure], ceiling.figures[figure].value
    badness = FIGURES[figure]
    return isfinite(found.low) and real not in found and badness(found.value) > badness(real)


def scaled(rows: Sequence[Row]) -> list[Row]:
    """Rows of one kind with their scaled figures and score; what no cheat is exposed by cannot be scaled."""
    ceiling = next((row for row in rows if row.system == CEILING), None)
    if ceiling is None:
        return list(rows)
    spans = {}
    for figure in ceiling.figures:
        best = FIGURES[figure](ceiling.figures[figure].value)
        floors = [
            FIGURES[figure](row.figures[figure].value)
            for row in rows
            if row.system in CHEATS
            and CHEATS[row.system].exposed_by == figure
            and exposed(row, ceiling, figure)
        ]
        if floors:
            spans[figure] = best, min(floors)
    return [_scaled(row, spans) for row in rows]


def _scaled(row: Row, spans: Mapping[str, tuple[float, float]]) -> Row:
    found = {
        figure: max(0.0, (FIGURES[figure](row.figures[figure].value) - best) / (floor - best))
        for figure, (best, floor) in spans.items()
        if figure in row.figures
    }
    return replace(row, scaled=found, overall=max(found.values(), default=None))


def _systems(takes: Sequence[EvaluationCase]) -> Iterable[list[EvaluationCase]]:
    """Takes of one kind, grouped: the ceiling, the cheats, then the systems in their order."""
    if not takes:
        return
    yield [take.with_motion(take.target, CEILING) for take in first_takes(takes)]
    for name in CHEATS:
        if group := cheat_takes(name, takes):
            yield group
    for name in dict.fromkeys(take.system for take in takes):
        yield [take for take in takes if take.system == name]


def _measured(
    takes: Sequence[EvaluationCase],
    verifier: Verifier | None,
    classifier: Classifier | None,
    second: Classifier | None,
) -> Row:
    sync, hold, many, faults = sync_gap(takes), hold_gap(takes), one_to_many(takes), clean(takes)
    figures = {"kin": kin(takes), "sync_gap": sync.gap, "hold_gap": hold.gap}
    details = {"z": sync.z, "share": sync.share, "pause": hold.pause, **vars(many), **vars(faults)}
    if second is not None:
        details["c2st_2"] = c2st(takes, second)
    if verifier is not None:
        identity = style_id(takes, verifier)
        figures["style_id"], details["rank_1"] = identity.auc, identity.rank_1
    if classifier is not None:
        figures["c2st"] = c2st(takes, classifier)
    return Row(
        system=takes[0].system,
        kind=takes[0].kind,
        persons=len({take.person for take in takes}),
        takes=len(takes),
        figures={
            name: figures[name] for name in FIGURES if name in figures and isfinite(figures[name].value)
        },
        details=details,
        gates={name: _passes(details[name], *GATES[name]) for name in GATES if isfinite(details[name].value)},
        traits=carried(takes),
    )


def _passes(found: Interval, low: float, high: float) -> bool:
    return low <= found.value <= high or (found.high >= low and found.low <= high)
