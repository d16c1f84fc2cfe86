"""Mesh topology: triangles of the tracked face, closed at lids and lips, and of the rings about it.

Vertices count the 478 points of the face, then the points of the rings of `Surround` from the face outwards,
then its border. Every ring has one point for each of the oval of the face, in its order.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ...track.landmarks import POINTS
from ...types import IntArray

RINGS = 5
"""Rings of hair, neck and torso, without the border."""

FACE, MOUTH, EYE, RING = 0, 1, 2, 3
"""Labels of triangles: skin, between the lips, between the lids, and RING + k for the k-th ring."""

IRISES = (473, 468)
"""The middle of the left and the right iris: the hubs between the lids, so that the gaze follows."""


@dataclass(frozen=True)
class Topology:
    """Triangles, and indices of the named parts of the face.

    triangles : (F, 3) vertices
    label : (F,) what each is part of
    oval : (36,) the face's outline, from the top of the forehead on by the subject's left side
    lips : (40,) both edges of both lips
    eyes : two times (16,), the lids' edges in a circle; the left eye first
    brows : (20,) of both brows
    """

    triangles: IntArray
    label: IntArray
    oval: IntArray
    lips: IntArray
    eyes: tuple[IntArray, IntArray]
    brows: IntArray

    @property
    def vertices(self) -> int:
        """Number of points of face, rings and border."""
        return POINTS + (RINGS + 1) * len(self.oval)


@cache
def topology() -> Topology:
    """Mesh topology of MediaPipe's face, closed at lids and lips and continued to the frame's border.

    MediaPipe lists the edges of its 852 triangles one triangle after the other; lids and lips are holes.
    """
    from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarksConnections as Edges

    edges = np.array([(edge.start, edge.end) for edge in Edges.FACE_LANDMARKS_TESSELATION])
    skin = edges[:, 0].reshape(-1, 3)
    oval = _circle(Edges.FACE_LANDMARKS_FACE_OVAL, start=10)
    eyes = (
        _circle(Edges.FACE_LANDMARKS_LEFT_EYE, start=263),
        _circle(Edges.FACE_LANDMARKS_RIGHT_EYE, start=33),
    )
    inside = _strip(_circle(Edges.FACE_LANDMARKS_LIPS[-20:], start=78))  # the first twenty are the outer edge
    parts = [(skin, FACE), (inside, MOUTH)]
    parts += [(_fan(eye, hub), EYE) for eye, hub in zip(eyes, IRISES, strict=True)]
    inner = oval
    for ring in range(RINGS + 1):
        outer = POINTS + ring * len(oval) + np.arange(len(oval))
        parts.append((_band(inner, outer), RING + ring))
        inner = outer
    return Topology(
        triangles=np.concatenate([triangles for triangles, _ in parts]),
        label=np.concatenate([np.full(len(triangles), label) for triangles, label in parts]),
        oval=oval,
        lips=_named(Edges.FACE_LANDMARKS_LIPS),
        eyes=eyes,
        brows=_named(Edges.FACE_LANDMARKS_LEFT_EYEBROW + Edges.FACE_LANDMARKS_RIGHT_EYEBROW),
    )


def _named(edges: "list[object]") -> IntArray:
    return np.unique([(edge.start, edge.end) for edge in edges])  # type: ignore[attr-defined]


def _circle(edges: "list[object]", start: int) -> IntArray:
    """Points of a closed line in order, from `start` on, in the direction of the first edge that has one."""
    beside: dict[int, list[int]] = {}
    for edge in edges:
        a, b = edge.start, edge.end  # type: ignore[attr-defined]
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    line = [start, beside[start][0]]
    while len(line) < len(beside):
        back, here = line[-2:]
        line.append(next(point for point in beside[here] if point != back))
    return np.array(line)


def _fan(circle: IntArray, hub: int) -> IntArray:
    return np.stack([circle, np.roll(circle, -1), np.full(len(circle), hub)], axis=1)


def _strip(circle: IntArray) -> IntArray:
    """Triangles that fill a closed line between its two sides, from one corner to the opposite one."""
    half = len(circle) // 2
    below, above = circle[: half + 1], np.roll(circle[::-1], 1)[: half + 1]
    left = np.stack([below[:-1], below[1:], above[1:]], axis=1)[:-1]
    right = np.stack([above[:-1], below[:-1], above[1:]], axis=1)[1:]
    return np.concatenate([left, right])


def _band(inner: IntArray, outer: IntArray) -> IntArray:
    inner_next, outer_next = np.roll(inner, -1), np.roll(outer, -1)
    return np.concatenate(
        [np.stack([inner, inner_next, outer], axis=1), np.stack([inner_next, outer_next, outer], axis=1)]
    )
