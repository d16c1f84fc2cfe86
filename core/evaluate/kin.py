"""Kin: are size, speed and spectrum of the movement the person's?"""

from collections.abc import Sequence

from ..style.grid import GridTrack
from .interval import Interval
from .take import Take


def kin(takes: Sequence[Take]) -> Interval:
    """Distance of motions to their references over that of the targets: 1 as near as the person itself."""
    raise NotImplementedError


def distance(a: GridTrack, b: GridTrack) -> float:
    """Spectrum, speed and angle distances of two motions, added up; no unit."""
    raise NotImplementedError
