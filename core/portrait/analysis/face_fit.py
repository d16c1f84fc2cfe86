"""Face model fit by generalised Procrustes analysis: neutral mesh, pose and expression per frame."""

from dataclasses import dataclass

import numpy as np

from ...track.head_pose import STABLE, canonical_face, fit_similarity
from ...track.landmarks import POINTS
from ...types import Array, BoolArray
from ..model.camera import FacePoses
from ..model.person import Person
from ..model.topology import topology

_CAMERA = np.array([1.0, -1.0, 1.0])  # frames count downwards, heads upwards
_CANONICAL = 468
"""Points of the canonical face; the irises come after them."""
_ROUNDS = 8
_LEAST_M = 1e-6  # of a face that never moves
_FLOOR = 0.3  # of the median deviation: no point is trusted without limit


@dataclass(frozen=True)
class Face:
    """Neutral mesh, poses and expressions of a face in N frames.

    mesh : (478, 3) at rest, metres in the head frame
    poses : of the N frames
    expression : (N, 478, 3) what each frame adds to the mesh, metres in the head frame
    """

    mesh: Array
    poses: FacePoses
    expression: Array


def fit_face(landmarks: Array, usable: BoolArray | None = None) -> Face:
    """Fit a neutral mesh, poses and expressions to landmarks, by generalised Procrustes analysis.

    Generalised Procrustes analysis (Gower 1975): poses that carry the mesh to the frames and the mesh as
    the median of the frames carried back, in turns, points weighted by how still they lie. Metres and the
    head frame are those of the canonical face, by a similarity between the points that speech leaves alone.

    landmarks : (N, 478, 3) pixels as in `Clip`
    usable : (N,) the frames to learn the mesh from, all of them without
    """
    learned = landmarks if usable is None else landmarks[usable]
    canonical = canonical_face()[STABLE]
    rotation, shift, scale = fit_similarity(canonical, learned[:, STABLE] * _CAMERA)
    mesh = np.median(_carried_back(learned, rotation, shift, scale), axis=0)
    trust = np.zeros(POINTS)
    trust[STABLE] = 1.0
    for _ in range(_ROUNDS):
        _, expression = _place(mesh, trust, learned)
        mesh = mesh + np.median(expression, axis=0)
        trust = _trust(expression)
        turn, away, size = fit_similarity(canonical, mesh[None, STABLE])
        mesh = ((mesh - away) @ turn[0]) / size
    return Face(mesh, *_place(mesh, trust, landmarks))


def follow(person: Person, landmarks: Array) -> tuple[FacePoses, Array]:
    """Fit poses and expressions of the same person in other frames, with the mesh fixed.

    landmarks : (M, 478, 3) pixels as in `Clip`, of frames cut and scaled alike

    Returns the poses, and what each face adds to the mesh, shape (M, 478, 3), metres in the head frame.
    """
    return _place(person.mesh, _trust(person.expression[person.usable]), landmarks)


def unrest(expression: Array) -> Array:
    """Weighted RMS deviation of each face from the mesh, metres, shape (N,)."""
    trust = _trust(expression)
    return np.sqrt((expression**2).sum(axis=2) @ (trust / trust.sum()))


def _place(mesh: Array, trust: Array, landmarks: Array) -> tuple[FacePoses, Array]:
    rotation, shift, scale = fit_similarity(mesh, landmarks * _CAMERA, trust)
    expression = _carried_back(landmarks, rotation, shift, scale) - mesh
    return FacePoses(scale, rotation, (shift * _CAMERA)[:, :2]), expression


def _carried_back(landmarks: Array, rotation: Array, shift: Array, scale: Array) -> Array:
    return ((landmarks * _CAMERA - shift[:, None]) @ rotation) / scale[:, None, None]


def _trust(expression: Array) -> Array:
    """Weights, shape (478,), high for points that move little; zero for irises and lips."""
    deviation = np.sqrt(np.median((expression**2).sum(axis=2), axis=0))
    trust = 1.0 / (deviation + _FLOOR * np.median(deviation) + _LEAST_M) ** 2
    trust[_CANONICAL:] = 0.0
    trust[topology().lips] = 0.0
    return trust
