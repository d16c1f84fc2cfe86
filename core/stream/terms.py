"""What a look-ahead means in blocks of 40 ms: how long steps wait for sound, and samples for steps."""

from dataclasses import dataclass

from ..errors import SettingsError
from ..motion import GRID_HZ
from ..network.sizes import PER_STEP

LEAST_S, DEFAULT_S, LARGEST_S = 0.12, 0.24, 2.0
"""Look-aheads, seconds."""

_MORE_TAPS_S = 0.4


@dataclass(frozen=True)
class Terms:
    """How a look-ahead is spent.

    look_ahead_s : in whole blocks of 40 ms
    taps : steps ahead that a sample between two steps is made of
    wait : blocks of sound, from the beginning of a step on, that are there when it is made
    """

    look_ahead_s: float
    taps: int
    wait: int

    @classmethod
    def of(cls, look_ahead_s: float) -> "Terms":
        """Terms of a look-ahead in seconds, rounded down to blocks. Raises SettingsError."""
        if not LEAST_S - 1e-6 <= look_ahead_s <= LARGEST_S + 1e-6:
            raise SettingsError(
                f"The look-ahead {look_ahead_s:g} s is out of range",
                f"Give it from {LEAST_S:g} to {LARGEST_S:g} s",
            )
        blocks = int(look_ahead_s * GRID_HZ + 1e-6)
        taps = 1 if look_ahead_s < _MORE_TAPS_S else 2
        # The sample before a step needs `taps` steps from that one on, and lies a block before it.
        return cls(blocks / GRID_HZ, taps, blocks - 1 - PER_STEP * (taps - 1))
