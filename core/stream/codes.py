"""Speech codes of a running sound: what is known of it at a moment, as the network is given it.

Features are computed as if the sound ended with what has arrived, and the last of them is held for as long as
the network looks ahead. So in speech the next pause counts as two seconds away or more until it is there.
"""

import numpy as np

from ..motion import GRID_HZ
from ..network.manner import Manner
from ..network.sizes import PER_STEP
from ..speech.features import NAMES, Levels, prosody
from ..speech.shorttime import ShortTime
from ..types import Array
from .levels import RunningLevels

_BEFORE_S = 2.6
"""Past that a feature depends on: pauses up to 2 s ago, 0.2 s of that one, and smoothing by 0.36 s."""


def code_at(manner: Manner, raw: Array, levels: Array, step: int, first: int = 0) -> Array:
    """The code (C,) of a step, from all that is known of the sound at this moment.

    raw, levels : (M, 5) of the samples from `first` on, as from `RawValues` and `RunningLevels`; beginning with the sound, or
        _BEFORE_S and the network's reach before the step, and holding one sample of the step at the least
    """
    reach = manner.sizes.reach
    energy_db, onset, flux, f0_hz, voicing = raw.T
    short = ShortTime(energy_db, np.zeros((len(raw), 0)), onset, flux, f0_hz, voicing)
    columns = [NAMES.index(name) for name in manner.sizes.speech]
    values = prosody(short, Levels(*levels.T)).astype(np.float32)[:, columns]
    start, stop = PER_STEP * max(step - reach, 0) - first, PER_STEP * (step + reach + 1) - first
    part = values[start:stop]
    held = np.repeat(part[-1:], stop - start - len(part), axis=0)
    return manner.code(manner.standardise_speech(np.concatenate([part, held])))[min(step, reach)]


class RunningCodes:
    """Codes of steps from the samples so far, of which no more is kept than they depend on.

    ahead : samples by which the sound is further than a step whose code is asked for, at most
    """

    def __init__(self, manner: Manner, ahead: int) -> None:
        self._manner = manner
        self._running = RunningLevels()
        self._kept = round(_BEFORE_S * GRID_HZ) + PER_STEP * manner.sizes.reach + ahead
        self._raw = np.zeros((0, 5))
        self._levels = np.zeros((0, 5))
        self.count = 0
        """Samples that were added."""

    def add(self, raw: Array) -> None:
        """Append a sample with raw values (5,)."""
        self._raw = np.concatenate([self._raw, raw[None]])[-self._kept :]
        self._levels = np.concatenate([self._levels, self._running.add(raw)[None]])[-self._kept :]
        self.count += 1

    def code(self, step: int) -> Array:
        """The code (C,) of a step."""
        return code_at(self._manner, self._raw, self._levels, step, self.count - len(self._raw))
