"""A head that turns and shifts quickly, for tests of files."""

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion


def talking(seconds: float = 2.0, hz: float = 25.0) -> HeadMotion:
    """Quick turns of up to 40° and moves of up to 6 cm; none of it is the same on two axes."""
    time_s = np.arange(round(seconds * hz) + 1) / hz
    rotation = rot.from_euler(0.3 * np.sin(9 * time_s), 0.7 * np.sin(6 * time_s), 0.2 * np.cos(7 * time_s))
    place = 0.06 * np.stack([np.sin(5 * time_s), np.cos(3 * time_s), np.sin(4 * time_s)], axis=1)
    return HeadMotion(time_s, rot.continuous(rotation), place)
