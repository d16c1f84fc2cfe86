"""Where eyes look and when that changes: contact with a place, looks away from it, and small movements.

A seeded point process on the grid, conditioned on the head's turns and on the pauses of speech. The head is
given, and of speech only whether there is any. State comes from the past alone and each random number belongs
to its moment, so that what is appended moves nothing before.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..motion import GRID_HZ
from ..noise import Channel, inverse_normal, uniforms
from ..types import Array, BoolArray
from .manner import GazeManner
from .pace import pace
from .saccade import SHORTEST_GAP_S
from .settings import GazeDoses
from .turns import evoked

_GAP = round(SHORTEST_GAP_S * GRID_HZ)
_LEAST_RAD = np.radians(0.3)  # a smaller step is none
_EVOKED_SMALL = 0.4  # of the small movements
_SAME_SIDE = 0.075  # a degree: looks away that are turned to the head's side
_WITH_HEAD: Array = np.array([0.27, 0.0])  # of a turn, that small saccades go along: to the side, not in nods
_WITH_HEAD_MOST = np.radians(3.0)
_AWAY_RAD = (np.radians(6.0), np.radians(32.0))
_FLATTER = 0.65
_FAR_SHARE, _FAR = 0.22, 2.3  # of small saccades: to a screen's edge, or to hands
_ROOM: Array = np.array(
    [0.85, 0.75]
)  # of the reach that a look away may use, so that the head may still turn

_Event = Literal["away", "back", "rest", "small", "wander"]


@dataclass(frozen=True)
class Shift:
    """A change of where eyes look.

    step : grid sample within which it starts
    phase : share of that sample that has gone by then
    offset : (2,) angle from the place in contact, radians
    away : whether eyes are averted from then on
    """

    step: int
    phase: float
    offset: Array
    away: bool


@dataclass(frozen=True)
class Moments:
    """What the process is conditioned on, at each grid sample.

    contact : (T, 2) angle of the place in contact, in the head
    new : (T,) whether it is another place than before
    turn : (T, 2) what the head turns about then, radians to the left and up
    onset, end : (T,) how much likelier a look away begins, and ends, for the speech
    """

    contact: Array
    new: BoolArray
    turn: Array
    onset: Array
    end: Array


@dataclass
class _Eyes:
    """State: the place about which small saccades land, the last one's way from it, and the look away, if any."""

    rest: Array = field(default_factory=lambda: np.zeros(2))
    small: Array = field(default_factory=lambda: np.zeros(2))
    away: Array | None = None

    @property
    def goal(self) -> Array:
        return np.asarray((self.rest if self.away is None else self.away) + self.small)


class _Draws:
    """Random numbers of each grid sample: uniform ones (T,), and normal ones (T,) or (T, 2)."""

    def __init__(self, seed: int, first: int, count: int) -> None:
        def uniform(channel: Channel) -> Array:
            return uniforms(seed, channel, first, count)

        self.events: dict[_Event, Array] = {
            "away": uniform(Channel.GAZE_AWAY),
            "back": uniform(Channel.GAZE_BACK),
            "rest": uniform(Channel.GAZE_REST),
            "small": uniform(Channel.GAZE_SMALL),
            "wander": uniform(Channel.GAZE_WANDER),
        }
        self.phase = uniform(Channel.GAZE_PHASE)
        self.side = uniform(Channel.GAZE_SIDE)
        self.angle = uniform(Channel.GAZE_ANGLE)
        self.size = uniform(Channel.GAZE_SIZE)
        self.same_side = uniform(Channel.GAZE_SAME_SIDE)
        sideways = uniform(Channel.GAZE_X)
        self.small = inverse_normal(np.column_stack([sideways, uniform(Channel.GAZE_Y)]))
        self.rest = inverse_normal(np.column_stack([sideways, uniform(Channel.GAZE_PLACE_UP)]))


def attend(moments: Moments, manner: GazeManner, doses: GazeDoses, seed: int, first: int) -> list[Shift]:
    """Shifts of gaze, in time.

    seed : whole number below 2^64
    first : grid index of the first sample, at which eyes are in contact
    """
    drawn = _Draws(seed, first, len(moments.new))
    happens = {
        event: drawn.events[event] < chance
        for event, chance in _chances(moments, manner, doses, seed, first).items()
    }
    events = _Events(moments, manner, drawn)
    eyes, before, pending, last = _Eyes(), np.zeros(2), False, -_GAP
    shifts = []
    busy = np.any([*happens.values(), _soon(moments.new)], axis=0)
    for i in np.flatnonzero(busy).tolist():
        pending |= bool(moments.new[i])
        if i - last < _GAP:
            continue
        now = {event for event, values in happens.items() if values[i]}
        events.apply(eyes, now, i, pending=pending)
        if not doses.small:
            eyes.rest, eyes.small = np.zeros(2), np.zeros(2)
        if pending or np.linalg.norm(eyes.goal - before) >= _LEAST_RAD:
            shifts.append(Shift(i, float(drawn.phase[i]), eyes.goal, eyes.away is not None))
            before, pending, last = eyes.goal, False, i
    return shifts


def _soon(new: BoolArray) -> BoolArray:
    """New places, and the samples after each within which the last saccade must first be over."""
    padded = np.pad(new, (_GAP, 0))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, _GAP + 1).any(axis=1))


def _chances(
    moments: Moments, manner: GazeManner, doses: GazeDoses, seed: int, first: int
) -> dict[_Event, Array]:
    """Probability (T,) of each kind of event in a grid sample."""
    likelier = evoked(moments.turn)
    often, some = (
        np.exp(spread * pace(seed, channel, first, len(likelier)))
        for spread, channel in (
            (manner.away_varies, Channel.GAZE_AWAY_PACE),
            (manner.small_varies, Channel.GAZE_SMALL_PACE),
        )
    )
    per_s: dict[_Event, Array] = {
        "away": doses.look_away * manner.away_per_s * often * moments.onset * likelier,
        "back": moments.end / manner.away_s,
        "rest": doses.small * manner.rest_per_s * some,
        "small": doses.small * manner.small_per_s * some * (1.0 + _EVOKED_SMALL * (likelier - 1.0)),
        "wander": doses.small * manner.wander_per_s * some,
    }
    return {event: 1.0 - np.exp(-rate / GRID_HZ) for event, rate in per_s.items()}


@dataclass(frozen=True)
class _Events:
    """What an event of the process does to the eyes."""

    moments: Moments
    manner: GazeManner
    drawn: _Draws

    def apply(self, eyes: _Eyes, now: set[_Event], step: int, *, pending: bool) -> None:
        """Apply the first event that can happen; a new place in contact ends a look away."""
        if eyes.away is None and "away" in now and not pending:
            eyes.away, eyes.small = self._aversion(step), np.zeros(2)
        elif eyes.away is not None and (pending or "back" in now):
            eyes.away, eyes.small = None, self._small(step)
        elif eyes.away is None and "rest" in now:
            eyes.rest = self.drawn.rest[step] * self.manner.rest_rad
            eyes.small = self._with_head(step)
        elif eyes.away is not None and "wander" in now:
            eyes.small = self.drawn.small[step] * self.manner.wander_rad
        elif eyes.away is None and "small" in now:
            far = _FAR if self.drawn.size[step] < _FAR_SHARE else 1.0
            eyes.small = self._small(step, far)

    def _small(self, step: int, far: float = 1.0) -> Array:
        """Where a small saccade lands, (2,), about the place of rest and rather where the head turns."""
        return np.asarray(far * self.drawn.small[step] * self.manner.small_rad + self._with_head(step))

    def _with_head(self, step: int) -> Array:
        """How far a small saccade goes along with the head, (2,)."""
        along = _WITH_HEAD * self.moments.turn[step]
        return np.asarray(np.clip(along, -_WITH_HEAD_MOST, _WITH_HEAD_MOST))

    def _aversion(self, step: int) -> Array:
        """Angle (2,) of a look away from the place in contact."""
        manner, drawn = self.manner, self.drawn
        edges = np.cumsum(manner.away_directions) / np.sum(manner.away_directions)
        sector = int(np.searchsorted(edges[:-1], drawn.side[step]))
        angle = (sector + drawn.angle[step] - 0.5) * 2.0 * np.pi / len(edges)
        spread = np.exp(manner.away_log_sd * inverse_normal(drawn.size[step : step + 1])[0])
        goal = np.clip(manner.away_rad * spread, *_AWAY_RAD) * np.array(
            [np.cos(angle), _FLATTER * np.sin(angle)]
        )
        turn = float(self.moments.turn[step, 0])
        if turn * goal[0] < 0.0:
            follows = _SAME_SIDE * abs(np.degrees(turn))
            goal[0] *= -1.0 if drawn.same_side[step] < follows else 1.0
        contact, room = self.moments.contact[step], _ROOM * manner.reach_rad
        return np.asarray(np.clip(contact + goal, -room, room) - np.clip(contact, -room, room))
