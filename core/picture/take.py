"""A take as a chart: pitch, yaw and roll over the sound, between the style's ranges, with the pins it must meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import rotation as rot
from ..direct.direction import ANGLES, Pin
from ..drawing import blank, stroke, tint
from ..motion import HeadMotion
from ..types import Array, ByteArray
from .lettering import write

WIDTH, HEIGHT = 1600, 900
"""Pixels of the picture."""
COLOURS = {
    "background": (38, 38, 42),
    "wave": (66, 70, 82),
    "range": (128, 118, 62),
    "grid": (84, 84, 92),
    "numbers": (190, 190, 198),
    "pitch": (235, 87, 87),
    "yaw": (112, 190, 90),
    "roll": (86, 156, 242),
    "pins": (245, 245, 245),
}
"""RGB; the three axes as Blender colours the axes that they turn about."""

_LEFT, _RIGHT, _TOP, _BOTTOM, _GAP = 110, 24, 24, 44, 18
_LEAST_DEG = 2.0  # half of the least height of an axis: less would make stillness look like motion
_RANGE_SHARE = 0.35
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)


@dataclass(frozen=True)
class Wave:
    """The loudest moments of a sound, from its first sample on.

    peaks : (n,) largest absolute sample of each slice, 0 to 1
    slice_s : length of a slice, seconds
    """

    peaks: Array
    slice_s: float


@dataclass(frozen=True)
class Chart:
    """What a picture shows.

    motion : the take; what lies before 0 s, the first sample of the sound, is left out
    wave : None draws no sound
    range_deg : (3,) how far pitch, yaw and roll go either way in the style; None draws no range
    pins : poses that the take must meet
    """

    motion: HeadMotion
    wave: Wave | None = None
    range_deg: Sequence[float] | None = None
    pins: Iterable[Pin] = field(default=())


def draw(chart: Chart, width: int = WIDTH, height: int = HEIGHT) -> ByteArray:
    """Draw a chart as RGBA (height, width, 4), top row first.

    Three rows, pitch, yaw and roll, over one axis of seconds and with one scale of degrees; signs as in
    `rotation.py`: pitch above zero looks down, yaw to the person's left, roll to the person's right shoulder.
    Where several samples share a column of pixels, the line spans them all.
    """
    time_s, angles = _angles(chart.motion)
    pins = list(chart.pins)
    most = _most(angles, chart.range_deg, pins)
    step_deg, length_s = step(2 * most, 5), float(time_s[-1])
    canvas = blank(height, width, COLOURS["background"])
    rows = (height - _TOP - _BOTTOM - 2 * _GAP) / 3
    panels = [
        _Panel(canvas, _TOP + index * (rows + _GAP), rows, length_s, most) for index in range(len(ANGLES))
    ]
    for index, (name, panel) in enumerate(zip(ANGLES, panels, strict=True)):
        if chart.wave is not None:
            panel.wave(chart.wave)
        if chart.range_deg is not None:
            panel.band(chart.range_deg[index])
        panel.grid(step_deg, step(length_s, 10))
        panel.curve(time_s, angles[index], COLOURS[name])
        panel.pins([(pin.time_s, pin.angles_deg[index]) for pin in pins])
        write(canvas, name, COLOURS[name], x=8, y=panel.top + rows / 2)
    panels[-1].seconds(step(length_s, 10))
    return canvas


def step(span: float, most: int) -> float:
    """The least distance of _STEPS at which at most `most` marks fit into a span; beyond them whole hours."""
    fitting = [each for each in _STEPS if span / each <= most]
    return fitting[0] if fitting else 3600.0 * float(np.ceil(span / most / 3600.0))


def _angles(motion: HeadMotion) -> tuple[Array, Array]:
    """Times (n,) from 0 on, and pitch, yaw and roll (3, n) in degrees."""
    shown = motion.time_s >= -1e-9
    if not shown.any():
        return np.zeros(1), np.zeros((3, 1))
    return motion.time_s[shown], np.degrees(rot.to_euler(motion.rotation[shown])).T


def _most(angles: Array, range_deg: Sequence[float] | None, pins: Iterable[Pin]) -> float:
    """Half of the height of an axis, degrees, that shows everything."""
    pinned = [abs(angle) for pin in pins for angle in pin.angles_deg if angle is not None]
    return 1.08 * max(float(np.abs(angles).max()), *(range_deg or (0.0,)), *pinned, _LEAST_DEG)


class _Panel:
    """One row of the chart: the picture's pixels for seconds and degrees."""

    def __init__(
        self, canvas: ByteArray, top: float, height: float, length_s: float, most_deg: float
    ) -> None:
        self.canvas, self.top, self.height = canvas, top, height
        self.left, self.right = _LEFT, canvas.shape[1] - _RIGHT
        self.length_s, self.most_deg = max(length_s, 1e-3), most_deg

    def x(self, time_s: Array) -> Array:
        return np.asarray(self.left + (self.right - self.left) * time_s / self.length_s)

    def y(self, angle_deg: Array) -> Array:
        return np.asarray(self.top + self.height / 2 * (1 - angle_deg / self.most_deg))

    def wave(self, wave: Wave) -> None:
        """A bar a column, as high as the loudest moment in it; the loudest of all has nearly the row's height."""
        columns = np.arange(self.left, self.right)
        edges = (np.append(columns, self.right) - self.left) / (self.right - self.left) * self.length_s
        first = np.floor(edges[:-1] / wave.slice_s + 1e-9).astype(int)
        stop = np.maximum(np.ceil(edges[1:] / wave.slice_s - 1e-9).astype(int), first + 1)
        loud = np.array([wave.peaks[a:b].max(initial=0.0) for a, b in zip(first, stop, strict=True)])
        half = 0.46 * self.height * loud / max(float(wave.peaks.max(initial=0.0)), 1e-6)
        part = self._part()
        rows = np.arange(part.shape[0])[:, None] + 0.5
        tint(part, np.abs(rows - self.height / 2) <= half, COLOURS["wave"])

    def band(self, range_deg: float) -> None:
        part = self._part()
        rows = np.abs(np.arange(part.shape[0]) + 0.5 - self.height / 2) / (self.height / 2) * self.most_deg
        within = np.broadcast_to((rows <= range_deg)[:, None], part.shape[:2])
        tint(part, within, COLOURS["range"], _RANGE_SHARE)

    def _part(self) -> ByteArray:
        """The pixels of this row, to be drawn into."""
        return self.canvas[round(self.top) : round(self.top + self.height), self.left : self.right]

    def grid(self, step_deg: float, step_s: float) -> None:
        marks = np.arange(-int(self.most_deg / step_deg), int(self.most_deg / step_deg) + 1)
        for mark in marks:
            y = float(self.y(np.array(mark * step_deg)))
            self._line([[self.left, y], [self.right, y]], 0.5 if mark else 1.0)
            number = f"{mark * step_deg:.6g}°"
            write(self.canvas, number, COLOURS["numbers"], x=self.left - 8, y=y, anchor=1.0)
        for time_s in self._times(step_s):
            x = float(self.x(time_s))
            self._line([[x, self.top], [x, self.top + self.height]], 0.25)

    def seconds(self, step_s: float) -> None:
        """The numbers below the last row."""
        for time_s in self._times(step_s):
            y = self.top + self.height + 22
            write(
                self.canvas, f"{time_s:.6g} s", COLOURS["numbers"], x=float(self.x(time_s)), y=y, anchor=0.5
            )

    def curve(self, time_s: Array, angle_deg: Array, colour: Sequence[int]) -> None:
        x, y = self.x(time_s), self.y(angle_deg)
        if len(x) == 1:
            x, y = np.array([self.left, self.right]), np.repeat(y, 2)
        if len(x) > 2 * (self.right - self.left):
            x, y = _spanned(x, y)
        stroke(self.canvas, np.column_stack([x, y]), 1.2, colour)

    def pins(self, pinned: Iterable[tuple[float, float | None]]) -> None:
        """A rhombus where an angle is pinned, and only a line where the pin leaves this one free."""
        for time_s, angle in pinned:
            if time_s > self.length_s:
                continue
            x = float(self.x(np.array(time_s)))
            self._line([[x, self.top], [x, self.top + self.height]], 0.5, "pins")
            if angle is not None:
                place = np.array([x, float(self.y(np.array(angle)))])
                corners = place + np.array([[0, -7], [7, 0], [0, 7], [-7, 0], [0, -7]])
                stroke(self.canvas, corners, 1.5, COLOURS["pins"])

    def _times(self, step_s: float) -> Array:
        return np.arange(int(self.length_s / step_s + 1e-9) + 1, dtype=np.float64) * step_s

    def _line(self, ends: Sequence[Sequence[float]], radius: float, colour: str = "grid") -> None:
        stroke(self.canvas, np.array(ends, float), radius, COLOURS[colour])


def _spanned(x: Array, y: Array) -> tuple[Array, Array]:
    """The least and the largest value of each column of pixels, in the order of time."""
    starts = np.flatnonzero(np.diff(np.floor(x), prepend=-1.0))
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(np.floor(x[starts]), 2), np.column_stack([low, high]).ravel()
