"""Tracking metrics of two sequences of the same moments, by the project's own tracker."""

from dataclasses import dataclass

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.portrait.analysis.clip_reader import pixels
from mannerism.core.portrait.analysis.face_fit import follow
from mannerism.core.portrait.model.person import Person
from mannerism.core.portrait.model.topology import IRISES
from mannerism.core.track.landmarks import POINTS, FaceFinder, find_model
from mannerism.core.types import Array, BoolArray, ByteArray

_INNER_LIPS = (13, 14)


@dataclass(frozen=True)
class Tracked:
    """Landmarks tracked in T frames.

    landmarks : (T, 478, 3) pixels, as in a portrait's Clip; NaN where no face was found
    found : (T,) bool
    """

    landmarks: Array
    found: BoolArray


def track(pictures: ByteArray) -> Tracked:
    """Track the largest face of each frame, independently."""
    landmarks = np.full((len(pictures), POINTS, 3), np.nan)
    with FaceFinder(find_model()) as finder:
        for frame, picture in enumerate(pictures):
            faces = finder.find(np.ascontiguousarray(picture))
            if len(faces):
                height, width = picture.shape[:2]
                largest = max(faces, key=lambda face: float(np.ptp(face[:, 0]) * np.ptp(face[:, 1])))
                landmarks[frame] = pixels(largest, width, height)
    return Tracked(landmarks, np.isfinite(landmarks[:, 0, 0]))


def landmark_distance(made: Array, true: Array) -> Array:
    """Mean landmark distance over the true eye distance, shape (T,), of landmarks (T, 478, 3) pixels each."""
    away = np.linalg.norm(made[:, :468, :2] - true[:, :468, :2], axis=2).mean(axis=1)
    return np.asarray(away / _eye_distance(true))


def pose_error_deg(person: Person, made: Array, true: Array) -> Array:
    """Angle between the head rotations of two sets of landmarks (T, 478, 3), degrees, shape (T,)."""
    (a, _), (b, _) = follow(person, made), follow(person, true)
    return turned_deg(a.rotation, b.rotation)


def turned_deg(a: Array, b: Array) -> Array:
    """Angle between rotations (T, 3, 3), degrees, shape (T,)."""
    return np.asarray(np.degrees(rot.angle_between(rot.from_matrix(a), rot.from_matrix(b))))


def opening(landmarks: Array) -> Array:
    """Inner lip distance over eye distance, shape (T,)."""
    upper, lower = (landmarks[:, point, :2] for point in _INNER_LIPS)
    return np.asarray(np.linalg.norm(upper - lower, axis=1) / _eye_distance(landmarks))


def correlation(a: Array, b: Array) -> float:
    """Pearson correlation, 0 where either is constant."""
    if min(len(a), len(b)) < 2 or min(a.std(), b.std()) < 1e-12:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _eye_distance(landmarks: Array) -> Array:
    one, other = (landmarks[:, point, :2] for point in IRISES)
    return np.asarray(np.linalg.norm(one - other, axis=1))
