"""Stretches of motion that a take holds as they are."""

from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np

from ..errors import DirectionError
from ..motion import GRID_HZ, HeadMotion
from .ranges import check_time

SHORTEST_KEPT = 5
"""Samples of a kept stretch: 0.2 s."""


@dataclass(frozen=True)
class Kept:
    """A stretch of motion that is in the take as it is, byte for byte, as an animator's keys.

    start_s : of the first sample; a whole multiple of 1/25 s
    samples : at 25 Hz: unit quaternions wxyz, then the displacement of the neck pivot in metres, seven numbers each

    Raises
    ------
    DirectionError : it lies off the grid, holds fewer than SHORTEST_KEPT samples, or what is no pose
    """

    start_s: float
    samples: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        check_time(self.start_s, "A kept stretch")
        at = f"The kept stretch at {self.start_s:g} s"
        if abs(self.start_s * GRID_HZ - self.first) > 1e-6:
            raise DirectionError(f"{at} lies between samples", f"Start it at a multiple of {1 / GRID_HZ} s")
        if len(self.samples) < SHORTEST_KEPT:
            raise DirectionError(
                f"{at} has {len(self.samples)} samples, and {SHORTEST_KEPT} are the least",
                "Give pins instead",
            )
        for row in self.samples:
            if len(row) != 7 or not all(isfinite(value) and abs(value) < 10.0 for value in row):
                raise DirectionError(f"{at} has a row that is no pose", "Give w, x, y, z and metres x, y, z")
            if abs(sum(value * value for value in row[:4]) - 1.0) > 1e-6:
                raise DirectionError(f"{at} has a quaternion that is not of unit length", "Normalise it")
        # Of the two quaternions of one rotation, the one that motions hold.
        if any(row[0] < 0.0 for row in self.samples):
            rows = tuple((*(-v for v in row[:4]), *row[4:]) if row[0] < 0.0 else row for row in self.samples)
            object.__setattr__(self, "samples", rows)

    @classmethod
    def of(cls, motion: HeadMotion, start_s: float, stop_s: float) -> "Kept":
        """What a motion holds from `start_s` up to, and not with, `stop_s`; of a motion on the grid the same bytes."""
        first, stop = (ceil(round(at_s * GRID_HZ, 6)) for at_s in (start_s, stop_s))
        wanted = np.arange(first, stop)
        place = np.rint(motion.time_s * GRID_HZ).astype(int)
        if np.abs(place / GRID_HZ - motion.time_s).max() < 1e-9 and np.isin(wanted, place).all():
            at = np.searchsorted(place, wanted)
            rotation, translation = motion.rotation[at], motion.translation_m[at]
        else:
            part = motion.at(wanted / GRID_HZ)
            rotation, translation = part.rotation, part.translation_m
        rows = np.column_stack([rotation, translation])
        return cls(first / GRID_HZ, tuple(map(tuple, rows.tolist())))

    @property
    def first(self) -> int:
        """Index of the first sample on the grid."""
        return round(self.start_s * GRID_HZ)

    @property
    def stop(self) -> int:
        """Index after the last sample."""
        return self.first + len(self.samples)

    @property
    def stop_s(self) -> float:
        """Time after the last sample."""
        return self.stop / GRID_HZ
