"""The head in motion: jaw, lips, lids and neck of one frame, as points of the resting head's mesh."""

from dataclasses import dataclass

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import NECK_PIVOT_M
from mannerism.core.types import Array
from mannerism.tools.make_example import topology as topo
from mannerism.tools.make_example.head import EYE_RADIUS, LID_THICKNESS, Head, eye_centre

PIVOT = 100.0 * np.array(NECK_PIVOT_M)
HINGE = np.array([0.0, -0.6, -2.6])
JAW_RADIANS = 0.20
"""Opening of the jaw at channel value 1: open vowels of conversation, not a yawn."""

LOWER_LIP = topo.LIPS_INNER[1:10]
UPPER_LIP = topo.LIPS_INNER[:10:-1]


@dataclass(frozen=True)
class Frame:
    """One frame: channels of the mouth (4,) as in `mouth.CHANNELS`, closure, blink, brow, all 0 to 1.

    `gaze_down` is the angle, radians, by which the eyes look below the head's own straight ahead.
    """

    channels: Array
    closure: float
    blink: float
    brow: float = 0.0
    gaze_down: float = 0.0


def lids(frame: Frame) -> float:
    """How far the upper lids are down: they blink, and they go with the gaze."""
    followed = float(np.clip(1.3 * frame.gaze_down, -0.12, 0.4))
    return frame.blink + (1.0 - frame.blink) * followed


class Puppeteer:
    """Bends the resting head; all in the head frame, centimetres."""

    def __init__(self, head: Head) -> None:
        self.head = head
        rest = head.points
        self.jaw = _jaw_weights(head)
        away = np.linalg.norm((rest - [0, -4.3, 4.5]) * [0.8, 1, 0.6], axis=1)
        still = np.flatnonzero((away > 4.6) | (rest[:, 1] > -1.6)).tolist()
        inner, outer = topo.LIPS_INNER, topo.LIPS_OUTER
        deep = [i for ring in head.bag[2:] for i in ring]
        self._lips = head.spreader.operator([*inner, *outer], still + deep)
        self._seal = head.spreader.operator(inner, still + deep)
        self._lids = {
            side: head.spreader.operator(
                ring, np.flatnonzero(np.linalg.norm((rest - eye_centre(side))[:, :2], axis=1) > 2.6).tolist()
            )
            for side, ring in topo.EYES.items()
        }
        brows = [70, 63, 105, 66, 107, 336, 296, 334, 293, 300]
        low = np.flatnonzero((rest[:, 1] < 3.4) | (rest[:, 1] > 8.0) | (rest[:, 2] < 0))
        self._brows = head.spreader.operator(brows, low.tolist())

    def shape(self, frame: Frame) -> Array:
        """Points (N, 3) of the face's expression, the head at rest."""
        points = self._mouth(self.head.points, frame)
        points = self._blink(points, lids(frame))
        return points + self._brows.sum(1, keepdims=True) * [0.0, 0.35 * frame.brow, 0.05 * frame.brow]

    def place(self, points: Array, rotation: Array, shift: Array) -> Array:
        """Rotate the head about the product's pivot and shift it; the neck follows less and less downwards."""
        moved = rot.rotate(rotation, points - PIVOT) + PIVOT + shift
        share = np.clip((self.head.points[:, 1] + 16.5) / 7.0, 0.0, 1.0)[:, None]
        share = share * share * (3.0 - 2.0 * share)
        return np.asarray(points + share * (moved - points))

    def lower_teeth(self, frame: Frame) -> Array:
        """Rotation (4,) of the lower teeth and the tongue about HINGE."""
        return rot.from_rotvec([JAW_RADIANS * float(frame.channels[0]), 0.0, 0.0])

    def opening(self, points: Array) -> float:
        """Gap between the middles of the inner lips, metres."""
        return float(np.linalg.norm(points[13] - points[14])) / 100.0

    def _mouth(self, rest: Array, frame: Frame) -> Array:
        jaw, spread, round_, tuck = frame.channels
        open_ = rot.rotate(self.lower_teeth(frame), rest - HINGE) + HINGE
        points = rest + self.jaw[:, None] * (open_ - rest)
        ring = [*topo.LIPS_INNER, *topo.LIPS_OUTER]
        lips = rest[ring]
        across = lips[:, 0] / 2.3
        lower = np.isin(np.arange(len(ring)) % 20, range(1, 10))
        shift = np.zeros_like(lips)
        # Smiling vowels pull the corners out, up and back; rounding draws them in and forward.
        shift += spread * np.stack([0.34 * across, 0.10 * across**2, -0.28 * across**2], 1)
        shift += round_ * np.stack(
            [-0.36 * lips[:, 0], np.where(lower, 0.06, -0.04), 0.55 - 0.25 * across**2], 1
        )
        shift[lower] += tuck * np.array([0.0, 0.30, -0.35]) * np.clip(1 - across[lower, None] ** 2, 0, 1)
        # The upper lip lifts a little off the teeth as the jaw falls.
        shift[~lower] += jaw * np.array([0.0, 0.10, 0.0]) * np.clip(1 - across[~lower, None] ** 2, 0, 1)
        points = points + self._lips @ shift
        return points + self._seal @ self._sealing(points, frame.closure)

    def _sealing(self, points: Array, closure: float) -> Array:
        """Displacement of the inner lips (20, 3) that shuts the mouth by this share."""
        low, high = points[LOWER_LIP], points[UPPER_LIP]
        meet = 0.3 * low + 0.7 * high
        shift = np.zeros((20, 3))
        shift[1:10] = closure * (meet - low)
        shift[:10:-1] = closure * (meet - high)
        return shift

    def _blink(self, points: Array, blink: float) -> Array:
        for side, ring in topo.EYES.items():
            centre = eye_centre(side)
            edge = points[ring] - centre
            # Pairs of upper and lower points, from corner to corner.
            target = edge.copy()
            upper, lower = slice(9, 16), slice(7, 0, -1)
            target[upper] = edge[upper] + blink * 0.97 * (edge[lower] - edge[upper])
            target[lower] = edge[lower] + blink * 0.10 * (edge[upper] - edge[lower])
            points = points + self._lids[side] @ (target - edge)
            points = _outside(points, centre, self.head.rims[side])
        return points


def _outside(points: Array, centre: Array, rims: list[list[int]]) -> Array:
    """Push the lids out of the eyeball that they slide on."""
    offset = points - centre
    distance = np.linalg.norm(offset, axis=1)
    least = np.full(len(points), EYE_RADIUS + LID_THICKNESS)
    least[rims[1]] = EYE_RADIUS + 0.01
    least[rims[2]] = 0.0
    inside = (distance < least) & (offset[:, 2] > 0)
    result = points.copy()
    result[inside] = centre + offset[inside] * (least[inside] / distance[inside])[:, None]
    return result


def _jaw_weights(head: Head) -> Array:
    rest = head.points
    values: dict[int, float] = {}
    values.update(dict.fromkeys(np.flatnonzero((rest[:, 1] > -2.0) | (rest[:, 2] < -4.5)).tolist(), 0.0))
    values.update({i: 0.0 for ring in head.annulus[7:] for i in ring})
    values.update(dict.fromkeys(UPPER_LIP + topo.LIPS_OUTER[:10:-1], 0.0))
    values.update(dict.fromkeys(LOWER_LIP + topo.LIPS_OUTER[1:10], 1.0))
    values.update(dict.fromkeys((152, 148, 377, 175, 199, 200, 176, 400, 149, 378, 150, 379), 1.0))
    values.update(dict.fromkeys((topo.LIPS_INNER[0], topo.LIPS_INNER[10]), 0.45))
    values.update(dict.fromkeys((topo.LIPS_OUTER[0], topo.LIPS_OUTER[10]), 0.42))
    for ring in head.bag[1:]:
        values.update(dict.fromkeys(ring[1:10], 1.0))
        values.update(dict.fromkeys(ring[11:], 0.0))
    return head.spreader.field(values)
