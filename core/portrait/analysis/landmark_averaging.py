"""Test-time augmentation of the landmark detector: average over slightly rotated and scaled copies of a frame."""

from collections.abc import Iterator

import cv2
import numpy as np

from ...media.video import Frame
from ...motion import Progress, no_progress
from ...track.landmarks import find_model
from ...track.sightings import find_faces
from ...types import Array, ByteArray

_LOOKS = ((0.0, 1.07),)
"""Turn in degrees and scale of each further look. The mean of two looks takes most of the jitter that the mean
of four takes, at half the work; see “How it works” in docs/talking_head.md for figures."""
_SAME_FACE = 0.1  # mean distance to the first look, widths of the face


def averaged_landmarks(pictures: ByteArray, landmarks: Array, progress: Progress = no_progress) -> Array:
    """Landmarks, (N, 478, 3) pixels as in `Clip`, averaged over detections in rotated and scaled frames.

    pictures : (N, S, S, 3)
    landmarks : (N, 478, 3) of the first look; further ones that miss that face do not count

    Raises
    ------
    MissingPartError : no face model
    CancelledError : through `progress`
    """
    size = pictures.shape[1]
    total, count = landmarks.copy(), np.ones(len(landmarks))
    for order, seen in enumerate(find_faces(_turned(pictures, landmarks), find_model())):
        index, look = divmod(order, len(_LOOKS))
        matrix = _matrix(landmarks[index], look)
        width = np.ptp(landmarks[index, :, 0])
        for face in seen.faces * [size, size, -size]:
            back = cv2.invertAffineTransform(matrix)
            points = np.column_stack([face[:, :2] @ back[:, :2].T + back[:, 2], face[:, 2] / _LOOKS[look][1]])
            away = np.linalg.norm(points[:, :2] - landmarks[index, :, :2], axis=1)
            if away.mean() < _SAME_FACE * width:
                total[index] += points
                count[index] += 1
        progress((index + 1) / len(landmarks), "Looking at the reference again")
    return total / count[:, None, None]


def _turned(pictures: ByteArray, landmarks: Array) -> Iterator[Frame]:
    size = pictures.shape[1]
    for picture, points in zip(pictures, landmarks, strict=True):
        for look in range(len(_LOOKS)):
            matrix = _matrix(points, look)
            turned = cv2.warpAffine(picture, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
            yield Frame(0.0, np.asarray(turned, np.uint8))


def _matrix(points: Array, look: int) -> Array:
    """Affine map from a frame to its augmented copy, (2, 3): rotated and scaled about the face."""
    middle = points[:, :2].mean(axis=0).tolist()
    return np.asarray(cv2.getRotationMatrix2D(middle, *_LOOKS[look]), np.float64)
