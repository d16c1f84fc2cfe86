"""Gaze measured in a video: the irises between the corners of the eyes, in the frame of the line of sight to the camera.

Good for events of 3° and more to the side; up and down it only ranks, since lids press the iris along.
"""

from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..gaze.directions import angles_of, pointing
from ..gaze.turns import evoked, turns
from ..motion import GRID_HZ, HeadMotion
from ..types import Array, BoolArray
from .manner import lids

EYES = ((468, 469, 471, 33, 133), (473, 474, 476, 263, 362))
"""Landmarks of each eye: iris centre, its left and right edges, outer and inner corner."""
IRIS_MM = 11.7
EYE_MM = 10.5  # from the eye's centre of rotation to the iris
_CORNERS_MM = np.array([4.4, 1.9])  # how far corners lie before that centre
UP_SHRINKS = 0.62  # of an iris that goes up or down
_SHUT, _WIDE, _BRIDGED = 0.55, 0.8, 3  # lids below so much of their upper quantile, and frames to each side
_MODE_RAD = np.radians(2.0)
_AWAY_RAD, _BACK_RAD = np.radians(7.0), np.radians(4.0)
_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class MeasuredGaze:
    """Gaze of one person in a video, about what they look at most: the camera, or the other person.

    time_s : (N,) seconds
    gaze : (N, 2) direction of gaze in the room, to the subject's left and up, radians
    head : (N, 2) where the head points, against the line of sight to the camera
    known : (N,) False in blinks, over which gaze is bridged
    """

    time_s: Array
    gaze: Array
    head: Array
    known: BoolArray

    @property
    def eye(self) -> Array:
        """Eyes in the head, (N, 2)."""
        return self.gaze - self.head

    @property
    def turned(self) -> float:
        """Mean of `evoked` over the head's turns."""
        grid_s = np.arange(self.time_s[0], self.time_s[-1], 1.0 / GRID_HZ)
        return float(
            evoked(
                turns(np.stack([np.interp(grid_s, self.time_s, angle) for angle in self.head.T], axis=1))
            ).mean()
        )

    @property
    def away(self) -> BoolArray:
        """Where gaze is averted: from beyond 7° until within 4°."""
        off, found, averted = np.linalg.norm(self.gaze, axis=1), np.zeros(len(self.time_s), np.bool_), False
        for i, angle in enumerate(off.tolist()):
            averted = angle > (_BACK_RAD if averted else _AWAY_RAD)
            found[i] = averted
        return found


def measured_gaze(landmarks: Array, time_s: Array, rotation: Array, position_m: Array) -> MeasuredGaze:
    """Measure gaze in landmarks.

    landmarks : (N, 478, 3) in square pixels of the picture, x to its right and y down
    time_s : (N,) seconds, increasing
    rotation : (N, 4) unit quaternions wxyz, head to camera; position_m : (N, 3) of the head in the camera frame
    """
    sight = angles_of(-position_m)
    about_sight = rot.multiply(rot.inverse(rot.from_euler(-sight[:, 1], sight[:, 0], 0.0)), rotation)
    head = angles_of(pointing(HeadMotion(time_s, rot.continuous(about_sight), np.zeros((len(time_s), 3)))))
    moved_mm = _iris_mm(landmarks) / [1.0, UP_SHRINKS]
    sine = (moved_mm + _CORNERS_MM * np.sin(head)) / EYE_MM
    gaze = np.arcsin(np.clip(sine, -1.0, 1.0))
    known = _open(lids(landmarks))
    for column in gaze.T:
        column[:] = np.interp(time_s, time_s[known], column[known])
    return MeasuredGaze(time_s, gaze - mode(gaze[known]), head, known)


def half_difference(landmarks: Array) -> Array:
    """How far gaze of the subject's right eye alone is from that of both, (N, 2) radians.

    Eyes that look far away turn alike, so this is the measure's own error, as far as it differs between eyes.
    """
    one, other = _irises_mm(landmarks)
    return np.asarray((one - other) / (2.0 * EYE_MM * np.array([1.0, UP_SHRINKS])))


def _iris_mm(landmarks: Array) -> Array:
    """How far the irises lie from the middle of the corners, mean of both, as `_irises_mm`."""
    return np.asarray(np.mean(_irises_mm(landmarks), axis=0))


def _irises_mm(landmarks: Array) -> Array:
    """How far each iris lies from the middle of its corners, (2, N, 2) millimetres to the left and up, roll taken off."""
    plane = landmarks[..., :2] * [1.0, -1.0]
    across = plane[:, 263] - plane[:, 33]
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.column_stack([-across[:, 1], across[:, 0]])
    wide = [np.linalg.norm(plane[:, left] - plane[:, right], axis=1) for _, left, right, _, _ in EYES]
    mm = IRIS_MM / float(np.median(wide))
    off = np.array([plane[:, iris] - plane[:, [out, inner]].mean(axis=1) for iris, _, _, out, inner in EYES])
    return np.asarray(mm * np.stack([(off * across).sum(axis=2), (off * up).sum(axis=2)], axis=-1))


def _open(apart: Array) -> BoolArray:
    """Where lids are open, (N,), and some frames from where they are not."""
    shut = np.pad(apart < _SHUT * np.quantile(apart, _WIDE), _BRIDGED)
    near = np.lib.stride_tricks.sliding_window_view(shut, 2 * _BRIDGED + 1).any(axis=1)
    return ~near if (~near).any() else np.ones(len(apart), np.bool_)


def mode(gaze: Array) -> Array:
    """The densest direction (2,) of (N, 2), by mean shift from the one that most others are near."""
    thinned = gaze[:: max(1, len(gaze) // 400)]
    apart = np.square(thinned[:, None] - thinned).sum(axis=2)
    mode = thinned[np.exp(-0.5 * apart / _MODE_RAD**2).sum(axis=1).argmax()]
    for _ in range(_ROUNDS):
        weight = np.exp(-0.5 * np.square(gaze - mode).sum(axis=1) / _MODE_RAD**2)
        mode = weight @ gaze / weight.sum()
    return np.asarray(mode)
