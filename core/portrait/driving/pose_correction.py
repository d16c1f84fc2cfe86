"""Closed-loop pose correction: render, re-track and add the error for poses beyond the reference."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ... import rotation as rot
from ...motion import HeadMotion, Progress, no_progress
from ...track.landmarks import FaceFinder, find_model
from ...types import Array, BoolArray, ByteArray, IntArray
from ..analysis.face_fit import follow
from ..model.person import Drive, Person
from ..parallel import in_parallel
from .pose_limits import distance_rad

Render = Callable[[Drive], Callable[[int], ByteArray]]
"""Function from a drive to a renderer of its frames, (S, S, 3) uint8 RGB, by index, which several threads may call."""

ROUNDS = 2
_FROM_RAD, _FULL_RAD = np.radians(3.0), np.radians(6.0)
"""Distances from the reference at which correction sets in, and is whole."""
_EVERY_S = 0.12  # the error changes as slowly as the pose does
_LARGEST_RAD = np.radians(10.0)  # a larger error is the tracker's, or hopeless


def correct(
    person: Person, drive: Drive, render: Render, progress: Progress = no_progress
) -> tuple[Drive, Array]:
    """Correct a drive so that the re-tracked poses of its rendered frames match the poses asked for.

    Frames of poses that the reference lacks are rendered at intervals, tracked, and the error is added to
    what is driven; between them it is interpolated, so that the correction is as smooth as the motion.
    The neck pivot stays where it is. Near the reference nothing changes.

    Returns the drive, and the last measured error, (T,) degrees, 0 in frames without a measurement.
    """
    wanted = person.stage.motion(drive.poses, drive.time_s)
    share = _smoothstep((distance_rad(person, drive) - _FROM_RAD) / (_FULL_RAD - _FROM_RAD))
    sampled = _now_and_then(drive.time_s, share > 0)
    left_deg = np.zeros(len(drive))
    correction = np.zeros((len(drive), 3))
    corrected = drive
    if len(sampled) == 0:
        return drive, left_deg
    with FaceFinder(find_model()) as finder:
        for count in range(ROUNDS):
            error = np.zeros((len(sampled), 3))
            with in_parallel(render(corrected), sampled.tolist()) as pictures:
                for order, (frame, picture) in enumerate(zip(sampled, pictures, strict=True)):
                    progress((count + order / len(sampled)) / ROUNDS, "Correcting poses beyond the reference")
                    seen = tracked_rotation(person, finder, picture)
                    if seen is not None:
                        away = person.stage.rotation @ rot.to_matrix(wanted.rotation[frame]) @ seen.T
                        error[order] = rot.to_rotvec(rot.from_matrix(away))
            size = np.linalg.norm(error, axis=1, keepdims=True)
            left_deg[sampled] = np.degrees(size[:, 0])
            error *= np.minimum(1.0, _LARGEST_RAD / np.maximum(size, 1e-9))
            correction += np.stack([np.interp(drive.time_s, drive.time_s[sampled], e) for e in error.T], 1)
            corrected = _turned(person, drive, wanted, correction * share[:, None])
    return corrected, left_deg


def tracked_rotation(person: Person, finder: FaceFinder, picture: ByteArray) -> Array | None:
    """Head-to-camera rotation, (3, 3), tracked in a rendered frame; None where no face is found."""
    faces = finder.find(np.ascontiguousarray(picture))
    if len(faces) == 0:
        return None
    height, width = picture.shape[:2]
    poses, _ = follow(person, faces[:1] * [width, height, -width])
    return poses.rotation[0]


def _turned(person: Person, drive: Drive, wanted: HeadMotion, camera_turn: Array) -> Drive:
    """Drive with each head rotated about its pivot by rotation vectors in the camera frame, radians."""
    stage = rot.from_matrix(person.stage.rotation)
    further = rot.multiply(rot.from_rotvec(camera_turn), rot.multiply(stage, wanted.rotation))
    rotation = rot.continuous(rot.multiply(rot.inverse(stage), further))
    return replace(drive, poses=person.stage.poses(HeadMotion(drive.time_s, rotation, wanted.translation_m)))


def _now_and_then(time_s: Array, wanted: BoolArray) -> IntArray:
    """Indices of wanted frames at least `_EVERY_S` apart."""
    sampled: list[int] = []
    for frame in np.flatnonzero(wanted):
        if not sampled or time_s[frame] - time_s[sampled[-1]] >= _EVERY_S - 1e-6:
            sampled.append(int(frame))
    return np.array(sampled, np.intp)


def _smoothstep(x: Array) -> Array:
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))
