"""The mesh of the face: MediaPipe's 468 points as mostly quads, with open eyes and mouth.

All rings are of point numbers; a point's mirror image is found by its place.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
from mediapipe.tasks.python.vision import FaceLandmarksConnections
from numpy.typing import NDArray

from mannerism.core.types import Array

Face = tuple[int, ...]

OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152]
OVAL += [148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
LIPS_INNER = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191]
LIPS_OUTER = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
EYES = {
    "right": [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
    "left": [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
}


def face_quads(points: Array) -> list[Face]:
    """Quads, and the few triangles left over, of the face without eyes and mouth; points (468, 3)."""
    edges = {
        (min(c.start, c.end), max(c.start, c.end))
        for c in FaceLandmarksConnections.FACE_LANDMARKS_TESSELATION
    }
    holes = [set(LIPS_INNER), *map(set, EYES.values())]
    triangles = [t for t in _triangles(edges) if not any(hole.issuperset(t) for hole in holes)]
    return [_outward(face, points) for face in _pair(triangles, points)]


def mirror(points: Array) -> NDArray[np.int64]:
    """Number of the mirror image of each point, shape (N,)."""
    distance = np.linalg.norm(points[:, None] * [-1, 1, 1] - points[None], axis=-1)
    return distance.argmin(1)


def _triangles(edges: set[tuple[int, int]]) -> list[Face]:
    near: dict[int, set[int]] = {}
    for a, b in edges:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    found = sorted({tuple(sorted((a, b, c))) for a, b in edges for c in near[a] & near[b]})
    # Three joined points are a triangle of the mesh unless all three sides have two others already.
    uses = Counter(edge for t in found for edge in _sides(t))
    return [t for t in found if not all(uses[edge] > 2 for edge in _sides(t))]


def _sides(triangle: Face) -> list[tuple[int, int]]:
    a, b, c = triangle
    return [(a, b), (b, c), (a, c)]


def _pair(triangles: list[Face], points: Array) -> list[Face]:
    """Merge triangles to quads, the squarest first, and each together with its mirror image."""
    owners: dict[tuple[int, int], list[Face]] = {}
    for triangle in triangles:
        for edge in _sides(triangle):
            owners.setdefault(edge, []).append(triangle)
    candidates = []
    for edge, pair in owners.items():
        if len(pair) == 2:
            (p,), (q,) = (set(t) - set(edge) for t in pair)
            quad = (edge[0], p, edge[1], q)
            candidates.append((round(_skew(points[list(quad)]), 3), quad, pair))
    free = set(triangles)
    quads: list[Face] = []
    for skew, quad, pair in sorted(candidates, key=lambda c: c[0]):
        if skew < 1.1 and free.issuperset(pair):
            free.difference_update(pair)
            quads.append(quad)
    return quads + sorted(free)


def _skew(corners: Array) -> float:
    """Largest deviation of a corner from a right angle, radians, for a quad (4, 3)."""
    ahead = np.roll(corners, -1, 0) - corners
    behind = np.roll(corners, 1, 0) - corners
    cosine = (ahead * behind).sum(1) / np.linalg.norm(ahead, axis=1) / np.linalg.norm(behind, axis=1)
    return float(np.abs(np.arccos(np.clip(cosine, -1, 1)) - np.pi / 2).max())


def _outward(face: Face, points: Array) -> Face:
    """Wind a face so that its normal points away from the middle of the head."""
    corners = points[list(face)]
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    return face if normal @ (corners.mean(0) - [0.0, 0.0, -4.0]) > 0 else face[::-1]


def bridge(ring_a: list[int], ring_b: list[int]) -> list[Face]:
    """Quads between two closed rings of equally many points."""
    around = [*range(len(ring_a)), 0]
    return [(ring_a[i], ring_a[j], ring_b[j], ring_b[i]) for i, j in pairwise(around)]
