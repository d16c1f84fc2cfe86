"""Eyes of a person in the head: how they stand beside what head and lids account for."""

import numpy as np

from ...face.measured_gaze import EYE_MM, EYES, IRIS_MM, UP_SHRINKS
from ...types import Array, BoolArray

_RIDGE = 1e-3


def eyes_beside(head_points: Array, accounted: Array, closed: BoolArray) -> Array:
    """Angles of the eyes beside what other numbers account for, (N, 2) radians to the subject's left and up.

    Mean of both eyes, from the irises between the corners of the eyes, less its ridge regression on the other numbers. So
    eyes that ask for nothing leave a regression on those numbers as it is without eyes. 0 where lids are shut, which
    press the iris down.

    head_points : (N, 478, 3) head frame, +X to the subject's left, +Y up
    accounted : (N, D) the other numbers: turns of the head, blinks, ...
    closed : (N,) lids are shut
    """
    across = [head_points[:, left] - head_points[:, right] for _, left, right, _, _ in EYES]
    diameter = np.mean([np.linalg.norm(each, axis=1) for each in across], axis=0)
    off = np.mean(
        [
            head_points[:, iris, :2] - head_points[:, [outer, inner], :2].mean(axis=1)
            for iris, _, _, outer, inner in EYES
        ],
        axis=0,
    )
    off_mm = off * IRIS_MM / max(float(np.median(diameter)), np.finfo(float).tiny) / [1.0, UP_SHRINKS]
    angle = np.arcsin(np.clip(off_mm / EYE_MM, -1.0, 1.0))
    known = np.column_stack([np.ones(len(angle)), accounted - accounted.mean(axis=0)])
    strength = _RIDGE * np.diag(np.square(known).sum(axis=0) + 1e-12)
    seen = ~closed
    weights = np.linalg.solve(known[seen].T @ known[seen] + strength, known[seen].T @ angle[seen])
    return np.asarray(np.where(closed[:, None], 0.0, angle - known @ weights))
