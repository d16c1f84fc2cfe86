"""The steps of a take as they come to obey: kept stretches, then windows of pins and gestures, then parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from ..network.mixture import DIMENSIONS
from ..speech.windows import smooth
from ..types import Array
from .acting import Acting, State, followed
from .aims import Aim
from .bridge import AFTER, AROUND, TRIES, Stretch, bridged_steps
from .gestures import Planned, extent
from .kernel import LAGS, Kernel
from .windows import Window

FOLLOWED = 38
"""Steps of a changed past that the network is led along before a stretch: 3 s, its longest running mean."""

_NEAR_ENOUGH = 0.1  # of the depth that a gesture is asked for: no other try is made


@dataclass(eq=False)
class Way:
    """Poses (N, 6) of a take in standard deviations, from step `first` on, which change.

    base : as the take was made
    states : of the base, by steps
    """

    acting: Acting
    kernel: Kernel
    first: int
    base: Array
    states: Mapping[int, State]

    def __post_init__(self) -> None:
        self.poses = self.base.copy()

    @property
    def stop(self) -> int:
        """The step after the last."""
        return self.first + len(self.base)

    def put(self, first: int, poses: Array) -> None:
        """Lay down a kept stretch (N, 6) from a step on."""
        self.poses[first - self.first : first - self.first + len(poses)] = poses

    def redo(
        self,
        window: Window,
        seed: int,
        aims: Sequence[Aim] = (),
        gestures: Sequence[Planned] = (),
        ends: int = AFTER,
    ) -> None:
        """Make a window anew, through aims and gestures, back to what follows it.

        ends : steps that follow which stay
        """
        first, stop = window
        place = first - self.first
        after = self.poses[stop - self.first :][:ends] if stop < self.stop else np.empty((0, DIMENSIONS))
        around = self.poses[max(0, place - AROUND) : stop - self.first + AROUND]
        course = smooth(around, 0.5 * 0.5)  # of steps that are two samples apart: half a second
        begins = max(self.first, first - AROUND)
        wanted = sorted(
            [*aims, *(aim for plan in gestures for aim in plan.aims(course, begins))],
            key=lambda aim: aim.step,
        )
        still = {step: sd for plan in gestures for step, sd in plan.still().items()}
        stretch = Stretch(
            first,
            stop,
            self.poses[place - LAGS : place].copy(),
            self._state_before(first),
            after.copy(),
            tuple(wanted),
            still,
        )
        best, least = np.empty((0, DIMENSIONS)), np.inf
        for attempt in range(TRIES):
            way = bridged_steps(self.acting, self.kernel, stretch, seed, attempt)
            wrong = max((abs(plan.realised(way, first) - 1.0) for plan in gestures), default=0.0)
            if wrong < least:
                best, least = way, wrong
            if least <= _NEAR_ENOUGH:
                break
        self.poses[place : stop - self.first] = best

    def _state_before(self, first: int) -> State:
        """The state after the step before `first`: the base's, unless what came just before has changed."""
        begin = max(self.first + 1, first - FOLLOWED)
        past = slice(begin - self.first, first - self.first)
        if self.poses[past].tobytes() == self.base[past].tobytes():
            return self.states[first - 1]
        return followed(self.acting, self.states[begin - 1], self.poses[past], begin)


def states_for(windows: Sequence[Window], first: int) -> dict[int, State | None]:
    """Steps after which the state is needed, for windows that may begin at these places."""
    wanted = {begin - 1 for begin, _ in windows} | {max(first, begin - FOLLOWED - 1) for begin, _ in windows}
    return dict.fromkeys(wanted)


def window_of_aim(step: float) -> Window:
    """The window of one pin."""
    return floor(step) - AROUND, ceil(step) + AROUND


def window_of_gesture(plan: Planned) -> Window:
    """The window of a gesture."""
    begin, end = extent(plan)
    return floor(begin) - AROUND, ceil(end) + AROUND
