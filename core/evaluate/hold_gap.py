"""HoldGap: rests and bursts as the person's?"""

from collections.abc import Sequence

from .interval import Interval
from .take import Take


def hold_gap(takes: Sequence[Take]) -> Interval:
    """Mean relative error of hold ratio, burstiness, kurtosis and speech/pause ratio against the reference."""
    raise NotImplementedError
