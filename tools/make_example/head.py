"""The head at rest: canonical face, reshaped, with lids, mouth cavity, skull and neck, centimetres."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mannerism.core.motion import cubic
from mannerism.core.types import Array
from mannerism.tools.make_example import topology as topo
from mannerism.tools.make_example.spread import Spreader

SKULL = Path(__file__).with_name("skull.csv")

EYE_RADIUS = 1.42
EYE_CENTRE = np.array([3.2, 2.62, 2.5])
LID_THICKNESS = 0.10

CREASES = {"right": [247, 30, 29, 27, 28, 56, 190], "left": [467, 260, 259, 257, 258, 286, 414]}
"""Points where the upper lids fold."""

# Strokes that make the general face hers: centre (on one side, mirrored), radius, displacement.
_STROKES: list[tuple[tuple[float, float, float], float, tuple[float, float, float]]] = [
    ((0.0, -1.3, 7.4), 1.4, (0.0, 0.32, -0.10)),  # tip of the nose: up and back
    ((1.7, -1.5, 4.8), 1.2, (-0.30, 0.10, 0.0)),  # its wings: narrower
    ((0.9, 1.6, 5.0), 1.2, (-0.12, 0.0, 0.0)),  # its bridge
    ((0.0, 1.3, 6.0), 1.5, (0.0, 0.0, -0.28)),
    ((6.2, -5.6, -0.8), 3.2, (-0.65, 0.25, 0.1)),  # corners of the jaw: slimmer
    ((4.2, -6.2, 2.2), 2.6, (-0.40, 0.15, 0.0)),
    ((1.6, -9.0, 3.8), 1.8, (-0.30, 0.20, 0.05)),  # a finer chin
    ((0.0, -8.4, 5.0), 1.5, (0.0, 0.15, 0.20)),
    ((5.2, 0.4, 2.2), 2.0, (0.10, 0.10, 0.25)),  # cheekbones
    ((3.6, -1.6, 4.0), 1.8, (0.0, 0.10, 0.22)),  # rounder cheeks
    ((0.9, -3.1, 5.9), 0.9, (0.0, 0.14, 0.14)),  # fuller lips
    ((0.0, -5.2, 5.6), 1.3, (0.0, -0.10, 0.26)),
    ((2.4, -4.3, 4.3), 0.9, (0.05, 0.20, -0.02)),  # a hint of a smile
    ((3.2, 4.1, 4.2), 1.2, (0.0, 0.10, -0.12)),  # the hollow above the lids
    ((0.0, 5.5, 5.4), 3.0, (0.0, 0.0, 0.15)),  # a rounder forehead
    ((0.80, -1.7, 5.9), 0.45, (0.0, 0.35, -0.05)),  # nostrils
]


@dataclass(frozen=True)
class Head:
    """Points (N, 3) in the head frame, centimetres, faces, and the rings that others attach to."""

    points: Array
    faces: list[topo.Face]
    spreader: Spreader
    rims: dict[str, list[list[int]]]
    """Rings of each eye from the lid's edge inwards, the edge first."""
    bag: list[list[int]]
    """Rings of the mouth from the inner lips inwards, the lips first."""
    annulus: list[list[int]]
    """Rings from the oval of the face to the foot of the neck, the oval first."""


def build_head(canonical: Array) -> Head:
    """The head of the example from the canonical face (468, 3), centimetres."""
    faces = topo.face_quads(canonical)
    points = 0.5 * (canonical + canonical[topo.mirror(canonical)] * [-1, 1, 1])
    points = _reshape(points)
    points = _close_lips(points, faces)
    points = _seat_lids(points, faces)
    mesh = _Growing(points, faces)
    annulus = _grow_skull(mesh)
    rims = {side: _grow_rims(mesh, side) for side in topo.EYES}
    bag = _grow_bag(mesh)
    final = np.array(mesh.points)
    return Head(final, mesh.faces, Spreader(len(final), mesh.faces), rims, bag, annulus)


def eye_centre(side: str) -> Array:
    """Middle of an eyeball, centimetres."""
    return EYE_CENTRE * np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])


class _Growing:
    def __init__(self, points: Array, faces: list[topo.Face]) -> None:
        self.points = list(points)
        self.faces = list(faces)

    def ring(self, base: list[int], places: Array) -> list[int]:
        new = list(range(len(self.points), len(self.points) + len(places)))
        self.points.extend(places)
        for face in topo.bridge(base, new):
            self.faces.append(face)
        return new


def _reshape(points: Array) -> Array:
    moved = points.copy()
    for centre, radius, shift in _STROKES:
        for sign in (1.0, -1.0) if centre[0] else (1.0,):
            flip = np.array([sign, 1.0, 1.0])
            distance = np.linalg.norm(points - flip * centre, axis=1) / radius
            moved += np.exp(-(distance**2))[:, None] * flip * shift
    return moved


def _close_lips(points: Array, faces: list[topo.Face]) -> Array:
    """Bring the inner lips together."""
    ring = topo.LIPS_INNER
    lower, upper = ring[1:10], ring[:10:-1]
    shift = np.zeros_like(points)
    for a, b in zip(lower, upper, strict=True):
        meet = 0.45 * points[a] + 0.55 * points[b]
        shift[a], shift[b] = meet - points[a], meet - points[b]
    still = np.flatnonzero((points[:, 1] > -2.2) | (points[:, 1] < -7.0) | (abs(points[:, 0]) > 4.0))
    operator = Spreader(len(points), faces).operator(ring, still.tolist())
    return np.asarray(points + operator @ shift[ring])


def _seat_lids(points: Array, faces: list[topo.Face]) -> Array:
    """Open the lids a little wider and lay their edges on the eyeballs."""
    spreader = Spreader(len(points), faces)
    moved = points.copy()
    for side, ring in topo.EYES.items():
        centre = eye_centre(side)
        target = points[ring] - centre
        share = 1.0 - (target[:, 0] / 1.32) ** 2  # 0 at the corners
        above = target[:, 1] > 0.0
        target[:, 1] += np.where(above, 0.24, -0.14) * np.clip(share, 0, 1)
        radial = target / np.linalg.norm(target, axis=1, keepdims=True) * (EYE_RADIUS + LID_THICKNESS)
        # Towards the nose the lids leave the eyeball: the corner of an eye lies before it.
        inner = np.clip((-np.sign(centre[0]) * target[:, 0] - 0.6) / 0.7, 0, 1)[:, None]
        target = radial + 0.45 * inner * (target - radial)
        still = np.flatnonzero(np.linalg.norm((points - centre)[:, :2], axis=1) > 2.9)
        operator = spreader.operator(ring, still.tolist())
        moved += operator @ (target + centre - points[ring])
        crease = CREASES[side]
        sunk = centre + (moved[crease] - centre) * [1.0, 1.06, 1.0]
        sunk[:, 2] -= 0.16
        moved[crease] = sunk
        # The lids themselves must stay outside the eyeball.
        offset = moved - centre
        distance = np.linalg.norm(offset, axis=1)
        least = EYE_RADIUS + LID_THICKNESS
        inside = (distance < least) & (offset[:, 2] > 0)
        moved[inside] = centre + offset[inside] / distance[inside, None] * least
    return moved


def _grow_skull(mesh: _Growing) -> list[list[int]]:
    oval = topo.OVAL
    start = np.array(mesh.points)[oval]
    curves = _meridians()
    grid = np.concatenate([start[:, None], curves], axis=1)
    for _ in range(6):  # smooth along and around, the ends held
        around = 0.5 * (np.roll(grid, 1, 0) + np.roll(grid, -1, 0))
        along = 0.5 * (grid[:, :-2] + grid[:, 2:])
        grid[:, 1:-1] += 0.5 * (0.5 * around[:, 1:-1] + 0.5 * along - grid[:, 1:-1])
    rings = [oval]
    for j in range(1, grid.shape[1]):
        rings.append(mesh.ring(rings[-1], grid[:, j]))
    return rings


def _meridians() -> Array:
    """A curve for each point of the oval, (36, P, 3), by Catmull-Rom between those of skull.csv."""
    table = np.loadtxt(SKULL, delimiter=",", skiprows=4)
    keys = np.unique(table[:, 0])
    known = table[:, 1:].reshape(len(keys), -1, 3)
    mirror = known * [-1, 1, 1]
    # The head is symmetric, so beyond forehead and chin the curves reflect.
    places = np.concatenate([-keys[:0:-1], keys, 36 - keys[-2::-1]])
    curves = np.concatenate([mirror[:0:-1], known, mirror[-2::-1]])
    flat = cubic(places, curves.reshape(len(places), -1), np.arange(19.0))
    half = flat.reshape(19, -1, 3)
    return np.concatenate([half, half[17:0:-1] * [-1, 1, 1]])


def _grow_rims(mesh: _Growing, side: str) -> list[list[int]]:
    """The thickness of the lids: from their edge to the eyeball, then behind it."""
    rings = [topo.EYES[side]]
    centre = eye_centre(side)
    edge = np.array(mesh.points)[rings[0]] - centre
    for radius, scale in ((EYE_RADIUS + 0.01, 0.985), (EYE_RADIUS - 0.25, 1.02)):
        place = edge * [scale, scale, 1]
        place *= radius / np.linalg.norm(place, axis=1, keepdims=True)
        inner = np.maximum(np.linalg.norm(edge, axis=1, keepdims=True) - EYE_RADIUS - LID_THICKNESS, 0)
        place += 0.5 * inner * edge / np.linalg.norm(edge, axis=1, keepdims=True)
        rings.append(mesh.ring(rings[-1], centre + place))
    return rings


def _grow_bag(mesh: _Growing) -> list[list[int]]:
    """The mouth's cavity behind the lips."""
    rings = [topo.LIPS_INNER]
    lips = np.array(mesh.points)[rings[0]]
    middle = lips.mean(0)
    side = np.array([0.0] + [-1.0] * 9 + [0.0] + [1.0] * 9)  # lower lip, upper lip
    for depth, shrink, open_ in ((0.35, 0.90, 0.10), (0.9, 0.86, 0.55), (2.0, 0.80, 1.1), (4.5, 0.7, 1.3)):
        bulge = np.sqrt(np.clip(1 - ((lips[:, 0] - middle[0]) / 2.2) ** 2, 0.02, 1))
        place = lips.copy()
        place[:, 0] *= shrink
        place[:, 1] += side * open_ * bulge
        place[:, 2] -= depth
        rings.append(mesh.ring(rings[-1], place))
    return rings
