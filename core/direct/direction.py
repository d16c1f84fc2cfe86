"""What a take must do: pins, gestures, parts, kept stretches and strengths, as one frozen list.

Times are seconds on the clock of the speech. Angles are degrees, as files and people write them: pitch, yaw and
roll of `rotation.py`, as the finished take shows them, whatever its intensity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from math import isfinite
from typing import Any

from ..errors import DirectionError
from ..motion import GRID_HZ, HeadMotion
from .strengths import Strengths

ANGLES = ("pitch", "yaw", "roll")
LARGEST_DEG = 90.0
LARGEST_M = 0.5
LONGEST_S = 24 * 3600.0
MOST = 2000
"""Of each kind in one direction."""

NEAREST_PINS_S = 1.0 / 60.0 - 1e-6
SHORTEST_KEPT = 5
"""Samples of a kept stretch: 0.2 s."""

SIDES = ("left", "right", "up", "down")
GESTURES: dict[str, tuple[str, ...]] = {
    "nod": (),
    "double nod": (),
    "shake": (),
    "tilt": ("left", "right"),
    "look": SIDES,
    "still": (),
}
"""Kinds of gestures, each with the sides that it may go to."""


@dataclass(frozen=True)
class Pin:
    """A pose that the head has at one moment.

    pitch_deg, yaw_deg, roll_deg : None leaves that angle free
    translation_m : x, y, z of the neck pivot; None leaves it free
    tolerance_deg : by how much each angle may differ; 0 for not at all

    Raises
    ------
    DirectionError : a number is out of range, or nothing is pinned
    """

    time_s: float
    pitch_deg: float | None = None
    yaw_deg: float | None = None
    roll_deg: float | None = None
    translation_m: tuple[float, float, float] | None = None
    tolerance_deg: float = 0.0

    def __post_init__(self) -> None:
        _check_time(self.time_s, "A pin")
        at = f"The pin at {self.time_s:g} s"
        for name, angle in zip(ANGLES, self.angles_deg, strict=True):
            if angle is not None:
                _check(angle, -LARGEST_DEG, LARGEST_DEG, f"{at} has a {name} of", "°")
        for value in self.translation_m or ():
            _check(value, -LARGEST_M, LARGEST_M, f"{at} has a translation of", " m")
        _check(self.tolerance_deg, 0.0, 45.0, f"{at} has a tolerance of", "°")
        if not self.axes:
            raise DirectionError(
                f"{at} pins nothing", "Give it pitch_deg, yaw_deg, roll_deg or translation_m"
            )

    @property
    def angles_deg(self) -> tuple[float | None, float | None, float | None]:
        """Pitch, yaw and roll."""
        return self.pitch_deg, self.yaw_deg, self.roll_deg

    @property
    def axes(self) -> frozenset[str]:
        """What is pinned: of pitch, yaw, roll and translation."""
        found = {name for name, angle in zip(ANGLES, self.angles_deg, strict=True) if angle is not None}
        return frozenset(found | ({"translation"} if self.translation_m is not None else set()))


@dataclass(frozen=True)
class Gesture:
    """A gesture of the person's own size and pace.

    kind : of GESTURES
    time_s : when it is furthest; of look, tilt and still the middle of their hold
    strength : 1 is one that is seen: 1.6 of the person's mean nods, or 1.5 standard deviations to a side
    towards : the person's own left or right, up or down, for the kinds that go to a side
    length_s : how long it takes, or is held; None for as the person does, or for a second and a half

    Raises
    ------
    DirectionError : no such kind or side, or a number is out of range
    """

    kind: str
    time_s: float
    strength: float = 1.0
    towards: str | None = None
    length_s: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in GESTURES:
            raise DirectionError(f"There is no gesture “{self.kind}”", f"Give one of: {', '.join(GESTURES)}")
        _check_time(self.time_s, f"A {self.kind}")
        at, sides = f"The {self.kind} at {self.time_s:g} s", GESTURES[self.kind]
        _check(self.strength, 0.0, 4.0, f"{at} has a strength of", "")
        if self.length_s is not None:
            _check(self.length_s, 0.2, 30.0, f"{at} has a length of", " s")
        if sides and self.towards not in sides:
            given = "no side" if self.towards is None else f"the side “{self.towards}”"
            raise DirectionError(f"{at} goes to {given}", f"Give as towards one of: {', '.join(sides)}")
        if not sides and self.towards is not None:
            raise DirectionError(f"{at} goes to no side, and has “towards”", "Leave it out")


@dataclass(frozen=True)
class Part:
    """A stretch of the take that is made anew from another seed; all around it stays.

    Raises
    ------
    DirectionError : it is shorter than 0.4 s, or the seed is out of range
    """

    start_s: float
    stop_s: float
    seed: int

    def __post_init__(self) -> None:
        _check_time(self.start_s, "A part")
        _check_time(self.stop_s, "A part")
        at = f"The part from {self.start_s:g} to {self.stop_s:g} s"
        if self.stop_s - self.start_s < 0.4 - 1e-9:
            raise DirectionError(f"{at} is shorter than 0.4 s", "Make it longer")
        if type(self.seed) is not int or not 0 <= self.seed < 2**63:
            raise DirectionError(f"{at} has the seed {self.seed}", f"Give one from 0 to {2**63 - 1}")


@dataclass(frozen=True)
class Kept:
    """A stretch of motion that is in the take as it is, byte for byte, as an animator's keys.

    start_s : of the first sample; a whole multiple of 1/25 s
    samples : at 25 Hz: unit quaternions wxyz, then the displacement of the neck pivot in metres, seven numbers each

    Raises
    ------
    DirectionError : it lies off the grid, holds fewer than SHORTEST_KEPT samples, or what is no pose
    """

    start_s: float
    samples: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        _check_time(self.start_s, "A kept stretch")
        at = f"The kept stretch at {self.start_s:g} s"
        if abs(self.start_s * GRID_HZ - self.first) > 1e-6:
            raise DirectionError(f"{at} lies between samples", f"Start it at a multiple of {1 / GRID_HZ} s")
        if len(self.samples) < SHORTEST_KEPT:
            raise DirectionError(
                f"{at} has {len(self.samples)} samples, and {SHORTEST_KEPT} are the least",
                "Give pins instead",
            )
        for row in self.samples:
            if len(row) != 7 or not all(isfinite(value) and abs(value) < 10.0 for value in row):
                raise DirectionError(f"{at} has a row that is no pose", "Give w, x, y, z and metres x, y, z")
            if abs(sum(value * value for value in row[:4]) - 1.0) > 1e-6:
                raise DirectionError(f"{at} has a quaternion that is not of unit length", "Normalise it")
        if any(
            row[0] < 0.0 for row in self.samples
        ):  # of the two that mean one rotation, the one that motions hold
            rows = tuple((*(-v for v in row[:4]), *row[4:]) if row[0] < 0.0 else row for row in self.samples)
            object.__setattr__(self, "samples", rows)

    @classmethod
    def of(cls, motion: HeadMotion, start_s: float, stop_s: float) -> "Kept":
        """What a motion holds from `start_s` up to, and not with, `stop_s`; of a motion on the grid the same bytes."""
        import numpy as np

        first, stop = -(-round(start_s * GRID_HZ, 6) // 1), -(-round(stop_s * GRID_HZ, 6) // 1)
        time_s = np.arange(int(first), int(stop)) / GRID_HZ
        place = np.rint(motion.time_s * GRID_HZ).astype(int)
        if (
            np.abs(place / GRID_HZ - motion.time_s).max() < 1e-9
            and np.isin(np.arange(first, stop), place).all()
        ):
            at = np.searchsorted(place, np.arange(int(first), int(stop)))
            rotation, translation = motion.rotation[at], motion.translation_m[at]
        else:
            part = motion.at(time_s)
            rotation, translation = part.rotation, part.translation_m
        rows = np.column_stack([rotation, translation])
        return cls(float(first) / GRID_HZ, tuple(map(tuple, rows.tolist())))

    @property
    def first(self) -> int:
        """Index of the first sample on the grid."""
        return round(self.start_s * GRID_HZ)

    @property
    def stop(self) -> int:
        """Index after the last sample."""
        return self.first + len(self.samples)

    @property
    def stop_s(self) -> float:
        """Time after the last sample."""
        return self.stop / GRID_HZ


@dataclass(frozen=True)
class Direction:
    """All that a take must do: the same whatever the order in which it was given. An empty one asks for nothing.

    Raises
    ------
    DirectionError : two pins ask for different things at once, stretches overlap, or there are more than MOST
    """

    pins: tuple[Pin, ...] = ()
    gestures: tuple[Gesture, ...] = ()
    parts: tuple[Part, ...] = ()
    kept: tuple[Kept, ...] = ()
    strengths: Strengths = field(default_factory=Strengths)

    def __post_init__(self) -> None:
        for name in ("pins", "gestures", "parts", "kept"):
            given: Sequence[Any] = tuple(dict.fromkeys(getattr(self, name)))
            if len(given) > MOST:
                raise DirectionError(f"There are {len(given)} {name}", f"Give at most {MOST}")
            object.__setattr__(self, name, tuple(sorted(given, key=_place)))
        _check_pins(self.pins)
        _check_apart([(part.start_s, part.stop_s) for part in self.parts], "parts")
        _check_apart([(kept.start_s, kept.stop_s) for kept in self.kept], "kept stretches")

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != Direction()


def _place(entry: Pin | Gesture | Part | Kept) -> tuple[float, str]:
    """Sorts by time, and what is of one time in one order too."""
    return entry.start_s if isinstance(entry, Part | Kept) else entry.time_s, repr(astuple(entry))


def _check(value: float, low: float, high: float, what: str, unit: str) -> None:
    if not low <= value <= high:  # nor is NaN
        raise DirectionError(f"{what} {value:g}{unit}", f"Give one from {low:g} to {high:g}")


def _check_time(value: float, what: str) -> None:
    if not 0.0 <= value <= LONGEST_S:
        raise DirectionError(f"{what} lies at {value:g} s", "Give seconds from the start of the sound")


def _check_pins(pins: Sequence[Pin]) -> None:
    by_axis: dict[str, float] = {}
    for pin in pins:
        for axis in sorted(pin.axes):
            if pin.time_s - by_axis.get(axis, -1.0) < NEAREST_PINS_S:
                raise DirectionError(
                    f"Two pins of {axis} lie at {by_axis[axis]:g} and {pin.time_s:g} s",
                    "Leave one of them out, or keep a whole stretch of motion instead",
                )
            by_axis[axis] = pin.time_s


def _check_apart(stretches: Iterable[tuple[float, float]], what: str) -> None:
    end = -1.0
    for start, stop in stretches:
        if start < end - 1e-9:
            raise DirectionError(f"Two {what} overlap at {start:g} s", "Make them one, or move one of them")
        end = stop
