"""Weak-perspective camera: conversion between head poses in the image and head motion.

Head points are metres in the head frame of `rotation.py` with the origin of the canonical face. The camera
is a distant one (weak perspective), with the axes of `track/head_pose.py`: +X right, +Y up, +Z towards it.
Pixels count from the middle of the top left one, +x right, +y down.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ... import rotation as rot
from ...motion import NECK_PIVOT_M, HeadMotion
from ...types import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DOWN = np.array([1.0, -1.0])  # frames count downwards


@dataclass(frozen=True)
class FacePoses:
    """Weak-perspective poses of a head in N frames: a head point X projects to scale · (rotation X) + shift.

    scale : (N,) pixels a metre
    rotation : (N, 3, 3) head to camera
    shift : (N, 2) pixels, projection of the head's origin
    """

    scale: Array
    rotation: Array
    shift: Array

    def __len__(self) -> int:
        return len(self.scale)

    def __getitem__(self, frames: "slice | NDArray[np.intp] | NDArray[np.bool_]") -> "FacePoses":
        return FacePoses(self.scale[frames], self.rotation[frames], self.shift[frames])

    def project(self, points: Array) -> Array:
        """Project head points, shape (K, 3) or (N, K, 3) metres, to pixels, shape (N, K, 2)."""
        seen = np.broadcast_to(points, (len(self), *points.shape[-2:])) @ self.rotation[:, :2].swapaxes(1, 2)
        return np.asarray(self.scale[:, None, None] * seen * _DOWN + self.shift[:, None])

    def cameras(self) -> Array:
        """Affine camera matrices, shape (N, 2, 4): pixels = camera · (X, 1)."""
        turn = (self.scale[:, None] * _DOWN)[:, :, None] * self.rotation[:, :2]
        return np.concatenate([turn, self.shift[:, :, None]], axis=2)


@dataclass(frozen=True)
class Stage:
    """Neutral pose and camera of the reference, which convert head motion to poses and back.

    scale, rotation, shift : of the neutral head, as in FacePoses
    focal_px : focal length, pixels of the crop
    centre_px : (2,) the optical centre
    """

    scale: float
    rotation: Array
    shift: Array
    focal_px: float
    centre_px: Array

    def poses(self, motion: HeadMotion) -> FacePoses:
        """Convert head motion about the neutral pose to poses, one for each of its samples."""
        rotation = self.rotation @ rot.to_matrix(motion.rotation)
        neutral = FacePoses(np.array([self.scale]), self.rotation[None], self.shift[None])
        place = self._pivot_m(neutral) + motion.translation_m @ self.rotation.T
        scale = self.focal_px / -place[:, 2]
        pivot = FacePoses(scale, rotation, np.zeros((len(scale), 2))).project(np.array([NECK_PIVOT_M]))
        shift = scale[:, None] * place[:, :2] * _DOWN + self.centre_px - pivot[:, 0]
        return FacePoses(scale, rotation, shift)

    def motion(self, poses: FacePoses, time_s: Array) -> HeadMotion:
        """Convert poses to head motion about the neutral pose: the inverse of `poses`."""
        neutral = FacePoses(np.array([self.scale]), self.rotation[None], self.shift[None])
        away = self._pivot_m(poses) - self._pivot_m(neutral)
        turn = rot.continuous(rot.from_matrix(self.rotation.T @ poses.rotation))
        return HeadMotion(time_s, turn, away @ self.rotation)

    def _pivot_m(self, poses: FacePoses) -> Array:
        """Neck pivot in the camera frame, shape (N, 3), metres from the camera's centre."""
        seen = poses.project(np.array([NECK_PIVOT_M]))[:, 0]
        across = (seen - self.centre_px) * _DOWN / poses.scale[:, None]
        return np.concatenate([across, -self.focal_px / poses.scale[:, None]], axis=1)
