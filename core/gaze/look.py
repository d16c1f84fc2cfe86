"""Eyes for any head motion: compensation of the head, saccades, looks away, and the blinks that come with them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ, HeadMotion
from ..noise import Channel, uniforms
from ..types import Array, BoolArray, IntArray
from .attention import Moments, attend
from .directions import angles_of, direction_of, in_head, pointing, towards
from .manner import GazeManner
from .motion import GazeMotion
from .saccade import course, duration_s
from .settings import USUAL, GazeDoses
from .speech import likelier
from .target import LOOK_AHEAD_S, Target, places
from .turns import turns

_BLINK, _BLINK_SQUARED, _MOST_BLINKS = 0.02, 0.00085, 0.97  # by the saccade's size in degrees
_SHUT_AFTER_S = 0.06  # the start of the saccade
_EARLIEST_S = 60.0  # before speech: what a head does before that brings no saccades


def look(
    head: HeadMotion,
    time_s: Array,
    *,
    talking: BoolArray | None = None,
    targets: Sequence[Target] = (),
    manner: GazeManner | None = None,
    doses: GazeDoses = USUAL,
    seed: int = 0,
) -> GazeMotion:
    """Generate eyes that belong to a head's motion, whoever or whatever made it.

    While eyes rest on something they turn against the head without lag (the vestibulo-ocular reflex, whose gain
    is 1 and whose lag is a few milliseconds); what they rest on changes by saccades alone. The same at any times
    asked for; what the head does, or is said, 0.6 s later and more changes nothing.

    head : held before its first sample and after its last one
    time_s : (T,) seconds, increasing
    talking : (N,) at GRID_HZ from t = 0 on, whether there is speech, which ties looks away to its pauses
    targets : what eyes look at; before the first one, and without any, straight ahead of the head at rest
    manner : by default that of people in general
    seed : whole number below 2^64
    """
    manner = manner or GazeManner()
    first = int(np.floor(np.clip(head.time_s[0], -_EARLIEST_S, 0.0) * GRID_HZ))
    last_s = max(float(time_s[-1]), first / GRID_HZ) + LOOK_AHEAD_S
    grid = head.at(np.arange(first, int(np.ceil(last_s * GRID_HZ)) + 1) / GRID_HZ)
    rested = places(grid, targets)
    new = np.r_[False, np.any(rested[1:] != rested[:-1], axis=1)] & (doses.follow > 0.0)
    contact = doses.follow * in_head(grid, towards(grid, rested))
    moments = Moments(contact, new, turns(angles_of(pointing(grid))), *likelier(talking, first, len(new)))
    shifts = attend(moments, manner, doses, seed, first)
    steps = np.array([shift.step for shift in shifts], np.intp)
    states = _States(
        start_s=(first + steps + np.array([shift.phase for shift in shifts])) / GRID_HZ,
        places=rested[np.r_[0, steps]],
        offsets=np.array([np.zeros(2), *(shift.offset for shift in shifts)]),
        follow=doses.follow,
        reach_rad=np.array(manner.reach_rad),
    )
    size = states.sizes(head)
    away = np.array([False, *(shift.away for shift in shifts)])
    return GazeMotion(
        time_s=time_s,
        eye=states.eye(head.at(time_s), size),
        away=away[states.at(time_s)],
        shift_s=states.start_s,
        shift_rad=size,
        blink_s=_blinks(first + steps, states.start_s, size, doses.blinks, seed),
    )


@dataclass(frozen=True)
class _States:
    """What eyes do between saccades: one state more than there are saccades.

    start_s : (S,) when each saccade begins
    places : (S + 1, 4) what eyes rest on, see `directions.py`
    offsets : (S + 1, 2) angle away from it, radians
    """

    start_s: Array
    places: Array
    offsets: Array
    follow: float
    reach_rad: Array

    def at(self, time_s: Array) -> IntArray:
        """Which state each time lies in."""
        return np.searchsorted(self.start_s, time_s, side="right")

    def sizes(self, head: HeadMotion) -> Array:
        """How far each saccade goes, (S,) radians."""
        if not len(self.start_s):
            return np.zeros(0)
        then, index = head.at(self.start_s), np.arange(len(self.start_s))
        return np.asarray(np.linalg.norm(self._held(then, index + 1) - self._held(then, index), axis=1))

    def eye(self, head: HeadMotion, size: Array) -> Array:
        """Angles (T, 2) in the head at its samples."""
        state = self.at(head.time_s)
        held, before = self._held(head, state), self._held(head, np.maximum(state - 1, 0))
        gone_s = head.time_s - np.r_[-np.inf, self.start_s][state]
        done = course(gone_s / np.r_[1.0, duration_s(size)][state])[:, None]
        return np.asarray(before + done * (held - before)) + 0.0

    def _held(self, head: HeadMotion, state: IntArray) -> Array:
        """Angles (T, 2) of eyes that hold what each sample's state asks for, within their reach."""
        towards_it = towards(head, self.places[state])
        contact = in_head(head, towards_it)
        gaze = direction_of(angles_of(towards_it) + self.offsets[state])
        beside = rot.wrapped(in_head(head, gaze) - contact) if self.follow else self.offsets[state]
        return np.clip(self.follow * contact + beside, -self.reach_rad, self.reach_rad)


def _blinks(index: IntArray, start_s: Array, size: Array, dose: float, seed: int) -> Array:
    """Times of blinks that saccades bring: with hardly any small one, and with 97 % beyond 33° (Evinger 1994).

    index : (S,) grid index within which each begins
    """
    if not len(index):
        return np.zeros(0)
    likely = dose * np.clip(_BLINK + _BLINK_SQUARED * np.degrees(size) ** 2, 0.0, _MOST_BLINKS)
    drawn = uniforms(seed, Channel.GAZE_BLINK, int(index[0]), int(index[-1] - index[0]) + 1)
    return np.asarray(start_s[drawn[index - index[0]] < likely] + _SHUT_AFTER_S)
