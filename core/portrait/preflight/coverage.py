"""Coverage meter: poses and mouth shapes that a reference shows, and what to record again."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...motion import Progress, no_progress
from ...types import Array
from ..model.options import AUTO_SIZE
from . import measurements
from .checks import Fault, find_faults
from .criteria import CLOSED, OPEN, TEETH_BRIGHT, TEETH_OPEN
from .survey import Survey, survey

ENOUGH = 0.6
"""A row below it asks for more."""

_WANTED_S = 12.0
_YAW_DEG, _PITCH_DEG = 25.0, 15.0
_NEAR_DEG = 8.0  # distance to a recorded pose within which rendering is reliable
_GRID_DEG = 5.0
_SHAPE_S = 0.6  # of each mouth shape
_WIDE, _ROUND = 1.06, 0.92  # usual widths of the mouth
_BLINKS = 3
_BAR = 20


@dataclass(frozen=True)
class Row:
    """One line of the coverage meter.

    share : 0 to 1 of what would be enough
    sentence : what was seen, with a full stop
    wish : what to add to the recording, empty where it is enough
    """

    name: str
    share: float
    sentence: str
    wish: str


@dataclass(frozen=True)
class Coverage:
    """Coverage rows and faults of a reference."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    @property
    def wishes(self) -> tuple[str, ...]:
        """Advice on what to record again, one sentence each."""
        return tuple(row.wish for row in self.rows if row.wish)

    @property
    def blocks_high_quality(self) -> Fault | None:
        """First fault that rules out the quality High, None without."""
        return next((fault for fault in self.faults if fault.blocks_high_quality), None)

    def as_text(self) -> str:
        """Format the meter for a terminal."""
        lines = [
            f"{row.name:<14} {'█' * round(row.share * _BAR):·<{_BAR}} {row.share:4.0%}  {row.sentence}"
            for row in self.rows
        ]
        return "\n".join([*lines, *(f"{fault}." for fault in self.faults), *self.wishes])


def check(path: Path, progress: Progress = no_progress, *, size: int = AUTO_SIZE) -> Coverage:
    """Survey a reference and measure its coverage for a video of `size` pixels, in about a tenth of the analysis' time.

    Raises
    ------
    VideoError : no video, shorter than 2 s, no face in it
    MissingPartError : no face model
    CancelledError : through `progress`
    """
    return coverage(survey(path, progress), size)


def coverage(seen: Survey, size: int = AUTO_SIZE) -> Coverage:
    """Measure the coverage of a survey, for a video of `size` pixels, or as large as the reference fills."""
    angles = measurements.angles_deg(seen)
    opening, width = measurements.mouth(seen)
    speaking = opening > CLOSED
    teeth = (opening > TEETH_OPEN) & (measurements.teeth(seen) > TEETH_BRIGHT)
    shapes = (
        ("Mouth closed", opening <= CLOSED, "Add pauses with the mouth closed."),
        ("Mouth open", opening > OPEN, "Add words with a wide open mouth, such as “father” and “large”."),
        ("Mouth wide", speaking & (width > _WIDE), "Add words with wide lips, such as “see” and “cheese”."),
        ("Mouth round", speaking & (width < _ROUND), "Add words with round lips, such as “who” and “food”."),
        ("Teeth", teeth, "Add some words with a smile, so that teeth are seen."),
    )
    rows = (
        _time(seen),
        *_poses(angles),
        *(_shape(name, float(mask.sum()) * seen.step_s, wish) for name, mask, wish in shapes),
        _eyes(measurements.blinks(seen)),
    )
    return Coverage(rows, find_faults(seen, size))


def _row(name: str, share: float, sentence: str, wish: str) -> Row:
    share = float(np.clip(share, 0.0, 1.0))
    return Row(name, share, sentence, "" if share >= ENOUGH else wish)


def _time(seen: Survey) -> Row:
    seconds = float(seen.found.sum()) * seen.step_s
    wish = "Record 10 to 15 seconds in which the face is seen."
    return _row("Time", seconds / _WANTED_S, f"The face is seen for {seconds:.1f} s.", wish)


def _poses(angles: Array) -> tuple[Row, Row, Row]:
    pitch, yaw = angles[:, 0], angles[:, 1]
    low, high = np.quantile(angles[:, :2], [0.01, 0.99], axis=0)
    turns = f"From {max(-low[1], 0.0):.0f}° to the person's right to {max(high[1], 0.0):.0f}° to the left."
    nods = f"From {max(-low[0], 0.0):.0f}° up to {max(high[0], 0.0):.0f}° down."
    return (
        _row(
            "Turns",
            _near(yaw, _steps(_YAW_DEG)),
            turns,
            "Add two slow turns of the head to 25° to each side.",
        ),
        _row("Nods", _near(pitch, _steps(_PITCH_DEG)), nods, "Add two slow nods to 15° up and down."),
        _between(pitch, yaw, low, high),
    )


def _between(pitch: Array, yaw: Array, low: Array, high: Array) -> Row:
    """Row for combined poses: coverage of the box spanned by turns and nods."""
    grid = np.stack(
        np.meshgrid(*(np.arange(a, b + 1e-6, _GRID_DEG) for a, b in zip(low, high, strict=True))), -1
    )
    away = np.hypot(grid[..., 0, None] - pitch, grid[..., 1, None] - yaw).min(axis=-1)
    share = float((away <= _NEAR_DEG).mean())
    sentence = f"{share:.0%} of the turns with nods between these are near to a picture."
    return _row("Between", share, sentence, "Nod also while turned to each side.")


def _shape(name: str, seconds: float, wish: str) -> Row:
    return _row(name, seconds / _SHAPE_S, f"Seen for {seconds:.1f} s.", wish)


def _eyes(blinks: int) -> Row:
    seen = "One blink is seen." if blinks == 1 else f"{blinks} blinks are seen."
    return _row("Blinks", blinks / _BLINKS, seen, "Blink a few times, so that closed lids are seen.")


def _steps(limit_deg: float) -> Array:
    return np.arange(-limit_deg, limit_deg + 1e-6, _GRID_DEG)


def _near(values: Array, wanted: Array) -> float:
    """Share of the wanted angles that lie near one of the values."""
    return float((np.abs(wanted[:, None] - values).min(axis=1) <= _NEAR_DEG).mean())
