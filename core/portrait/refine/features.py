"""Pose and expression features, the regressors of the appearance model."""

from dataclasses import dataclass

import numpy as np

from ... import rotation as rot
from ...types import Array, IntArray
from ..model.camera import FacePoses
from ..model.person import Person
from ..model.topology import IRISES, topology

_LIPS, _EYES = 6, 3
"""Principal components of what the lips do, and of what eyes and brows do."""


@dataclass(frozen=True)
class FeatureSpace:
    """Standardised pose and expression features over the usable frames of a reference.

    Features are clipped to the range of the reference, so that the regression never extrapolates.

    axes : point indices and principal axes of lips and of eyes with brows
    middle, spread : (F,) mean and standard deviation
    low, high : (F,) range, standard deviations
    """

    person: Person
    axes: tuple[tuple[IntArray, Array], ...]
    middle: Array
    spread: Array
    low: Array
    high: Array

    @classmethod
    def fit(cls, person: Person) -> "FeatureSpace":
        """Fit the principal components and the standardisation to a person's usable frames."""
        names = topology()
        about_eyes = np.concatenate([*names.eyes, IRISES, names.brows])
        axes = tuple(
            (points, _components(person.expression[person.usable][:, points], count))
            for points, count in ((names.lips, _LIPS), (about_eyes, _EYES))
        )
        raw = _raw(person, axes, person.poses, person.expression)[person.usable]
        middle, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
        scaled = (raw - middle) / spread
        return cls(person, axes, middle, spread, scaled.min(axis=0), scaled.max(axis=0))

    def transform(self, poses: FacePoses, expression: Array) -> Array:
        """Features of T frames, shape (T, F), clipped to the reference's range."""
        scaled = (_raw(self.person, self.axes, poses, expression) - self.middle) / self.spread
        return np.asarray(np.clip(scaled, self.low, self.high))


def _components(expression: Array, count: int) -> Array:
    """First principal axes of expressions (N, P, 3), shape (3 P, C)."""
    flat = expression.reshape(len(expression), -1)
    return np.asarray(np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2][:count].T)


def _raw(
    person: Person, axes: tuple[tuple[IntArray, Array], ...], poses: FacePoses, expression: Array
) -> Array:
    turn = rot.to_rotvec(rot.from_matrix(person.stage.rotation.T @ poses.rotation))
    shapes = [expression[:, points].reshape(len(expression), -1) @ axis for points, axis in axes]
    return np.column_stack([turn, poses.shift, np.log(poses.scale), *shapes])
