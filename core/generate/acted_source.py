"""The actor as the source of a directed take: it goes on from any state, as directed, and back to the take."""

from itertools import pairwise
from math import ceil

import numpy as np

from .. import rotation as rot
from ..direct.aims import Aim
from ..direct.bridge import AFTER, LEAST_AFTER, SETTLE
from ..direct.direction import Direction, Gesture, Part, Pin
from ..direct.exact import channels_of as channels_of_pin
from ..direct.exact import wanted_of
from ..direct.gestures import Planned, extent, planned
from ..direct.kept import Kept
from ..direct.kernel import LAGS
from ..direct.person_kernel import person_kernel
from ..direct.plan import gesture_name
from ..direct.way import Way, states_for, window_of_aim, window_of_gesture
from ..direct.windows import Window, merged, samples_of, steps_of, within_samples, without
from ..motion import GRID_HZ, Progress, cubic
from ..network.sizes import STEP_S
from ..speech.features import SpeechFeatures
from ..style.personality import towards
from ..style.schema import Style
from ..types import Array
from .actor import FIRST_STEP, Actor, acted, channels_of, stop_step
from .settings import GenerationSettings

NEAR_SD = 0.7
"""A pin that the take passes as near as this is met by a correction alone, which keeps the take's own gestures."""

ALONE_S = 1.2
"""Where no other pin and no gesture is this near."""

_CLIP_SD = 4.0
_LEAST_GAIN = 0.05
_FIRST = FIRST_STEP + LAGS + 1
_AS_ASKED = (0.6, 1.5)


class ActedSource:
    """See `Source`."""

    bends = False

    def __init__(
        self,
        actor: Actor,
        style: Style,
        speech: SpeechFeatures,
        settings: GenerationSettings,
        direction: Direction,
    ) -> None:
        self._samples, self._seed, self._direction = len(speech.time_s), settings.seed, direction
        self._stop = stop_step(self._samples)
        self._acting, self._units = actor.prepared(style, speech, settings)
        self._ahead_s = direction.strengths.anticipation_s
        self._gains = settings.intensity * np.array(direction.strengths.gains)
        self.sd_deg = self._gains[:3] * self._units[:3]
        self.kernel = person_kernel(self._acting)
        statistics = towards(style, settings.personality).statistics
        self._gestures = [
            planned(gesture, gesture.time_s + self._ahead_s, statistics, self._units)
            for gesture in direction.gestures
        ]
        ahead = self._ahead_s * GRID_HZ
        self._fixed = [
            steps_of(ceil(kept.first + ahead - 1e-6), ceil(kept.stop + ahead - 1e-6))
            for kept in direction.kept
        ]

    def base(self, progress: Progress) -> Array:
        """See `Source`."""
        parts = [piece for part in self._direction.parts for piece in self._pieces(part)]
        pins = [self._clipped(window_of_aim(self._step(pin))) for pin in self._direction.pins]
        gestures = [self._clipped(window_of_gesture(plan)) for plan in self._gestures]
        ends = [(stop, stop) for _, stop in self._fixed]
        ends += [(_after(plan), _after(plan)) for plan in self._gestures]
        states = states_for([*self._joins(), *parts, *pins, *gestures, *ends], FIRST_STEP)
        taken = acted(self._acting, self._seed, self._samples, progress=progress, states=states)
        steps = np.concatenate(list(taken))
        known = {step: state for step, state in states.items() if state is not None}
        self._way = Way(self._acting, self.kernel, FIRST_STEP, steps, known)
        return self._channels()

    def obeying(self, progress: Progress) -> tuple[Array, list[Window], frozenset[Pin]]:
        """See `Source`."""
        for kept, (first, stop) in zip(self._direction.kept, self._fixed, strict=True):
            self._way.put(first, self._poses_of(kept, first, stop))
        gone_for = self._far_pins()
        windows = without(self._windows(gone_for), self._fixed)
        # A pin that one of the others takes along is met on the way.
        while more := {pin for pin in self._direction.pins if self._inside(pin, windows)} - gone_for:
            gone_for |= more
            windows = without(self._windows(gone_for), self._fixed)
        for i, window in enumerate(windows):
            progress(i / len(windows), "going through pins")
            self._redo(window, self._seed)
        return self._channels(), [samples_of(window) for window in windows], frozenset(gone_for)

    def part(self, part: Part, progress: Progress) -> Array:
        """See `Source`."""
        progress(0.0, "making a part anew")
        for window in self._pieces(part):
            self._redo(window, part.seed)
        return self._channels()

    def notes(self) -> list[str]:
        """See `Source`."""
        found = []
        for plan in self._gestures:
            share = plan.realised(self._way.poses, self._way.first)
            if not _AS_ASKED[0] <= share <= _AS_ASKED[1]:
                found.append(
                    f"{gesture_name(plan.gesture)} came out {share:.1f} times as large as asked; another seed may do better."
                )
        return found

    def _channels(self) -> Array:
        return channels_of(self._way.poses, self._units, self._samples)

    def _step(self, entry: Pin | Gesture) -> float:
        return (entry.time_s + self._ahead_s) / STEP_S

    def _redo(self, window: Window, seed: int) -> None:
        """Make a window anew, gesture by gesture: of each the best of some tries is where the next one begins."""
        aims = [aim for aim in map(self._aim, self._direction.pins) if aim is not None]
        aims = [aim for aim in aims if window[0] <= aim.step < window[1]]
        gestures = [plan for plan in self._gestures if window[0] <= self._step(plan.gesture) < window[1]]
        cuts = [
            end
            for end in map(_after, gestures)
            if window[0] < end < window[1] - 1 and not any(_covers(plan, end) for plan in gestures)
        ]
        ends = min(next((b - a for a, b in self._fixed if a == window[1]), AFTER), AFTER)
        for first, stop in pairwise(sorted({window[0], *cuts, window[1]})):
            ahead = [aim for aim in aims if aim.step >= first]
            now = [
                plan
                for plan in gestures
                if first <= _after(plan) - 1 < stop or (stop == window[1] and _after(plan) > stop)
            ]
            self._way.redo((first, stop), seed, ahead, now, ends if stop == window[1] else 0)

    def _inside(self, pin: Pin, windows: list[Window]) -> bool:
        return any(first <= self._step(pin) < stop for first, stop in windows)

    def _windows(self, pins: set[Pin]) -> list[Window]:
        found = [window_of_aim(self._step(pin)) for pin in pins]
        found += [window_of_gesture(plan) for plan in self._gestures]
        return merged(filter(_has_steps, [*map(self._clipped, found), *self._joins()]))

    def _clipped(self, window: Window) -> Window:
        first, stop = max(window[0], _FIRST), window[1]
        return first, (self._stop if stop + LEAST_AFTER > self._stop else stop)

    def _joins(self) -> list[Window]:
        """Windows before and after each kept stretch."""
        return [
            self._clipped(window)
            for first, stop in self._fixed
            for window in ((window_of_aim(first)[0], first), (stop, window_of_aim(stop)[1]))
        ]

    def _pieces(self, part: Part) -> list[Window]:
        first, stop = (ceil((at + self._ahead_s) * GRID_HZ - 1e-6) for at in (part.start_s, part.stop_s))
        window = self._clipped(within_samples(first, stop))
        return list(filter(_has_steps, without([window], self._fixed)))

    def _far_pins(self) -> set[Pin]:
        """Pins that a correction alone would not meet well."""
        pins = self._direction.pins
        near_s = [pin.time_s for pin in pins]
        busy_s = [plan.gesture.time_s for plan in self._gestures]
        time = np.arange(FIRST_STEP, FIRST_STEP + len(self._way.poses), dtype=np.float64)
        found = set()
        for i, pin in enumerate(pins):
            alone = all(abs(pin.time_s - at) > ALONE_S for at in near_s[:i] + near_s[i + 1 :] + busy_s)
            aim = self._aim(pin)
            if aim is None:
                continue
            pose = cubic(time, self._way.poses, np.array([aim.step]))[0]
            away = (aim.pose - pose)[aim.channels]
            if not alone or float(np.sqrt(np.mean(np.square(away)))) >= NEAR_SD:
                found.add(pin)
        return found

    def _aim(self, pin: Pin) -> Aim | None:
        """A pin on the network's scale; None where the take's size is nearly 0, so that nothing can be aimed at."""
        scale = self._gains * self._units
        channels = np.array(channels_of_pin(pin)) & (self._gains > _LEAST_GAIN)
        if not channels.any():
            return None
        wanted = wanted_of(pin)
        values = np.concatenate([np.degrees(wanted[:3]), 1e3 * wanted[3:]])
        pose = np.clip(np.where(channels, values, 0.0) / np.where(channels, scale, 1.0), -_CLIP_SD, _CLIP_SD)
        tolerance = np.where(np.arange(6) < 3, pin.tolerance_deg / np.where(channels, scale, 1.0), 0.0)
        return Aim(self._step(pin), pose, channels, tolerance)

    def _poses_of(self, kept: Kept, first: int, stop: int) -> Array:
        """A kept stretch on the network's scale, at steps `first` to `stop` - 1."""
        rows = np.array(kept.samples)
        values = np.column_stack([np.degrees(rot.to_rotvec(rows[:, :4])), 1e3 * rows[:, 4:]])
        at_s = (kept.first + np.arange(len(rows))) / GRID_HZ + self._ahead_s
        poses = cubic(at_s, values, np.arange(first, stop, dtype=np.float64) * STEP_S)
        usable = self._gains > _LEAST_GAIN
        scaled = poses / np.where(usable, self._gains * self._units, 1.0)
        own = self._way.poses[first - FIRST_STEP : stop - FIRST_STEP]
        return np.where(usable, np.clip(scaled, -2.0 * _CLIP_SD, 2.0 * _CLIP_SD), own)


def _after(plan: Planned) -> int:
    """The step from which on a gesture is over, and what was drawn has settled."""
    return ceil(extent(plan)[1]) + SETTLE + 1


def _covers(plan: Planned, step: int) -> bool:
    begin, _ = extent(plan)
    return begin < step < _after(plan)


def _has_steps(window: Window) -> bool:
    return window[1] - window[0] >= 2
