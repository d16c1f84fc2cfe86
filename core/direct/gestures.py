"""Gestures as aims: where a nod, a shake, a tilt, a look goes, in the person's own size and pace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..motion import cubic
from ..network.mixture import DIMENSIONS
from ..network.sizes import STEP_S
from ..speech.windows import smooth
from ..types import Array
from .aims import Aim
from .direction import ANGLES, LARGEST_DEG, Gesture, Pin

_NODS = 1.6  # mean nods of the person that an asked one has, to be seen as one
_FULL_S, _USUAL_HZ = 0.65, 1.8  # how long it takes, of whom the rate's spectrum has this centre
_SIDE_SD = 1.5
_HOLD_S = 1.5
_SOFT = 0.1  # of its depth
_SOFT_SIDE_SD = 0.3
_SWING_S = 0.8  # the longest way down, or up again
STILL = 0.3
"""Mean speeds that the angles may still move by while they are held."""

_SIDES: Mapping[tuple[str, str], tuple[int, float]] = {
    ("look", "left"): (1, 1.0),
    ("look", "right"): (1, -1.0),
    ("look", "up"): (0, -1.0),
    ("look", "down"): (0, 1.0),
    ("tilt", "right"): (2, 1.0),
    ("tilt", "left"): (2, -1.0),
}
"""Channel and sign of each side, see `rotation.py`."""

_SHAPES: Mapping[str, tuple[int, tuple[float, ...]]] = {
    "nod": (0, (0.0, 0.5, 1.0, 0.5, 0.0)),
    "double nod": (0, (0.0, 0.5, 1.0, 0.5, 0.0, 0.5, 1.0, 0.5, 0.0)),
    "shake": (1, (0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0)),
}
"""Channel, and shares of the depth at each quarter of the time that a swing there and back takes."""

_APART_S = 0.1


@dataclass(frozen=True, eq=False)
class Planned:
    """A gesture on the person's own scale.

    channel : of the six
    step : times (P,) in steps; empty where nothing is aimed at
    height : (P,) standard deviations: above the slow course, or of the pose itself where `is_pose`
    softness : standard deviations by which each may be missed
    held : the first step at which the angles are to stay, and the one after the last
    """

    gesture: Gesture
    channel: int
    step: Array
    height: Array
    softness: float
    is_pose: bool
    held: tuple[int, int]

    def aims(self, course: Array, first: int) -> list[Aim]:
        """Aims on top of the slow course (N, 6), which begins at step `first`."""
        place = np.clip(np.rint(self.step - first), 0, len(course) - 1).astype(np.intp)
        under = np.zeros(len(place)) if self.is_pose else course[place, self.channel]
        channels = np.arange(DIMENSIONS) == self.channel
        last = len(place) - 1
        return [
            Aim(float(step), np.full(DIMENSIONS, value), channels, self.softness, settles=i == last)
            for i, (step, value) in enumerate(zip(self.step, under + self.height, strict=True))
        ]

    def still(self) -> dict[int, float]:
        """Of each step at which the angles are to stay, how much they may move."""
        return dict.fromkeys(range(*self.held), STILL)

    def realised(self, poses: Array, first: int) -> float:
        """Which share of its height poses (N, 6) from step `first` on have; 1 where there is no height.

        Of a swing that is how far it stands out on both sides, as one sees it; of a pose where it is held.
        """
        if not self.height.any():
            return 1.0
        if self.is_pose:
            return float(self._read(poses, first, self.step).mean() / self.height[0])
        tops = np.flatnonzero(np.abs(self.height) == np.abs(self.height).max())
        found = []
        for i, top in enumerate(tops.tolist()):
            # To where the next swing is furthest the other way, or as long as a swing lasts.
            quarter = float(self.step[1] - self.step[0])
            alone = len(tops) == 1
            reach = _SWING_S / STEP_S if alone else 2.0 * quarter
            at = float(self.step[top])
            before, near, after = (
                np.sign(self.height[top]) * self._read(poses, first, at + np.linspace(begin, end, 17))
                for begin, end in ((-reach, 0.0), (-quarter, quarter), (0.0, reach))
            )
            if near.argmax() in {0, len(near) - 1}:  # it goes on beyond, and is furthest at another time
                found.append(0.0)
                continue
            sides = [near.max() - before.min(), near.max() - after.min()]
            # A shake swings from one side to the other, and only its ends come from the middle.
            through = 2.0 if self.height.min() < 0.0 else 1.0
            sides = [
                side / (through if 0 <= i + step < len(tops) else 1.0)
                for side, step in zip(sides, (-1, 1), strict=True)
            ]
            found.append(min(sides) / abs(self.height[top]))
        return float(np.mean(found))

    def _read(self, poses: Array, first: int, step: Array) -> Array:
        time = np.arange(first, first + len(poses), dtype=np.float64)
        return np.asarray(cubic(time, poses[:, self.channel : self.channel + 1], step)[:, 0])


def planned(gesture: Gesture, time_s: float, statistics: Mapping[str, float], units: Array) -> Planned:
    """A gesture of the person, furthest at a time in seconds.

    statistics : of the style
    units : (6,) degrees and millimetres of a standard deviation
    """
    at = time_s / STEP_S
    if gesture.kind in _SHAPES:
        channel, shape = _SHAPES[gesture.kind]
        size = _NODS * np.exp(statistics["log_nod_size"]) * gesture.strength
        size *= np.exp(statistics[f"log_speed_{ANGLES[channel]}"] - statistics["log_speed_pitch"])
        depth = float(size / units[channel])
        swing_s = _FULL_S * _USUAL_HZ / max(statistics[f"centroid_{ANGLES[channel]}"], 0.3)
        quarter_s = 0.25 * float(np.clip(swing_s, 0.3, 1.5))
        if gesture.length_s is not None:
            quarter_s = gesture.length_s / (len(shape) - 1)
        step = at + (np.arange(len(shape), dtype=np.float64) - 0.5 * (len(shape) - 1)) * quarter_s / STEP_S
        return Planned(
            gesture, channel, step, depth * np.array(shape), _SOFT * max(depth, 1e-3), False, (0, 0)
        )
    half = 0.5 * (gesture.length_s or _HOLD_S) / STEP_S
    held = int(np.ceil(at - half)), int(np.floor(at + half)) + 1
    if gesture.kind == "still":
        nothing = np.zeros(0)
        return Planned(gesture, 0, nothing, nothing, 1.0, True, held)
    channel, sign = _SIDES[gesture.kind, gesture.towards or ""]
    height = np.full(2, sign * _SIDE_SD * gesture.strength, np.float64)
    step = np.array([at - half, at + half])
    return Planned(gesture, channel, step, height, _SOFT_SIDE_SD, True, (held[0] + 1, held[1]))


def extent(plan: Planned) -> tuple[float, float]:
    """From which step to which it goes."""
    ends = [*plan.step.tolist(), *([plan.held[0], plan.held[1] - 1] if plan.held[1] > plan.held[0] else [])]
    return min(ends), max(ends)


def pins_of_gestures(
    gestures: Sequence[Gesture],
    statistics: Mapping[str, float],
    sd_deg: Array,
    *,
    time_s: Array,
    vectors: Array,
    pins: Sequence[Pin],
) -> list[Pin]:
    """Gestures as pins, for a take that is only bent: on its own slow course, where no other pin is near.

    sd_deg : (3,) standard deviations of the angles; nothing is asked of an angle that does not move
    vectors : (T, 6) of the take at times (T,)
    """
    slow = np.degrees(smooth(vectors[:, :3], 0.5))
    units = np.concatenate([np.maximum(sd_deg, 1e-6), np.ones(3)])
    found: dict[float, Pin] = {}
    taken = [pin.time_s for pin in pins]
    for gesture in gestures:
        plan = planned(gesture, gesture.time_s, statistics, units)
        sd = sd_deg[plan.channel]
        name = f"{ANGLES[plan.channel]}_deg"
        wanted: list[tuple[float, dict[str, float]]] = []
        if plan.is_pose:
            held = np.arange(*plan.held, 2) * STEP_S
            at = slow[np.clip(np.searchsorted(time_s, gesture.time_s), 0, len(time_s) - 1)]
            angles = {f"{axis}_deg": float(value) for axis, value in zip(ANGLES, at, strict=True)}
            if len(plan.height):
                angles = {name: float(plan.height[0] * sd)}
            wanted += [(float(moment), angles) for moment in held]
        else:
            heights = np.interp(plan.step * STEP_S, time_s, slow[:, plan.channel]) + plan.height * sd
            wanted += [
                (float(step) * STEP_S, {name: float(value)})
                for step, value in zip(plan.step, heights, strict=True)
            ]
        for moment, angles in wanted:
            near = any(abs(moment - other) < _APART_S for other in (*taken, *found))
            if 0.0 <= moment <= time_s[-1] and not near and sd > 0.0:
                pitch, yaw, roll = (
                    None if axis not in angles else float(np.clip(angles[axis], -LARGEST_DEG, LARGEST_DEG))
                    for axis in ("pitch_deg", "yaw_deg", "roll_deg")
                )
                found[moment] = Pin(moment, pitch, yaw, roll)
    return [found[moment] for moment in sorted(found)]
