"""Synthetic person without frames: a face with given head rotations."""

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.portrait.model.camera import Stage
from mannerism.core.portrait.model.person import Clip, Drive, Person, Surround
from mannerism.core.track.head_pose import canonical_face

SIZE = 64
STAGE = Stage(250.0, np.eye(3), np.array([32.0, 30.0]), 400.0, np.array([31.5, 31.5]))


def motion(yaw_deg, *, pitch_deg=0.0, shift_m=0.0):
    """Head motion at 25 Hz with these angles."""
    yaw_deg = np.atleast_1d(np.asarray(yaw_deg, np.float64))
    angles = np.radians(np.broadcast_arrays(pitch_deg, yaw_deg, 0.0))
    shift = np.zeros((len(yaw_deg), 3))
    shift[:, 0] = shift_m
    return HeadMotion(np.arange(len(yaw_deg)) / 25, rot.continuous(rot.from_euler(*angles)), shift)


def face():
    """478 points: the canonical face, and irises in its plane."""
    points = canonical_face()
    irises = np.concatenate(
        [points[[33, 133]].mean(0) + np.zeros((5, 3)), points[[362, 263]].mean(0) + np.zeros((5, 3))]
    )
    return np.concatenate([points, irises])


def person(head=None, *, expression=None):
    """Somebody whose reference shows this head motion, by default 10° to each side."""
    head = motion(np.linspace(-10, 10, 41)) if head is None else head
    count = len(head.time_s)
    poses = STAGE.poses(head)
    expression = np.zeros((count, 478, 3)) if expression is None else expression
    pictures = np.zeros((count, SIZE, SIZE, 3), np.uint8)
    landmarks = np.zeros((count, 478, 3))
    landmarks[..., :2] = poses.project(face() + expression)
    clip = Clip(pictures, head.time_s, landmarks, STAGE.focal_px, STAGE.centre_px)
    still = Surround(np.zeros((0, 2)), poses.cameras()[0], np.zeros((0, 2, 4)), np.zeros((0, 2)))
    matte = np.full((count, SIZE, SIZE), 255, np.uint8)
    return Person(clip, face(), expression, poses, STAGE, still, matte, None, np.ones(count, bool))


def drive(head):
    """A drive with this head motion and a face at rest."""
    return Drive(head.time_s, STAGE.poses(head), np.zeros((len(head.time_s), 478, 3)))
