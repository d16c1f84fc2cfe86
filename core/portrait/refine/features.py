"""What a picture of a person is told by, in a few numbers."""

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
class Traits:
    """Pose and expression as numbers of mean 0 and deviation 1 over the usable pictures of a reference.

    They keep to the reference's own range: what is learned of them is not carried beyond it.
    """

    person: Person
    axes: tuple[tuple[IntArray, Array], ...]
    middle: Array
    spread: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, person: Person) -> "Traits":
        """The numbers that tell a person's pictures apart."""
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

    def tell(self, poses: FacePoses, expression: Array) -> Array:
        """The numbers of T pictures, shape (T, F)."""
        scaled = (_raw(self.person, self.axes, poses, expression) - self.middle) / self.spread
        return np.asarray(np.clip(scaled, self.low, self.high))


def _components(expression: Array, count: int) -> Array:
    """The first principal axes of expressions (N, P, 3), shape (3 P, C)."""
    flat = expression.reshape(len(expression), -1)
    return np.asarray(np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2][:count].T)


def _raw(
    person: Person, axes: tuple[tuple[IntArray, Array], ...], poses: FacePoses, expression: Array
) -> Array:
    turn = rot.to_rotvec(rot.from_matrix(person.stage.rotation.T @ poses.rotation))
    shapes = [expression[:, points].reshape(len(expression), -1) @ axis for points, axis in axes]
    return np.column_stack([turn, poses.shift, np.log(poses.scale), *shapes])
