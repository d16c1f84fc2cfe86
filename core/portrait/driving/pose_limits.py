"""Pose limits: how far the head may leave the reference's range, and the confidence of each pose."""

from dataclasses import dataclass, replace

import numpy as np

from ... import rotation as rot
from ...motion import HeadMotion
from ...types import Array
from ..model.person import Drive, Person

FREE_RAD = np.radians(15.0)
"""So far beyond the reference's own angles a turn is shown as it is driven."""
LIMIT_RAD = np.radians(20.0)
"""Beyond it no further turn is shown: the far cheek and the ear are smears there."""
FREE_M, LIMIT_M = 0.04, 0.06
"""The same for the neck's place, beyond where the reference had it."""
SURE_RAD, LOST_RAD = np.radians(8.0), np.radians(25.0)
"""Distance to the nearest pose of the reference at which confidence begins to fall, and is gone."""
_DOUBT_DEG, _DOUBT_M = 10.0, 0.1  # so much held back leaves 1/e of the confidence
_OUTLIERS = 1.0  # per cent of the reference's poses at each end that set no range


@dataclass(frozen=True)
class Shown:
    """Drive within the reference's range, and the confidence of each frame.

    drive : with turns and shifts held back
    confidence : (T,) 1 near to poses of the reference, 0 where it never was
    held_back_deg, held_back_m : (T,) how much of the driven turn, and of the neck's way, is not shown
    """

    drive: Drive
    confidence: Array
    held_back_deg: Array
    held_back_m: Array


def keep_in_range(person: Person, drive: Drive) -> Shown:
    """Limit poses that lie too far beyond the reference; poses within its range stay bit for bit.

    Each angle and each shift is a smooth function of the driven one alone, so that a smooth motion stays
    smooth; the animator's keys are not touched.
    """
    asked = person.stage.motion(drive.poses, drive.time_s)
    seen = person.stage.motion(person.poses[person.usable], person.clip.time_s[person.usable])
    angles = rot.to_euler(asked.rotation)
    held = _soft(angles, *_range(rot.to_euler(seen.rotation)), FREE_RAD, LIMIT_RAD)
    shift_m = _soft(asked.translation_m, *_range(seen.translation_m), FREE_M, LIMIT_M)
    if np.array_equal(held, angles) and np.array_equal(shift_m, asked.translation_m):
        shown, back, back_m = drive, np.zeros(len(drive)), np.zeros(len(drive))
    else:
        motion = HeadMotion(drive.time_s, rot.continuous(rot.from_euler(*held.T)), shift_m)
        back = np.degrees(rot.angle_between(asked.rotation, motion.rotation))
        back_m = np.linalg.norm(asked.translation_m - shift_m, axis=1)
        shown = replace(drive, poses=person.stage.poses(motion))
    far = distance_rad(person, shown)
    confidence = 1.0 - np.clip((far - SURE_RAD) / (LOST_RAD - SURE_RAD), 0.0, 1.0)
    return Shown(shown, confidence * np.exp(-back / _DOUBT_DEG - back_m / _DOUBT_M), back, back_m)


def distance_rad(person: Person, drive: Drive) -> Array:
    """Angle between each driven pose and the nearest usable one of the reference, radians, shape (T,)."""
    driven = drive.poses.rotation.reshape(len(drive), 9)
    usable = person.poses.rotation[person.usable].reshape(-1, 9)
    # |R − S|² = 6 − 2 tr(RᵀS); the angle by its half sine, which is exact where the two are near.
    furthest = np.clip((driven @ usable.T).max(axis=1), -1.0, 3.0)
    return np.asarray(2 * np.arcsin(np.sqrt((3.0 - furthest) / 4.0)))


def _range(values: Array) -> tuple[Array, Array]:
    low, high = np.percentile(values, [_OUTLIERS, 100 - _OUTLIERS], axis=0)
    return low, high


def _soft(values: Array, low: Array, high: Array, free: float, limit: float) -> Array:
    """Soft clipping: values more than `free` outside [low, high] approach `limit` beyond it, smoothly."""
    beyond = np.maximum(values - high, 0.0) - np.maximum(low - values, 0.0)
    over = np.maximum(np.abs(beyond) - free, 0.0)
    room = limit - free
    return np.asarray(values - np.sign(beyond) * (over - room * np.tanh(over / room)))
