"""Running take: sound in chunks to poses at 25 Hz with a bounded look-ahead.

The take of look-ahead L is defined without chunks: its pose at time t is a function of the style, the settings
and the sound up to t + L alone. What lies later counts as not known. Chunks decide only when a pose is handed out.
"""

import numpy as np
from numpy.typing import ArrayLike

from ..errors import AudioError, SettingsError
from ..generate.actor import FIRST_STEP, Actor
from ..generate.settings import GenerationSettings
from ..motion import GRID_HZ, HeadMotion
from ..network.sizes import PER_STEP
from ..style.schema import Style
from ..types import Array, Float32Array
from .between import BEFORE, two_samples
from .codes import RunningCodes
from .finish import REST, finished_pose
from .inlet import Inlet
from .raw import RawValues
from .steps import RunningSteps
from .terms import DEFAULT_S, Terms


class Stream:
    """A take of the engine actor that runs along with its sound.

    style, settings : as of `generate`
    rate_hz : of the sound, samples a second
    look_ahead_s : rounded down to whole 0.04 s

    Raises
    ------
    SettingsError : the rate or the look-ahead is out of range
    MissingPartError : the weights are missing
    """

    def __init__(
        self,
        style: Style,
        settings: GenerationSettings,
        *,
        rate_hz: int,
        look_ahead_s: float = DEFAULT_S,
        actor: Actor | None = None,
    ) -> None:
        self._terms = Terms.of(look_ahead_s)
        self._inlet, self._raw = Inlet(rate_hz), RawValues()
        self._steps = RunningSteps(actor or Actor(), style, settings)
        self._codes = RunningCodes(self._steps.manner, self._terms.wait)
        self._intensity = settings.intensity
        self._poses = np.zeros((BEFORE + self._terms.taps, 6))
        self._next = 0  # step
        self._waiting: list[Array] = []  # samples that are not handed out
        self._handed = 0
        self._ended = False

    @property
    def look_ahead_s(self) -> float:
        """By how much a pose lies before the end of the sound that it is made from, seconds.

        Where the sound has another rate than 16 kHz, 1 to 2 ms more.
        """
        return self._terms.look_ahead_s

    def feed(self, chunk: ArrayLike) -> HeadMotion | None:
        """Take the next samples of the sound, and return the poses that they complete, if any.

        chunk : (N,) of one channel: floats of which 1 is full scale, or 16-bit whole numbers; N may be 0

        Returns
        -------
        T poses at 25 Hz, time_s from the sound's first sample on, each time those after the last ones.

        Raises
        ------
        AudioError : the chunk is no mono sound; none of it is taken
        SettingsError : the stream has ended
        """
        self._refuse_after_end()
        for block in self._inlet.blocks(chunk):
            self._take(block)
        return self._delivered(self._handed + len(self._waiting), None)

    def finish(self) -> HeadMotion | None:
        """End the sound, and return the rest: up to its end, and 0.6 s more in which the head goes to rest.

        Raises
        ------
        AudioError : there was no sound
        SettingsError : the stream has ended
        """
        self._refuse_after_end()
        if not self._inlet.taken:
            raise AudioError("No sound was given", "Feed the stream before it is ended")
        self._ended = True
        end = self._inlet.last_sample + REST
        for block in self._inlet.silence(REST + self._terms.wait + PER_STEP * (self._terms.taps + 1)):
            self._take(block)
        return self._delivered(end + 1, end)

    def _refuse_after_end(self) -> None:
        if self._ended:
            raise SettingsError("The stream has ended", "Open another one for another sound")

    def _take(self, block: Float32Array) -> None:
        self._codes.add(self._raw.add(block))
        if self._codes.count == PER_STEP * self._next + self._terms.wait:
            self._advance()

    def _advance(self) -> None:
        """Make the next step, before the first one also those before the sound, and the samples that it completes."""
        code = self._codes.code(self._next)
        for _ in range(FIRST_STEP if self._next == 0 else 0, 1):
            self._poses = np.concatenate([self._poses[1:], self._steps.advance(code)[None]])
        self._next += 1
        ready = self._next - self._terms.taps
        if ready >= 0:
            self._waiting.extend(two_samples(self._poses)[1 if ready == 0 else 0 :])

    def _delivered(self, stop: int, end: int | None) -> HeadMotion | None:
        """The samples that wait, up to one before `stop`."""
        count = stop - self._handed
        if count <= 0:
            return None
        last = self._inlet.last_sample
        rows = np.stack(
            [
                finished_pose(pose, index, self._intensity, end if index > last else None)
                for index, pose in enumerate(self._waiting[:count], self._handed)
            ]
        )
        time_s = np.arange(self._handed, stop) / GRID_HZ
        del self._waiting[:count]
        self._handed = stop
        return HeadMotion(time_s, rows[:, :4], rows[:, 4:])
