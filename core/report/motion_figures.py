"""Figures of a motion file as it is now, edits included: length, size, speed, and a small curve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadPoseTrack
from ..style.resampling import to_grid
from ..style.schema import AXES
from ..style.statistics import movement
from .motion_file import UnmeasuredError, read_motion_file

COMPARED = (*(f"log_sigma_{axis}" for axis in AXES), *(f"log_speed_{axis}" for axis in AXES))
"""The statistics of a style that a line is compared by, see `style/schema.py`."""

CURVE_POINTS = 48
CURVE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_SHORTEST_S = 0.5
_LONGEST_S = 4 * 3600.0


@dataclass(frozen=True)
class MotionFigures:
    """Figures of a motion.

    duration_s : time of the last row
    frame_s : median time between rows
    statistics : the six of COMPARED
    fastest_deg_s : largest speed of the head between two rows
    curve : CURVE_POINTS letters each of pitch, yaw and roll, from −scale to scale by their place in CURVE_LETTERS
    curve_scale_deg : the largest angle from the median pose
    """

    duration_s: float
    frame_s: float
    statistics: tuple[float, ...]
    fastest_deg_s: float
    curve: str
    curve_scale_deg: float

    @property
    def size_deg(self) -> float:
        """Root of the summed squares of the axes' standard deviations."""
        return _together(self.statistics[:3])

    @property
    def speed_deg_s(self) -> float:
        """Root of the summed squares of the axes' mean speeds."""
        return _together(self.statistics[3:])


def measure_motion(path: Path) -> MotionFigures:
    """Read a motion file back and measure it. Raises UnmeasuredError."""
    return figures(read_motion_file(path))


def figures(track: HeadPoseTrack) -> MotionFigures:
    """Measure a motion. Raises UnmeasuredError where it is too short, or longer than any line."""
    length_s = float(track.time_s[-1] - track.time_s[0])
    if not _SHORTEST_S <= length_s <= _LONGEST_S:
        raise UnmeasuredError(f"It is {length_s:.2f} s long, which is not measured.")
    if np.count_nonzero(track.valid) < 2:
        raise UnmeasuredError("It holds fewer than two rows of numbers.")
    grid = to_grid(track)
    if np.count_nonzero(grid.valid) < _SHORTEST_S * GRID_HZ:
        raise UnmeasuredError("Most of its rows hold no numbers.")
    found = movement(grid)
    steps_s = np.diff(track.time_s)
    turned = np.degrees(rot.angle_between(track.rotation[1:], track.rotation[:-1]))
    curve, scale_deg = _curve(track)
    return MotionFigures(
        duration_s=float(track.time_s[-1]),
        frame_s=float(np.median(steps_s)),
        statistics=tuple(round(found[name], 4) for name in COMPARED),
        fastest_deg_s=float((turned / steps_s).max()),
        curve=curve,
        curve_scale_deg=scale_deg,
    )


def _curve(track: HeadPoseTrack) -> tuple[str, float]:
    angles = np.degrees(np.unwrap(rot.to_euler(track.rotation), axis=0))
    angles -= np.median(angles, axis=0)
    at_s = np.linspace(track.time_s[0], track.time_s[-1], CURVE_POINTS)
    points = np.stack([np.interp(at_s, track.time_s, axis) for axis in angles.T])
    scale_deg = max(float(np.abs(points).max()), 1e-3)
    places = np.rint((points / scale_deg + 1) / 2 * (len(CURVE_LETTERS) - 1)).astype(int)
    return "".join(CURVE_LETTERS[place] for place in places.ravel()), scale_deg


def _together(logarithms: tuple[float, ...]) -> float:
    return float(np.linalg.norm(np.exp(logarithms)))
