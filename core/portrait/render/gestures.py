"""Detection of frames with gestures: hands and body that differ from their usual look."""

import cv2
import numpy as np

from ... import rotation as rot
from ...types import Array, BoolArray
from ..model.camera import FacePoses
from ..model.person import Person
from ..model.topology import topology

_CELLS = 32  # each way: hands are large
_CALM = 0.2  # share of the frames that are calm in any reference: who speaks with the hands does so most of the time
_USUAL = 2.0  # times what calm frames differ: what shoulders do beside what they do with the head
_LEAST = 2.0  # levels, noise of a body that never moves
_RIDGE = 0.05  # of a pose's deviation
_MOST = 40.0  # levels of a cell that count when it is learned what shoulders do with the head


def gestures(person: Person) -> Array:
    """Deviation of the body in each frame from its median, beyond usual shoulder motion, shape (N,).

    The body is what lies below the chin; what goes with the head's pose, by a ridge regression, is no gesture. In units
    of what calm frames deviate, 0 for most; 0 for all where the chin is at the frame's edge.
    """
    size, usable = person.clip.size, person.usable
    chin = person.landmarks()[usable][:, topology().oval, 1].max()
    first = int(np.ceil(max(chin, 0.0) / size * _CELLS))
    if first >= _CELLS:
        return np.zeros(len(person.clip))
    cells = (_CELLS, _CELLS)
    bodies = np.stack(
        [cv2.resize(picture, cells, interpolation=cv2.INTER_AREA)[first:] for picture in person.clip.pictures]
    ).reshape(len(person.clip), -1)
    change = bodies - np.median(bodies[usable], axis=0)
    poses = _standardised(person.poses, usable)
    change -= poses @ _with_head(poses[usable], change[usable])
    change -= np.median(change[usable], axis=0)
    away = np.sqrt((change**2).mean(axis=1))
    return np.maximum(away / max(float(np.quantile(away[usable], _CALM)), _LEAST) - _USUAL, 0.0)


def _with_head(poses: Array, change: Array) -> Array:
    """Ridge regression weights (P, C) of what cells (N, C) do with the head's poses (N, P)."""
    ridge = _RIDGE * len(poses) * np.eye(poses.shape[1])
    return np.asarray(np.linalg.solve(poses.T @ poses + ridge, poses.T @ np.clip(change, -_MOST, _MOST)))


def _standardised(poses: FacePoses, usable: BoolArray) -> Array:
    """Poses as (N, 6): rotation vector, shift and scale, each about its mean and over its deviation in usable frames."""
    turn = rot.to_rotvec(rot.from_matrix(poses.rotation))
    values = np.column_stack([turn, poses.shift, poses.scale])
    deviation = values[usable].std(axis=0)
    return (values - values[usable].mean(axis=0)) / np.where(deviation > 0.0, deviation, 1.0)
