"""Tables of the talking-head score: medians and quartiles over persons, and their targets; no single person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np

from mannerism.core.evaluate.report import Table
from mannerism.training.portrait.edited import BEYOND_DEG
from mannerism.training.portrait.figures import Figures
from mannerism.training.portrait.systems import (
    CORRECTED,
    EDITED,
    GIVEN_BACK,
    REFINED,
    SIMILARITY,
    SIMILARITY_TOO,
    SIMILARITY_TRACKED,
    SPEECH,
    SPOKEN,
    WARP,
    WARP_TRACKED,
    WRONG,
)

_FEWEST = 4
"""Persons from which on quartiles are reported: those of fewer would be the persons' own figures."""
_NONE = "–"


@dataclass(frozen=True)
class Judged:
    """Figures of one person by system, and whether the reference was long."""

    is_long: bool
    figures: Mapping[str, Figures]

    def figure(self, system: str, name: str) -> float:
        """A figure, NaN where there is none."""
        return self.figures.get(system, {}).get(name, nan)


@dataclass(frozen=True)
class Demand:
    """Target of a median, or a median reported without one.

    measure : of one person
    low, high : both included
    long : of whom: True those with a long reference, False the others, None all
    """

    what: str
    measure: Callable[[Judged], float]
    low: float = -inf
    high: float = inf
    long: bool | None = None


_COLUMNS = {
    "face, dB": ("face_db", 1),
    "picture, dB": ("full_db", 1),
    "mouth, dB": ("mouth_db", 1),
    "SSIM": ("ssim", 3),
    "sharpness": ("sharpness", 2),
    "landmarks, %": ("landmarks_pct", 2),
    "pose, °": ("pose_deg", 2),
    "95 %, °": ("pose_p95_deg", 2),
    "in range, °": ("pose_in_range_deg", 2),
    "opening r": ("opening_r", 2),
    "motion error": ("motion_error", 2),
    "flicker": ("flicker", 2),
    "liveliness": ("liveliness", 2),
    "mouth sharpness": ("mouth_sharpness", 2),
    "mouth liveliness": ("mouth_liveliness", 2),
}
_SPOKEN_COLUMNS = {"opening r": ("opening_r", 2), "amplitude": ("opening_gain", 2)}
_EDITED_COLUMNS = {
    f"{low:.0f}–{high:.0f}°": (f"beyond_{high:.0f}_deg", 2)
    for low, high in zip((0.0, *BEYOND_DEG), BEYOND_DEG, strict=False)
}
_GROUPS = {True: "10 s of reference and more", False: "less than 10 s of reference"}


def _of(system: str, name: str) -> Callable[[Judged], float]:
    return lambda one: one.figure(system, name)


def _more(system: str, than: str, name: str) -> Callable[[Judged], float]:
    return lambda one: one.figure(system, name) - one.figure(than, name)


def _of_pictures(system: str) -> list[Demand]:
    """Targets of a system that reproduces the truth."""
    margin, likeness = _more(system, SIMILARITY, "face_db"), _of(system, "ssim")
    margin_too = _more(system, SIMILARITY_TOO, "face_db")
    return [
        Demand(f"{system}: face, dB above 2D similarity", margin, 4.0, long=True),
        Demand(f"{system}: face, dB above 2D similarity", margin, 3.0, long=False),
        Demand(f"{system}: face, dB above {SIMILARITY_TOO}", margin_too, long=True),
        Demand(f"{system}: face, dB above {SIMILARITY_TOO}", margin_too, long=False),
        Demand(f"{system}: SSIM", likeness, 0.85, long=True),
        Demand(f"{system}: SSIM", likeness, 0.83, long=False),
        Demand(f"{system}: sharpness", _of(system, "sharpness"), 0.9, 1.15),
        Demand(f"{system}: mouth sharpness", _of(system, "mouth_sharpness"), 0.9, 1.1),
        Demand(f"{system}: liveliness", _of(system, "liveliness"), 0.85, 1.1),
        Demand(f"{system}: landmarks, %", _of(system, "landmarks_pct"), high=1.5),
        Demand(f"{system}: pose in range, °", _of(system, "pose_in_range_deg"), high=1.1),
        Demand(f"{system}: motion error", _of(system, "motion_error"), high=1.1),
        Demand(f"{system}: flicker", _of(system, "flicker"), high=1.2),
    ]


DEMANDS = (
    *(
        Demand(
            f"{WARP_TRACKED}: face, dB above {than}",
            _more(WARP_TRACKED, than, "face_db"),
            least,
            long=long,
        )
        for than in (SIMILARITY_TRACKED, SIMILARITY)
        for long, least in ((True, 4.0), (False, 3.0))
    ),
    Demand(f"{WARP_TRACKED}: SSIM", _of(WARP_TRACKED, "ssim"), 0.85, long=True),
    Demand(f"{WARP_TRACKED}: SSIM", _of(WARP_TRACKED, "ssim"), 0.83, long=False),
    *_of_pictures(WARP),
    *_of_pictures(REFINED),
    Demand("Refined: face, dB above Warp", _more(REFINED, WARP, "face_db"), 0.3),
    Demand("pose 5–12° beyond, closed loop, °", _of(CORRECTED, "beyond_12_deg"), high=1.5),
    Demand("opening r, right speech", _of(SPEECH, "opening_r"), 0.5),
    Demand("opening r, wrong speech", _of(WRONG, "opening_r"), -0.15, 0.15),
)


def tables(found: Sequence[Judged]) -> list[Table]:
    """Format all tables that have data."""
    made = [
        _table(f"Its own motion given back, {_GROUPS[long]}", _group(found, long), GIVEN_BACK, _COLUMNS)
        for long in _GROUPS
    ]
    made.append(_table("Driven by sound alone", found, SPOKEN, _SPOKEN_COLUMNS))
    made.append(_table("Pose beyond the reference, error in degrees", found, EDITED, _EDITED_COLUMNS))
    made.append(_demanded(found))
    return [table for table in made if len(table.lines) > 1]


def _group(found: Sequence[Judged], long: bool | None) -> list[Judged]:
    return [one for one in found if long is None or one.is_long == long]


def _table(
    title: str, found: Sequence[Judged], systems: Sequence[str], columns: Mapping[str, tuple[str, int]]
) -> Table:
    lines = []
    for system in systems:
        of = [one.figures[system] for one in found if system in one.figures]
        if of:
            cells = [_cell([one.get(name, nan) for one in of], digits) for name, digits in columns.values()]
            lines.append([system, *cells, str(len(of))])
    return Table(title, [["", *columns, "persons"], *lines])


def _cell(values: Sequence[float], digits: int) -> str:
    """Median [quartiles]."""
    known = [value for value in values if isfinite(value)]
    if not known:
        return _NONE
    low, middle, high = np.percentile(known, [25, 50, 75])
    quartiles = f" [{low:.{digits}f}, {high:.{digits}f}]" if len(known) >= _FEWEST else ""
    return f"{middle:.{digits}f}{quartiles}"


def _demanded(found: Sequence[Judged]) -> Table:
    lines = []
    for demand in DEMANDS:
        values = [demand.measure(one) for one in _group(found, demand.long)]
        known = [value for value in values if isfinite(value)]
        if known:
            middle = float(np.median(known))
            limits = _limits(demand)
            met = "met" if demand.low <= middle <= demand.high else "not met"
            whom = "all" if demand.long is None else _GROUPS[demand.long]
            lines.append([demand.what, whom, limits, f"{middle:.3g}", met if limits else "", str(len(known))])
    kept = [one.figure(REFINED, "kept") for one in found if REFINED in one.figures]
    if kept:
        share = f"{sum(kept):.0f} of {len(kept)}"
        enough = "met" if sum(kept) >= 5 / 8 * len(kept) else "not met"
        lines.append(["Refined: kept", "all", "5 of 8", share, enough, str(len(kept))])
    return Table("What is demanded of the medians", [["", "whom", "demanded", "is", "", "persons"], *lines])


def _limits(demand: Demand) -> str:
    """Target in words, empty without one."""
    if isfinite(demand.low) and isfinite(demand.high):
        return f"{demand.low:g} to {demand.high:g}"
    if isfinite(demand.low):
        return f"≥ {demand.low:g}"
    return f"≤ {demand.high:g}" if isfinite(demand.high) else ""
