"""Data classes of head motion: a track of a real head, and a motion for a rig."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import rotation as rot
from .types import Array, BoolArray

Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and what is being done; may raise CancelledError."""

GRID_HZ = 25
"""The one grid of speech features, styles and generated motion; `--fps` never changes it."""

NECK_PIVOT_M = (0.0, -0.04, -0.05)
"""The point that moves least when a head turns, about where the skull sits on the neck: head frame,
metres from the origin of the canonical face model. Least residual movement within 1 s, median over
clips of 52 talking persons (quartiles of y −0.07 and −0.01, of z −0.06 and −0.04), to the centimetre."""

HEAD_HEIGHT_M = 0.24
"""Chin to crown of the head that translation is given for; a rig's own is divided by it."""


def no_progress(_share: float, _what: str) -> None:
    """Progress callback that does nothing."""


@dataclass(frozen=True)
class HeadPoseTrack:
    """Head pose of one person in a video, relative to the clip's neutral pose.

    time_s : (N,) seconds from the first audio sample, strictly increasing, not always uniform
    rotation : (N, 4) unit quaternions wxyz in the head frame of `rotation.py`
    translation_m : (N, 3) displacement of the neck pivot along the neutral head's axes
    valid : (N,) bool, False where no face was found and the pose is bridged
    meta : what `TRACK.meta.json` holds: neutral pose, focal length, frame rate, source hash
    """

    time_s: Array
    rotation: Array
    translation_m: Array
    valid: BoolArray
    meta: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self.time_s, self.rotation, self.translation_m)
        if self.valid.shape != self.time_s.shape:
            raise ValueError(f"valid has shape {self.valid.shape}, not {self.time_s.shape}")


@dataclass(frozen=True)
class HeadMotion:
    """Head motion for a rig, relative to its rest.

    time_s : (T,) seconds, t = 0 the first audio sample
    rotation : (T, 4) unit quaternions wxyz, neighbours in one hemisphere
    translation_m : (T, 3) displacement of the neck pivot along the rest head's axes
    notes : sentences to the user on the sound that it was generated for
    """

    time_s: Array
    rotation: Array
    translation_m: Array
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self.time_s, self.rotation, self.translation_m)

    @property
    def duration_s(self) -> float:
        """Time of the last sample, seconds."""
        return float(self.time_s[-1])

    def at(self, time_s: ArrayLike) -> "HeadMotion":
        """The motion at other times, shape (M,), by cubic interpolation; held beyond its ends.

        Catmull-Rom on rotation vectors: exact at the samples, local, and at 25 Hz within
        0.01° of the band-limited motion that the engines make.
        """
        time_s = np.asarray(time_s, np.float64)
        return motion_of(time_s, cubic(self.time_s, vectors_of(self), time_s), self.notes)


def vectors_of(motion: HeadMotion) -> Array:
    """Rotation vectors in radians and translation in metres of a motion, (T, 6)."""
    return np.column_stack([rot.to_rotvec(motion.rotation), motion.translation_m])


def motion_of(time_s: Array, vectors: Array, notes: tuple[str, ...] = ()) -> HeadMotion:
    """The motion of rotation vectors and translation (T, 6), see `vectors_of`."""
    return HeadMotion(time_s, rot.continuous(rot.from_rotvec(vectors[:, :3])), vectors[:, 3:], notes)


def cubic(time_s: Array, values: Array, at_s: Array) -> Array:
    """Catmull-Rom interpolation on a not always uniform grid, held beyond its ends.

    time_s : (N,) increasing; values : (N, C); at_s : (M,); returns (M, C)
    """
    if len(time_s) < 2:
        return np.repeat(values, len(at_s), axis=0)
    slope = np.gradient(values, time_s, axis=0)
    right = np.clip(np.searchsorted(time_s, at_s, side="right"), 1, len(time_s) - 1)
    left = right - 1
    step = time_s[right] - time_s[left]
    u = np.clip((at_s - time_s[left]) / step, 0.0, 1.0)[:, None]
    h = step[:, None]
    return np.asarray(
        (1 + 2 * u) * (1 - u) ** 2 * values[left]
        + u**2 * (3 - 2 * u) * values[right]
        + h * u * (1 - u) ** 2 * slope[left]
        - h * u**2 * (1 - u) * slope[right]
    )


def bridged(time_s: Array, values: Array, known: BoolArray) -> Array:
    """Values (N, C) at all times, from the (M, C) at those that are known, by straight lines; held at the ends.

    time_s : (N,) increasing; known : (N,) with M, at least one, True
    """
    return np.stack([np.interp(time_s, time_s[known], channel) for channel in values.T], axis=1)


def _check(time_s: Array, rotation: Array, translation_m: Array) -> None:
    count = len(time_s)
    if time_s.ndim != 1 or count == 0 or rotation.shape != (count, 4) or translation_m.shape != (count, 3):
        raise ValueError(
            f"want (N,), (N, 4) and (N, 3), N > 0; got {time_s.shape}, {rotation.shape}, {translation_m.shape}"
        )
    if not np.all(np.diff(time_s) > 0):
        raise ValueError("times must increase")
    if not all(np.isfinite(a).all() for a in (time_s, rotation, translation_m)):
        raise ValueError("a motion holds only finite numbers")
