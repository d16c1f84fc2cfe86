"""Synthetic person: a flat pattern that is only shifted, scaled and rotated in the image plane.

What a picture of it must look like is known without any mesh.
"""

from functools import cache

import cv2
import numpy as np

from mannerism.core.portrait.model.camera import FacePoses, Stage
from mannerism.core.portrait.model.person import Clip, Drive, Person, Surround
from mannerism.core.portrait.model.topology import IRISES, topology
from mannerism.core.track.head_pose import canonical_face

SIZE = 128
FPS = 25.0
SCALE = 300.0  # pixels a metre: the face is 45 pixels wide
MIDDLE = np.array([63.5, 60.0])


@cache
def mesh():
    points = np.zeros((478, 3))
    points[:468] = canonical_face()
    for hub, eye in zip(IRISES, topology().eyes, strict=True):
        points[hub] = points[eye].mean(axis=0)
    return points


@cache
def pattern():
    """Deterministic pattern of coloured blobs of a few pixels."""
    blots = np.random.default_rng(1).uniform(0, 255, (SIZE, SIZE, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(blots, (0, 0), 3)
    return np.clip(128 + 12 * (soft - 128), 0, 255).astype(np.uint8)


def poses(count, seed=0):
    """Head poses that sway in the image plane."""
    sway = np.random.default_rng(seed).uniform(-1, 1, (count, 4))
    roll = 0.15 * sway[:, 0]
    turn = np.zeros((count, 3, 3))
    turn[:, 0, 0] = turn[:, 1, 1] = np.cos(roll)
    turn[:, 0, 1], turn[:, 1, 0] = -np.sin(roll), np.sin(roll)
    turn[:, 2, 2] = 1.0
    return FacePoses(SCALE * (1 + 0.05 * sway[:, 1]), turn, MIDDLE + 4 * sway[:, 2:])


def shown(poses):
    """Frames of these poses: the pattern under their similarity transforms."""
    straight = FacePoses(np.array([SCALE]), np.eye(3)[None], MIDDLE[None])
    corners = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.0], [0.0, 0.1, 0.0]])
    start = straight.project(corners)[0].astype(np.float32)
    moved = (
        cv2.warpAffine(
            pattern(),
            cv2.getAffineTransform(start, end.astype(np.float32)),
            (SIZE, SIZE),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for end in poses.project(corners)
    )
    return np.stack(list(moved))


def drive(poses, expression=None):
    expression = np.zeros((len(poses), 478, 3)) if expression is None else expression
    return Drive(np.arange(len(poses)) / FPS, poses, expression)


def person(poses, *, expression=None, background=None, matte=None, usable=None, pictures=None):
    """Person with these poses; the surround moves with the face as one plane."""
    count = len(poses)
    outline = mesh()[topology().oval]
    rings = np.concatenate([outline * out for out in (1.1, 1.25, 1.4, 1.5, 1.6)])
    anchor = poses.cameras()[0]
    far = outline[:, :2] / np.linalg.norm(outline[:, :2], axis=1, keepdims=True) * [1, -1]
    rigid = np.concatenate([rings, np.ones((len(rings), 1))], axis=1)
    return Person(
        clip=Clip(
            pictures=shown(poses) if pictures is None else pictures,
            time_s=np.arange(count) / FPS,
            landmarks=np.zeros((count, 478, 3)),
            focal_px=2.0 * SIZE,
            centre_px=MIDDLE,
        ),
        mesh=mesh(),
        expression=np.zeros((count, 478, 3)) if expression is None else expression,
        poses=poses,
        stage=Stage(SCALE, np.eye(3), MIDDLE, 2.0 * SIZE, MIDDLE),
        surround=Surround(
            home=rings @ anchor[:, :3].T + anchor[:, 3],
            anchor=anchor,
            follow=np.stack([rigid, rigid], axis=1),
            border=MIDDLE + 1.5 * SIZE * far,
        ),
        matte=np.full((count, SIZE, SIZE), 255, np.uint8) if matte is None else matte,
        background=background,
        usable=np.ones(count, np.bool_) if usable is None else usable,
    )
