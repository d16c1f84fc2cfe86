"""Clean: free of tremble, drift, joints and impossible speed?"""

from collections.abc import Sequence
from dataclasses import dataclass

from .interval import Interval
from .take import Take


@dataclass(frozen=True)
class Clean:
    """Each relative to the target, 1 where alike, but for the greatest speed."""

    jerk: Interval
    coverage: Interval
    drift: Interval
    seams: Interval
    tremble: Interval
    max_speed_deg_s: float


def clean(takes: Sequence[Take]) -> Clean:
    """Technical faults of motions against their targets."""
    raise NotImplementedError
