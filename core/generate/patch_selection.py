"""Patch selection: which stretch of a recording to play when, by dynamic programming in a rolling window.

A path is a row of patches, each a stretch of the recording. It pays at each step for how far the
recording's activity is from the wanted one and for what was played a short while ago, and at each
joint for the jump. From a joint the best path through the next HORIZON steps is found, its first
patch is kept, and so on from that patch's end. So nothing depends on what lies further ahead, and
time and memory grow with the take alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..motion import GRID_HZ, Progress
from ..types import Array

STEP = 5
"""Samples from one place at which a patch may begin to the next: 0.2 s."""

SHORTEST, LONGEST = 4, 12  # steps: 0.8 to 2.4 s
HORIZON = 15  # steps: 3 s
REPEAT_S = 8.0


@dataclass(frozen=True)
class Patch:
    """A stretch of the recording in the take.

    step, steps : when it begins and how long it plays
    start : first sample of the recording
    rate : how fast it is played
    """

    step: int
    steps: int
    start: int
    rate: float

    @property
    def end(self) -> int:
        """The sample of the recording at which the next patch takes over."""
        return self.start + _advance(self.rate, self.steps)


@dataclass(frozen=True)
class Costs:
    """What a path pays; N samples of the recording, S steps of the take.

    activity : (N,) or (N, D) mean over the step that begins at each sample, infinite where none may
    wanted : (S,) or (S, D) what it should be; a step pays the square of the difference
    jump : (N, N) from the sample where a patch ends to the one where the next begins
    repeated : for a step of what was played REPEAT_S ago; twice that for what was just played
    """

    activity: Array
    wanted: Array
    jump: Array
    repeated: float


def choose(costs: Costs, rates: Array, progress: Progress) -> list[Patch]:
    """The patches of a take, one after another, until each step of `costs.wanted` is filled.

    rates : (S,) how fast a patch that begins at each step is played
    """
    played = np.full(len(costs.activity), -np.inf)  # when each was played last, in samples of the take
    patches: list[Patch] = []
    step = 0
    while step < len(costs.wanted):
        progress(step / len(costs.wanted), "choosing")
        patch = _best_first(costs, rates, played, step, patches[-1].end if patches else None)
        reached = np.arange(patch.start, patch.end)
        played[reached] = STEP * step + (reached - patch.start) / patch.rate
        patches.append(patch)
        step += patch.steps
    return patches


def _best_first(costs: Costs, rates: Array, played: Array, step: int, end: int | None) -> Patch:
    """The first patch of the best path from `step` on, after one that played up to the sample `end`."""
    fit = _fit(costs, played, step)
    # What it costs at best to go on from a joint, by step and by the sample where the last patch ended.
    onward = np.zeros((len(fit) + LONGEST, fit.shape[1]))
    for later in range(len(fit) - 1, SHORTEST - 1, -1):
        begun, _ = _begun(fit, onward, later, rates[step + later])
        onward[later] = (costs.jump + begun).min(axis=1)
    begun, lengths = _begun(fit, onward, 0, rates[step])
    if end is not None:
        begun = begun + costs.jump[end]
    start = int(np.argmin(begun))
    return Patch(step, int(lengths[start]), start, float(rates[step]))


def _fit(costs: Costs, played: Array, step: int) -> Array:
    """What playing a step from each sample on costs, for the steps ahead: (up to HORIZON, N)."""
    size = len(costs.activity)
    wanted = costs.wanted[step : step + HORIZON].reshape(-1, 1, costs.activity.size // size)
    misfit = np.square(costs.activity.reshape(size, -1) - wanted).sum(axis=2)
    now = STEP * (step + np.arange(len(wanted)))[:, None]
    age = (now - played) / (REPEAT_S * GRID_HZ)
    recent = np.where(age < 1.0, 2.0 - age, 0.0)
    total = np.cumsum(np.pad(recent, ((0, 0), (1, STEP - 1))), axis=1)
    recent = (total[:, STEP:] - total[:, :-STEP]) / STEP
    return misfit + costs.repeated * recent


def _begun(fit: Array, onward: Array, first: int, rate: float) -> tuple[Array, NDArray[np.int_]]:
    """Least cost of a patch from each sample at the step `first` with all that follows, and its length."""
    size = fit.shape[1]
    cost, least = np.zeros(size), np.full(size, np.inf)
    lengths = np.full(size, SHORTEST)
    for steps in range(1, LONGEST + 1):
        begin, end = _advance(rate, steps - 1), _advance(rate, steps)
        if first + steps <= len(fit):
            cost[: size - begin] += fit[first + steps - 1, begin:]
        cost[size - end :] = np.inf
        if steps >= SHORTEST:
            whole = cost[: size - end] + onward[first + steps, end:]
            better = np.flatnonzero(whole < least[: size - end])
            least[better], lengths[better] = whole[better], steps
    return least, lengths


def _advance(rate: float, steps: int) -> int:
    return round(rate * STEP * steps)
