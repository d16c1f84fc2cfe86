"""Landmarks to head pose: a rigid fit of the canonical face in metric space.

Camera frame: right-handed, at the camera's centre: +X to the right of the picture, +Y up, +Z from the
face towards the camera. An unmirrored camera shows the subject's left on the right, so a head that faces
it has the axes of the camera, and the rotation from head to camera is the identity.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..types import Array

# Points that speech, blinks and brows leave nearly alone: no lips, cheeks, chin, jaw, lids or brow arch.
_FOREHEAD = "10 151 9 8 109 338 67 297 103 332 54 284 21 251 108 337 69 299 104 333 68 298"
_TEMPLES = "162 389 127 356 234 454 34 264 143 372 227 447 116 345"
_EYE_CORNERS = "33 133 362 263"
_NOSE = (
    "168 6 197 195 5 4 1 2 122 351 193 417 245 465 188 412 196 419 174 399 236 456"
    " 45 275 51 281 48 278 64 294 98 327"
)
STABLE = np.array([int(point) for point in f"{_FOREHEAD} {_TEMPLES} {_EYE_CORNERS} {_NOSE}".split()])
INNER_LIPS = (13, 14)


@dataclass(frozen=True)
class HeadPoses:
    """Poses of N heads in the camera frame.

    rotation : (N, 4) unit quaternions wxyz, head to camera
    position_m : (N, 3) origin of the canonical face
    mouth_m : (N,) opening between the inner lips
    """

    rotation: Array
    position_m: Array
    mouth_m: Array


@cache
def canonical_face() -> Array:
    """The 468 points of MediaPipe's canonical face, metres in the head frame, shape (468, 3)."""
    lines = Path(__file__).with_name("canonical_face.csv").read_text(encoding="utf-8").splitlines()
    points = np.loadtxt(lines[lines.index("x_cm,y_cm,z_cm") + 1 :], delimiter=",") / 100.0
    points.setflags(write=False)
    return points


def head_poses(landmarks: Array, width: float, height: float, focal_heights: float) -> HeadPoses:
    """Head poses of landmarks, shape (N, ≥ 468, 3), as `FaceFinder.find` returns them.

    The landmarks' depth is that of a distant camera, in the same unit as x and y. So, in pixels, the face
    lies at the focal length from a pinhole camera, and each point goes out along its line of sight to its
    own depth. The least-squares similarity that carries the canonical face there is the pose; its scale
    turns pixels into metres. MediaPipe's face geometry does much the same with a fixed focal length.

    width, height : of the picture, in square pixels
    focal_heights : focal length over the picture's height
    """
    pixels = (landmarks - [0.5, 0.5, 0.0]) * [width, -height, -width]
    relief = pixels[..., 2:] - pixels[:, STABLE, 2:].mean(axis=1, keepdims=True)
    focal = focal_heights * height
    placed = np.concatenate([pixels[..., :2] * (1 - relief / focal), relief - focal], axis=-1)
    matrix, shift, scale = fit_similarity(canonical_face()[STABLE], placed[:, STABLE])
    upper, lower = (placed[:, lip] for lip in INNER_LIPS)
    return HeadPoses(
        rotation=rot.from_matrix(matrix),
        position_m=shift / scale[:, None],
        mouth_m=np.linalg.norm(upper - lower, axis=1) / scale,
    )


def fit_similarity(
    template: Array, points: Array, weights: Array | None = None
) -> tuple[Array, Array, Array]:
    """Least-squares rotations (N, 3, 3), shifts (N, 3) and scales (N,) from (K, 3) to (N, K, 3).

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.

    weights : (K,) of the points' squared distances; all count alike without
    """
    share = np.full(len(template), 1.0 / len(template)) if weights is None else weights / weights.sum()
    middle, middles = share @ template, share @ points
    centred = template - middle
    weighted = centred * share[:, None]
    covariance = (points - middles[:, None]).swapaxes(1, 2) @ weighted
    left, spread, right = np.linalg.svd(covariance)
    signs = np.ones_like(spread)
    signs[:, 2] = np.sign(np.linalg.det(left @ right))  # a rotation, never a mirror
    matrix = (left * signs[:, None]) @ right
    scale = (spread * signs).sum(axis=1) / (weighted * centred).sum()
    return matrix, middles - scale[:, None] * (matrix @ middle), scale
