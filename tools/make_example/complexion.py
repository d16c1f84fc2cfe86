"""Colours of the skin, point by point: lips, cheeks, nose, lids, and a little darker where it is thin."""

import numpy as np

from mannerism.core.types import Array
from mannerism.tools.make_example import topology as topo
from mannerism.tools.make_example.hair import hairline
from mannerism.tools.make_example.head import Head, eye_centre

SKIN = np.array([0.60, 0.335, 0.225])
BLUSH = np.array([0.60, 0.235, 0.18])
LIPS = np.array([0.47, 0.135, 0.125])
LID = np.array([0.44, 0.225, 0.17])
SCALP = np.array([0.10, 0.042, 0.022])
NOSTRIL = np.array([0.10, 0.03, 0.022])
INSIDE = np.array([0.13, 0.025, 0.025])


def tint(head: Head) -> Array:
    """Linear RGB, and how freckled, (N, 4), of every point."""
    points = head.points
    colour = np.tile(SKIN, (len(points), 1))
    for centre, radius, share in (((4.3, -0.9, 3.0), 2.4, 0.7), ((0.0, -1.1, 7.4), 1.3, 0.40)):
        for sign in (1.0, -1.0) if centre[0] else (1.0,):
            distance = np.linalg.norm(points - np.array(centre) * [sign, 1, 1], axis=1) / radius
            colour = _mix(colour, BLUSH, share * np.exp(-(distance**2)))
    for side in topo.EYES:
        distance = np.linalg.norm((points - eye_centre(side) - [0, 0.35, 1.2]) * [0.75, 1.0, 0.6], axis=1)
        colour = _mix(colour, LID, 0.55 * np.exp(-((distance / 1.05) ** 2)))
        for ring in head.rims[side][:1]:
            colour[ring] = _mix(colour[ring], LID, np.full(len(ring), 0.6))
        for ring in head.rims[side][1:]:
            colour[ring] = 0.5 * BLUSH
    for sign in (1.0, -1.0):
        distance = np.linalg.norm(points - [sign * 0.80, -1.6, 5.9], axis=1)
        colour = _mix(colour, NOSTRIL, 0.75 * np.exp(-((distance / 0.38) ** 2)))
    lips = set(topo.LIPS_INNER) | _between_lips(head)
    colour[list(lips)] = LIPS
    colour[topo.LIPS_OUTER] = 0.3 * LIPS + 0.7 * SKIN
    colour[head.bag[1]] = 0.8 * LIPS
    for ring in head.bag[2:]:
        colour[ring] = INSIDE
    colour[[ring[i] for ring in head.bag[1:] for i in (0, 10)]] = 0.35 * LIPS
    colour = _mix(colour, SCALP, np.clip((points[:, 1] - hairline(points) + 0.3) / 0.8, 0.0, 1.0))
    freckled = np.zeros(len(points))
    for x in (-3.3, 3.3, 0.0):
        distance = np.linalg.norm((points - [x, 0.2, 4.5]) * [0.6, 1.0, 0.5], axis=1)
        freckled = np.maximum(freckled, np.exp(-((distance / 1.7) ** 2)))
    return np.column_stack([colour, freckled])


def _between_lips(head: Head) -> set[int]:
    """Points of the faces that touch the inner or outer contour on the lips' side."""
    inner, outer = set(topo.LIPS_INNER), set(topo.LIPS_OUTER)
    near = {i for face in head.faces if inner & set(face) for i in face if i < 468}
    grown = {i for face in head.faces if (near - outer) & set(face) for i in face if i < 468}
    # Grow from the inner contour, never across the outer one.
    return {
        i for i in near | grown if i not in outer and _inside(head.points[i], head.points[topo.LIPS_OUTER])
    }


def _inside(point: Array, outline: Array) -> bool:
    """Whether a point lies in a polygon, seen from the front."""
    a, b = outline[:, :2], np.roll(outline[:, :2], -1, 0)
    crosses = (a[:, 1] > point[1]) != (b[:, 1] > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = a[:, 0] + (point[1] - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return bool(np.count_nonzero(crosses & (point[0] < x)) % 2)


def _mix(colour: Array, other: Array, share: Array) -> Array:
    return np.asarray(colour + share[:, None] * (other - colour))
