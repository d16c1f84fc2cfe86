"""Acceptance criteria of the default engine, as a table of limits, each value with its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from mannerism.core.evaluate import CEILING, CHEATS, Interval
from mannerism.core.evaluate.interval import UNKNOWN, combined
from mannerism.core.evaluate.style_id import share_of_ceiling
from mannerism.core.evaluate.traits import COUPLING
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.training.evaluation.results import AGAINST, TOWARDS, Results
from mannerism.training.evaluation.systems import CHANGED, CLEAR, RIVAL, WRONG_SPEECH

_CHANCE = 0.01


@dataclass(frozen=True)
class Demand:
    """measure : of results and a kind of pairs; met where the value lies from `low` to `high`."""

    what: str
    measure: Callable[[Results, str], Interval]
    low: float = -inf
    high: float = inf

    def met(self, found: Interval) -> bool | None:
        """Whether the value is as demanded, whatever its interval; None of what was not measured."""
        return self.low <= found.value <= self.high if isfinite(found.value) else None

    @property
    def limits(self) -> str:
        """What is demanded, in words."""
        if isfinite(self.low) and isfinite(self.high):
            return f"{self.low:g} to {self.high:g}"
        return f"{self.low:g} or more" if isfinite(self.low) else f"{self.high:g} or less"


def _of(name: str, system: str = DEFAULT_ENGINE) -> Callable[[Results, str], Interval]:
    return lambda found, kind: found.figure(name, kind, system)


def _p(test: str) -> Callable[[Results, str], Interval]:
    return lambda found, _kind: _number(found.tests[test].p) if test in found.tests else UNKNOWN


def _share(found: Results, kind: str) -> Interval:
    return share_of_ceiling(found.figure("style_id", kind), found.figure("style_id", kind, CEILING))


def _lower_bound(found: Results, kind: str) -> Interval:
    return _number(found.figure("style_id", kind).low)


def _ahead(found: Results, kind: str) -> Interval:
    """Overall score less the lowest of the other engines that pass the gates."""
    own = found.row(DEFAULT_ENGINE, kind)
    no_rivals = {CEILING, DEFAULT_ENGINE, CLEAR, *CHEATS, *CHANGED}
    others = [
        row.overall
        for row in found.rows
        if row.kind == kind and row.system not in no_rivals and all(row.gates.values())
        if row.overall is not None
    ]
    return UNKNOWN if own is None or own.overall is None or not others else _number(own.overall - min(others))


def _failed(found: Results, kind: str) -> Interval:
    own = found.row(DEFAULT_ENGINE, kind)
    return UNKNOWN if own is None else _number(sum(not passed for passed in own.gates.values()))


def _worse(found: Results, kind: str) -> Interval:
    """How many figures are worse than the rival's beyond the interval."""
    return next(
        (
            _number(sum(one.verdict(figure) == "worse" for figure in one.worse))
            for one in found.comparisons
            if (one.than, one.kind) == (RIVAL, kind)
        ),
        UNKNOWN,
    )


def _level(name: str) -> Callable[[Results, str], Interval]:
    def measure(found: Results, kind: str) -> Interval:
        row = found.row(DEFAULT_ENGINE, kind)
        return row.traits[name].level if row is not None and name in row.traits else UNKNOWN

    return measure


def _carried(name: str) -> Callable[[Results, str], Interval]:
    """The correlation over persons of two takes' mean less that of the person's other motion."""

    def measure(found: Results, kind: str) -> Interval:
        own, real = found.row(DEFAULT_ENGINE, kind), found.row(CEILING, kind)
        if own is None or real is None or name not in own.traits or name not in real.traits:
            return UNKNOWN
        return combined(own.traits[name].double, real.traits[name].single, lambda made, other: made - other)

    return measure


def _number(value: float) -> Interval:
    return Interval(float(value), float("nan"), float("nan"))


DEMANDS: Sequence[Demand] = (
    Demand("overall score less the best other engine's that passes the gates", _ahead, high=0.0),
    Demand("gates failed", _failed, high=0.0),
    Demand(f"figures worse than of {RIVAL} beyond the interval", _worse, high=0.0),
    Demand("StyleID, lower bound", _lower_bound, low=0.5),
    Demand("StyleID, share of the way from chance to the real ceiling", _share, low=0.6),
    Demand("own style against a wrong one, nearer to the own reference, p", _p(AGAINST), high=_CHANCE),
    Demand("a wrong style moves the motion towards that person, p", _p(TOWARDS), high=_CHANCE),
    Demand("Kin", _of("kin"), high=1.5),
    Demand("SyncGap, Z", _of("sync_gap"), -1.0, 1.0),
    Demand("Z of motion for another speech", _of("z", WRONG_SPEECH), -0.5, 0.5),
    Demand("C2ST", _of("c2st"), high=0.70),
    Demand("C2ST 2", _of("c2st_2"), high=0.62),
    Demand("rest share in 4 s, more than the person's", _level("rest share in 4 s"), -0.02, 0.02),
    Demand("sd of log speed in 4 s, more than the person's", _level("sd of log speed in 4 s"), -0.03, 0.03),
    *(
        Demand(f"{name} carried, two takes, more than by real motion", _carried(name), low=0.0)
        for name in COUPLING
    ),
    Demand("One2Many, spread", _of("spread"), 0.7, 1.1),
    Demand("One2Many, novelty", _of("novelty"), low=0.85),
    Demand("jerk ratio", _of("jerk"), 0.8, 1.25),
    Demand("seam ratio", _of("seams"), high=1.1),
    Demand("drift ratio", _of("drift"), high=2.0),
)
"""What the default engine must reach on persons that it has not learned from."""
