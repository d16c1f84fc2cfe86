"""What a take must do: pins, gestures, parts, kept stretches and strengths, as one frozen list.

Times are seconds on the clock of the speech. Angles are degrees, as files and people write them: pitch, yaw and
roll of `rotation.py`, as the finished take shows them, whatever its intensity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np

from .. import rotation as rot
from ..errors import DirectionError
from .kept import Kept
from .ranges import check, check_time
from .strengths import Strengths

ANGLES = ("pitch", "yaw", "roll")
LARGEST_DEG = 90.0
LARGEST_M = 0.5
MOST = 2000
"""Of each kind in one direction."""

NEAREST_PINS_S = 1.0 / 60.0 - 1e-6

GESTURES: dict[str, tuple[str, ...]] = {
    "nod": (),
    "double nod": (),
    "shake": (),
    "tilt": ("left", "right"),
    "look": ("left", "right", "up", "down"),
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
        check_time(self.time_s, "A pin")
        at = f"The pin at {self.time_s:g} s"
        for name, angle in zip(ANGLES, self.angles_deg, strict=True):
            if angle is not None:
                check(angle, -LARGEST_DEG, LARGEST_DEG, f"{at} has a {name} of", "°")
        for value in self.translation_m or ():
            check(value, -LARGEST_M, LARGEST_M, f"{at} has a translation of", " m")
        check(self.tolerance_deg, 0.0, 45.0, f"{at} has a tolerance of", "°")
        if not self.axes:
            raise DirectionError(
                f"{at} pins nothing", "Give it pitch_deg, yaw_deg, roll_deg or translation_m"
            )

    @classmethod
    def of(
        cls,
        time_s: float,
        rotation: Sequence[float],
        translation_m: Sequence[float] | None = None,
        *,
        axes: frozenset[str] = frozenset(ANGLES),
        tolerance_deg: float = 0.0,
    ) -> "Pin":
        """A pin at a pose, as a unit quaternion wxyz; of angles that make full turns, the one within half a turn.

        axes : which angles it fixes
        """
        angles = np.degrees(rot.to_euler(np.asarray(rotation, np.float64))).tolist()
        pitch, yaw, roll = (
            angle if name in axes else None for name, angle in zip(ANGLES, angles, strict=True)
        )
        shift = None if translation_m is None else (translation_m[0], translation_m[1], translation_m[2])
        return cls(time_s, pitch, yaw, roll, shift, tolerance_deg)

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
        check_time(self.time_s, f"A {self.kind}")
        at, sides = f"The {self.kind} at {self.time_s:g} s", GESTURES[self.kind]
        check(self.strength, 0.0, 4.0, f"{at} has a strength of", "")
        if self.length_s is not None:
            check(self.length_s, 0.2, 30.0, f"{at} has a length of", " s")
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
        check_time(self.start_s, "A part")
        check_time(self.stop_s, "A part")
        at = f"The part from {self.start_s:g} to {self.stop_s:g} s"
        if self.stop_s - self.start_s < 0.4 - 1e-9:
            raise DirectionError(f"{at} is shorter than 0.4 s", "Make it longer")
        if type(self.seed) is not int or not 0 <= self.seed < 2**63:
            raise DirectionError(f"{at} has the seed {self.seed}", f"Give one from 0 to {2**63 - 1}")


@dataclass(frozen=True)
class Direction:
    """All that a take must do: the same whatever the order in which it was given. An empty one leaves it as it is.

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
    if isinstance(entry, Part | Kept):  # two that begin at once overlap, and are refused
        return entry.start_s, ""
    return entry.time_s, repr(astuple(entry))


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
