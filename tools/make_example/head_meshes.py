"""Meshes on the head: eyeballs, teeth, tongue, ears and a jersey; points in centimetres."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mannerism.core.types import Array
from mannerism.tools.make_example.topology import Face, bridge


@dataclass(frozen=True)
class Part:
    """A mesh: points (N, 3) and faces."""

    points: Array
    faces: list[Face]


def join(parts: list[Part]) -> Part:
    """One mesh of several."""
    starts = np.cumsum([0] + [len(p.points) for p in parts])
    faces = [tuple(int(s) + i for i in f) for s, p in zip(starts, parts, strict=False) for f in p.faces]
    return Part(np.concatenate([p.points for p in parts]), faces)


def ball(radii: tuple[float, float, float], rows: int = 24, columns: int = 40) -> Part:
    """An ellipsoid whose poles lie on the z axis."""
    polar = np.linspace(0, np.pi, rows + 1)[1:-1]
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    p, a = np.meshgrid(polar, around, indexing="ij")
    rings = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)], -1).reshape(-1, 3)
    points = np.concatenate([rings, [[0, 0, 1]], [[0, 0, -1]]]) * radii
    numbers = np.arange(len(rings)).reshape(rows - 1, columns).tolist()
    faces = [f for a, b in pairwise(numbers) for f in bridge(a, b)]
    top, bottom = len(rings), len(rings) + 1
    for i in range(columns):
        j = (i + 1) % columns
        faces += [(top, numbers[0][i], numbers[0][j]), (bottom, numbers[-1][j], numbers[-1][i])]
    return Part(points, [f[::-1] for f in faces])


def loft(rings: Array, *, closed: bool = False) -> Part:
    """A tube through rings (R, C, 3); `closed` adds a cap at its end."""
    count, columns, _ = rings.shape
    numbers = np.arange(count * columns).reshape(count, columns).tolist()
    faces = [f for a, b in pairwise(numbers) for f in bridge(a, b)]
    if closed:
        faces.append(tuple(numbers[-1]))
    return Part(rings.reshape(-1, 3), faces)


def teeth(*, upper: bool) -> Part:
    """One row of teeth along a parabola, edges near the line where the lips meet."""
    widths = [0.84, 0.68, 0.74, 0.68, 0.68] if upper else [0.52, 0.56, 0.64, 0.66, 0.66]
    heights = [0.98, 0.86, 0.95, 0.80, 0.74] if upper else [0.78, 0.78, 0.85, 0.78, 0.7]
    front = 4.62 if upper else 4.42
    edge = -4.42 if upper else -4.50
    parts = []
    at = 0.0
    for width, height in zip(widths, heights, strict=True):
        x = at + width / 2
        at += width
        slope = 2 * 0.2 * x
        angle = np.arctan(slope)
        box = _tooth(1.2 * width, height, 0.5)
        tip = edge + (0.04 * (width < 0.7) if upper else 0.0)
        box[:, 1] = tip + box[:, 1] if upper else tip - box[:, 1]
        turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
        placed = (box * [1, 0, 1]) @ turn.T + box * [0, 1, 0] + [x, 0, front - 0.2 * x**2]
        for sign in (1, -1):
            faces = [f if sign == 1 else f[::-1] for f in _TOOTH_FACES]
            parts.append(Part(placed * [sign, 1, 1], faces if upper else [f[::-1] for f in faces]))
    return join(parts)


def _tooth(width: float, height: float, depth: float) -> Array:
    """Four cross-sections of a tooth, from its edge to its root."""
    sections = []
    for share, wide, deep in ((0.0, 0.90, 0.35), (0.12, 1.0, 0.6), (0.55, 1.0, 0.9), (1.0, 0.82, 1.0)):
        w, d = width * wide / 2, depth * deep / 2
        sections.append(
            [
                [w, share * height, d],
                [-w, share * height, d],
                [-w, share * height, -d],
                [w, share * height, -d],
            ]
        )
    return np.array(sections).reshape(-1, 3)


_TOOTH_FACES: list[Face] = [
    *((a + i, a + (i + 1) % 4, a + 4 + (i + 1) % 4, a + 4 + i) for a in (0, 4, 8) for i in range(4)),
    (3, 2, 1, 0),
    (12, 13, 14, 15),
]


def gum(*, upper: bool) -> Part:
    """The ridge that the teeth stand in."""
    x = np.linspace(-3.3, 3.3, 25)
    around = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    front = 4.45 if upper else 4.25
    height = -3.25 if upper else -5.45
    rings = [
        np.stack(
            [np.full(10, at), height + 0.42 * np.sin(around), front - 0.2 * at**2 + 0.34 * np.cos(around)], 1
        )
        for at in x
    ]
    return loft(np.array(rings))


def tongue() -> Part:
    """A soft shape behind the lower teeth."""
    part = ball((1.7, 0.55, 2.3), 12, 20)
    return Part(part.points + np.array([0.0, -4.72, 2.05]), part.faces)


# Size of the ear's outline, and how far a ring of it stands out of the ear's plane: back, rim, fold, bowl.
_EAR = [(0.35, -0.9), (0.8, -0.35), (0.97, 0.0), (1.0, 0.25), (0.93, 0.42)]
_EAR += [(0.82, 0.30), (0.72, 0.05), (0.60, 0.12), (0.45, -0.15), (0.25, -0.35)]


def ear(*, left: bool) -> Part:
    """A shell with a rolled rim and a bowl, in a plane that leans on the head."""
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    high = np.where(np.sin(around) > 0, 3.1, 3.2)
    wide = 1.75 + 0.25 * np.sin(around)
    outline = np.stack([wide * np.cos(around), high * np.sin(around)], 1)
    rings = [np.column_stack([size * outline, np.full(len(around), out)]) for size, out in _EAR]
    flat = loft(np.array(rings), closed=True)
    forwards, up, out = flat.points.T
    forwards = forwards - 0.15 * up  # the top leans back
    forwards = np.where(up < -1.6, forwards * 0.75 + 0.25, forwards)  # the lobe is narrow
    x = 7.75 + 0.6 * out - 0.22 * forwards
    points = np.stack([x, 0.3 + up, -4.0 + forwards + 0.30 * out], 1)
    return Part(points, flat.faces) if left else Part(points * [-1, 1, 1], [f[::-1] for f in flat.faces])


def jersey() -> Part:
    """Shoulders in a round-necked jersey."""
    around = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    # Height, half width, front, back, squareness of each ring, from inside the collar outwards and down.
    table = [
        (-16.2, 5.3, -2.2, -11.0, 2.0),
        (-14.9, 5.9, -1.4, -11.8, 2.0),
        (-14.6, 6.3, -0.9, -12.2, 2.0),
        (-15.0, 6.7, -0.5, -12.5, 2.0),
        (-15.6, 7.0, -0.3, -12.8, 2.0),
        (-16.0, 8.6, 0.0, -13.2, 2.1),
        (-17.0, 12.0, 0.8, -14.0, 2.2),
        (-18.4, 15.6, 1.6, -14.6, 2.3),
        (-20.6, 18.2, 2.6, -15.0, 2.4),
        (-24.0, 19.6, 3.8, -15.2, 2.5),
        (-29.0, 20.0, 4.8, -15.2, 2.6),
        (-38.0, 19.5, 5.5, -15.0, 2.6),
    ]
    rings = []
    for y, half, front, back, power in table:
        c, s = np.cos(around), np.sin(around)
        x = half * np.sign(c) * np.abs(c) ** (2 / power)
        depth = np.sign(s) * np.abs(s) ** (2 / power)
        z = (front + back) / 2 + (front - back) / 2 * depth
        # The collar sits lower in front, and shoulders drop forwards a little.
        drop = 1.6 * np.clip(depth, 0, 1) ** 2 * np.interp(y, [-17, -14.6], [0.4, 1.0])
        rings.append(np.stack([x, y - drop, z], 1))
    part = loft(np.array(rings))
    return Part(part.points, [f[::-1] for f in part.faces])
