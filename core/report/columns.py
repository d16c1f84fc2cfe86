"""Columns of a report, which the page and the table share."""

from collections.abc import Callable, Mapping

from .row import Row

Number = float | None


def _sound(name: str) -> Callable[[Row], Number]:
    return lambda row: (
        getattr(row.facts.sound, name) if row.facts is not None and row.facts.sound is not None else None
    )


def _motion(name: str) -> Callable[[Row], Number]:
    return lambda row: (
        getattr(row.facts.motion, name) if row.facts is not None and row.facts.motion is not None else None
    )


def _comparison(name: str) -> Callable[[Row], Number]:
    return lambda row: getattr(row.comparison, name)


NUMBERS: Mapping[str, tuple[Callable[[Row], Number], int]] = {
    "sound_s": (_sound("duration_s"), 3),
    "motion_s": (_motion("duration_s"), 3),
    "level": (_sound("level_db"), 1),
    "peak": (_sound("peak_db"), 1),
    "flat_tops": (_sound("flat_tops"), 0),
    "size": (_motion("size_deg"), 2),
    "speed": (_motion("speed_deg_s"), 2),
    "fastest": (_motion("fastest_deg_s"), 0),
    "times_style": (_comparison("times_style"), 3),
    "z_lines": (_comparison("z_lines"), 2),
    "z_style": (_comparison("z_style"), 2),
}
"""Figures of a row by name, each with its decimals; None where it is not known."""


def number(row: Row, name: str) -> Number:
    """A figure of a row, rounded to its decimals."""
    value, decimals = NUMBERS[name]
    found = value(row)
    return None if found is None else round(float(found), decimals) + 0.0
