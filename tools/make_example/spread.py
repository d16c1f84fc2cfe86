"""Smooth fields over a mesh from values at a few of its points."""

import numpy as np

from mannerism.core.types import Array
from mannerism.tools.make_example.topology import Face


class Spreader:
    """Interpolates over one mesh: harmonic (no overshoot) or biharmonic (smooth at its handles)."""

    def __init__(self, count: int, faces: list[Face]) -> None:
        near = np.zeros((count, count))
        for face in faces:
            for a, b in zip(face, (*face[1:], face[0]), strict=True):
                near[a, b] = near[b, a] = 1.0
        self._laplacian = np.eye(count) - near / near.sum(1, keepdims=True)

    def operator(self, handles: list[int], still: list[int], *, smooth: bool = True) -> Array:
        """Matrix (N, H) from values at `handles` to all points; zero at `still`."""
        energy = self._laplacian.T @ self._laplacian if smooth else self._laplacian
        fixed = [*handles, *(i for i in still if i not in set(handles))]
        free = np.setdiff1d(np.arange(len(energy)), fixed)
        matrix = np.zeros((len(energy), len(handles)))
        matrix[handles] = np.eye(len(handles))
        right = -energy[np.ix_(free, np.array(handles))]
        matrix[free] = np.linalg.solve(energy[np.ix_(free, free)] + 1e-9 * np.eye(len(free)), right)
        return matrix

    def field(self, values: dict[int, float]) -> Array:
        """Harmonic field (N,) with these values at these points."""
        handles = list(values)
        return self.operator(handles, [], smooth=False) @ np.array([values[i] for i in handles])
