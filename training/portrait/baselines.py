"""Baselines of the talking-head score: a reference frame unchanged, or moved by a similarity or affine map.

Each gives frames of a drive, uint8, shape (T, S, S, 3), from the reference's alone.
"""

from collections.abc import Callable

import cv2
import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.portrait.model.person import Drive, Person
from mannerism.core.portrait.model.topology import topology
from mannerism.core.types import Array, ByteArray, IntArray

_TURN_RAD = np.radians(1.0)
_LIPS_M = 0.001  # as far off as a degree is


def nearest(person: Person, drive: Drive, *, lips_too: bool = False) -> IntArray:
    """Index of the usable reference frame with the nearest head rotation, (T,).

    lips_too : in the lips' shape as well
    """
    usable = np.flatnonzero(person.usable)
    lips = topology().lips
    known_turn = rot.from_matrix(person.poses.rotation[usable])
    known_lips = person.expression[usable][:, lips]
    found = []
    for turn, expression in zip(rot.from_matrix(drive.poses.rotation), drive.expression, strict=True):
        away = rot.angle_between(known_turn, turn) / _TURN_RAD
        if lips_too:
            away = away + np.linalg.norm(known_lips - expression[lips], axis=2).mean(axis=1) / _LIPS_M
        found.append(np.argmin(away))
    return usable[np.array(found)]


def nearest_frame(person: Person, drive: Drive) -> ByteArray:
    """Reference frame of the nearest pose, unchanged."""
    return np.asarray(person.clip.pictures[nearest(person, drive)])


def moved_by_similarity(person: Person, drive: Drive, *, lips_too: bool = False) -> ByteArray:
    """Reference frame of the nearest pose under the 2D similarity that aligns the face."""
    return _moved(person, drive, nearest(person, drive, lips_too=lips_too), similarity)


def moved_by_affine(person: Person, drive: Drive) -> ByteArray:
    """Reference frame of the nearest pose under the affine map that aligns the face."""
    return _moved(person, drive, nearest(person, drive), affine)


def similarity(source: Array, target: Array) -> Array:
    """Least-squares similarity (2, 3) from points (K, 2) to others."""
    a, b = ((points - points.mean(axis=0)) @ [1.0, 1.0j] for points in (source, target))
    turn = np.vdot(a, b) / np.vdot(a, a).real
    matrix = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([matrix, target.mean(axis=0) - matrix @ source.mean(axis=0)])


def affine(source: Array, target: Array) -> Array:
    """Least-squares affine map (2, 3) from points (K, 2) to others."""
    return np.linalg.lstsq(np.column_stack([source, np.ones(len(source))]), target, rcond=None)[0].T


def _moved(person: Person, drive: Drive, chosen: IntArray, fit: Callable[[Array, Array], Array]) -> ByteArray:
    known = person.poses[chosen].project(person.mesh + person.expression[chosen])[:, :468]
    wanted = drive.poses.project(person.mesh + drive.expression)[:, :468]
    size = (person.clip.size, person.clip.size)
    pictures = [
        cv2.warpAffine(
            person.clip.pictures[frame],
            fit(source, target),
            size,
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for frame, source, target in zip(chosen, known, wanted, strict=True)
    ]
    return np.asarray(np.stack(pictures), np.uint8)
