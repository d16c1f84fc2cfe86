"""How far each sample may move when a take is corrected: not at all where it stays, fully at the pins."""

from collections.abc import Sequence

import numpy as np

from ..easing import smootherstep
from ..motion import GRID_HZ
from ..types import Array, BoolArray
from .direction import Pin

_WALL_S = 0.4  # how fast a correction begins to grow next to what may not move
_ROOM = 1e-9


def envelope(time_s: Array, pins: Sequence[Pin], free: BoolArray, ramp_s: float) -> Array:
    """From 0 to 1 (T,): 0 on what stays and at both ends of the take, which rests there, 1 at the pins.

    free : (T,) what may move
    ramp_s : how fast a correction begins to grow from an end of the take, where no pin is nearer
    """
    share = np.where(free, 1.0, 0.0)
    # A frame after the last sample is read as that.
    times = np.clip([pin.time_s for pin in pins], time_s[0], time_s[-1])
    edges = np.flatnonzero(np.diff(free.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    for first, stop in edges:
        begin, end = time_s[max(first - 1, 0)], time_s[min(stop, len(free) - 1)]
        inside = times[(times >= begin - _ROOM) & (times <= end + _ROOM)]
        part = slice(first, stop)
        for outer, away_s, pin_away_s in (
            (first == 0, time_s[part] - begin, inside - begin),
            (stop == len(free), end - time_s[part], end - inside),
        ):
            nearest = float(pin_away_s.min()) if len(pin_away_s) else np.inf
            if outer and nearest < 1.0 / GRID_HZ:
                continue  # there the take begins or ends in the pin, and not at rest
            wanted_s = ramp_s if outer else _WALL_S
            share[part] *= smootherstep(away_s / max(min(wanted_s, nearest), 1e-3))
    return share
