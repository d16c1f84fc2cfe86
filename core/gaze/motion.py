"""Gaze motion: where eyes turn in the head over time."""

from dataclasses import dataclass

import numpy as np

from .. import rotation as rot
from ..types import Array, BoolArray


@dataclass(frozen=True, eq=False)
class GazeMotion:
    """Eyes in a moving head; both turn alike.

    time_s : (T,) seconds, as of the head's motion
    eye : (T, 2) angle of the eyes in the head, to the subject's left and up, radians; 0 is straight out of the face
    away : (T,) whether eyes are averted from what they look at
    shift_s, shift_rad : (S,) when each saccade begins, and its size
    blink_s : (B,) times of closed lids that saccades bring
    """

    time_s: Array
    eye: Array
    away: BoolArray
    shift_s: Array
    shift_rad: Array
    blink_s: Array

    @property
    def rotation(self) -> Array:
        """Rotation of each eye in the head, (T, 4) unit quaternions wxyz in the head frame of `rotation.py`.

        First to the side, then up: without twist about the line of sight of a face that looks straight ahead.
        """
        return rot.from_euler(-self.eye[:, 1], self.eye[:, 0], np.zeros(len(self.eye)))
