"""What eyes are asked to look at, and when they turn to where the head points instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians

import numpy as np

from ..errors import SettingsError
from ..motion import GRID_HZ, HeadMotion
from ..types import Array, BoolArray
from .directions import EYES_M, FAR_AHEAD, in_head, pointing, towards

LOOK_AHEAD_S = 0.6
"""How far ahead eyes know what the head will do."""

_SOON, _LATE = 5, round(LOOK_AHEAD_S * GRID_HZ)
_LEFT_RAD, _BACK_RAD, _AGAIN_COS = radians(20.0), radians(15.0), cos(radians(10.0))
_FURTHEST_M, _NEAREST_M = 1e6, 0.05


@dataclass(frozen=True)
class Target:
    """What eyes look at from a time on, until the next target.

    start_s : seconds, as of the head's motion
    point_m : metres in the frame of the head at rest, see `rotation.py`; None is straight ahead and far away

    Raises
    ------
    SettingsError : no finite numbers, or a point between the eyes
    """

    start_s: float = 0.0
    point_m: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.start_s):
            raise SettingsError(f"A target starts at {self.start_s:g} s", "Give a finite time")
        if self.point_m is None:
            return
        if len(self.point_m) != 3 or not all(isfinite(x) and abs(x) < _FURTHEST_M for x in self.point_m):
            raise SettingsError(
                f"The target {self.point_m} is no point", "Give three numbers in metres: left, up, ahead"
            )
        if np.linalg.norm(np.subtract(self.point_m, EYES_M)) < _NEAREST_M:
            raise SettingsError(
                "A target lies within the face", f"Give a point at least {_NEAREST_M:g} m before the eyes"
            )

    @property
    def place(self) -> tuple[float, float, float, float]:
        """In the homogeneous coordinates of `directions.py`."""
        return FAR_AHEAD if self.point_m is None else (*self.point_m, 1.0)


def places(head: HeadMotion, targets: Sequence[Target]) -> Array:
    """The place (T, 4) that eyes rest on at each sample of a head on the grid.

    Who turns a head means it to look there: a target that is 20° and more off where the head will point, for
    0.4 s, is given up for that direction, until it is within 15° again.
    """
    found = _wanted(head.time_s, targets)
    forward = np.pad(pointing(head), ((0, _LATE), (0, 0)), mode="edge")
    off = np.linalg.norm(in_head(head, towards(head, found)), axis=1)
    left, back = _throughout(off > _LEFT_RAD), _throughout(off < _BACK_RAD)
    held: Array | None = None
    for i in range(int(left.argmax()) if left.any() else len(found), len(found)):
        if held is None and not left[i]:
            continue
        if held is not None and back[i]:
            held = None
            continue
        ahead = forward[i + _SOON : i + _LATE + 1]
        if held is None or (ahead @ held < _AGAIN_COS).all():
            held = ahead[-1]
        found[i] = [*held, 0.0]
    return found


def _wanted(time_s: Array, targets: Sequence[Target]) -> Array:
    ordered = sorted(targets, key=lambda target: target.start_s)
    rows = np.array([FAR_AHEAD, *(target.place for target in ordered)])
    starts = np.array([target.start_s for target in ordered])
    return rows[np.searchsorted(starts, time_s + 1e-9, side="right")]


def _throughout(marked: BoolArray) -> BoolArray:
    """Whether all of (T,) are marked from _SOON to _LATE samples on; what is held after the last one counts."""
    padded = np.pad(marked, (0, _LATE), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _LATE - _SOON + 1)
    return np.asarray(windows[_SOON : _SOON + len(marked)].all(axis=1))
