"""Mesh vertices of a person in the image: projection, visibility, blending weights."""

from dataclasses import dataclass

import numpy as np

from ...track.landmarks import POINTS
from ...types import Array, BoolArray
from ..model.camera import FacePoses
from ..model.person import Person
from ..model.topology import FACE, RINGS, topology

_BEHIND_M = 1.0
"""Each ring is painted so far behind the one inside it; more than the depth of any head."""
_TO_BROWS = 1.6
"""Times as far as to the sides and down, the eye slot reaches up."""
_EDGE_ON = 0.1
"""Cosine to the line of sight below which skin is not painted: it is a line on the cheek's outline, of nothing
that any frame shows well."""


@dataclass(frozen=True)
class Vertices:
    """Projected mesh vertices in T frames.

    points_px : (T, V, 2) pixels
    nearness : (T, V) metres towards the camera
    facing : (T, F) triangles that are to be painted
    """

    points_px: Array
    nearness: Array
    facing: BoolArray


def vertices(person: Person, poses: FacePoses, expression: Array) -> Vertices:
    """Project the face at T poses with expressions (T, 478, 3), and the points about it."""
    face = person.mesh + expression
    about = person.surround.project(poses.cameras())
    depth = np.einsum("tvc,tc->tv", face, poses.rotation[:, 2])
    behind = np.repeat(-_BEHIND_M * np.arange(1, RINGS + 2), len(topology().oval))
    return Vertices(
        points_px=np.concatenate([poses.project(face), about], axis=1),
        nearness=np.concatenate([depth, np.broadcast_to(behind, (len(poses), len(behind)))], axis=1),
        facing=_facing(person, poses),
    )


def _facing(person: Person, poses: FacePoses) -> BoolArray:
    """Mask of front-facing skin triangles in the neutral pose; lids and lips may fold."""
    skin = topology().label == FACE
    first, second, third = person.mesh[topology().triangles[skin]].swapaxes(0, 1)
    normal = np.cross(second - first, third - first)
    normal *= np.sign(normal[:, 2:].sum()) / np.linalg.norm(normal, axis=1, keepdims=True)
    facing = np.ones((len(poses), len(skin)), np.bool_)
    facing[:, skin] = poses.rotation[:, 2] @ normal.T > _EDGE_ON
    return facing


def head_points(person: Person) -> Array:
    """Vertices in the head frame at rest, metres, (V, 3).

    Those of the surround are where its anchor's camera sees them, on a plane as deep as the face's outline:
    depth is not known there, and none is needed to name a place.
    """
    oval = person.mesh[topology().oval]
    points_px = np.concatenate([person.surround.home, person.surround.border])
    camera = person.surround.anchor
    depth = oval[:, 2].mean()
    across = np.linalg.solve(camera[:, :2], (points_px - camera[:, 3] - camera[:, 2] * depth).T).T
    return np.concatenate([person.mesh, np.column_stack([across, np.full(len(across), depth)])])


def mouth_weight(person: Person) -> Array:
    """Weight of the mouth slot at each vertex, (V,): 1 at the lips, 0 a lip's width off."""
    lips = person.mesh[topology().lips]
    return _about(person, lips.mean(axis=0), float(np.ptp(lips[:, 0])), 0.7, 1.05)


def eye_weight(person: Person) -> Array:
    """Weight of the eye slot at each vertex, (V,): 1 at eyes and brows, which would be double in a blend, 0 beyond."""
    return np.maximum(
        *(
            _about(
                person,
                person.mesh[eye].mean(axis=0),
                float(np.ptp(person.mesh[eye, 0])),
                0.75,
                1.1,
                upwards=_TO_BROWS,
            )
            for eye in topology().eyes
        )
    )


def _about(
    person: Person, centre: Array, width: float, inner: float, outer: float, *, upwards: float = 1.0
) -> Array:
    """Weight of vertices about a place: 1 within `inner` widths, 0 beyond `outer`; upwards so many times as far."""
    beside = (person.mesh - centre)[:, :2]
    beside[:, 1] /= np.where(beside[:, 1] > 0, upwards, 1.0)
    away = np.linalg.norm(beside, axis=1) / width
    weight = np.zeros(topology().vertices)
    weight[:POINTS] = np.clip((outer - away) / (outer - inner), 0, 1)
    return weight
