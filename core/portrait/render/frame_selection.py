"""Frame selection (unit selection): for each output frame a source frame each for pose, mouth and eyes.

As in Video Rewrite (Bregler, Covell and Slaney 1997), real frames are retrieved; the path through them that
is the best on the whole is found by dynamic programming, so that what is shown runs on where it can.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from ...face.manner import lids
from ...track.head_pose import INNER_LIPS
from ...types import Array, BoolArray, Float32Array, IntArray
from ..model.camera import FacePoses
from ..model.person import Drive, Person
from ..model.topology import IRISES, topology
from .gestures import gestures
from .look import FADED, Look

POSE, MOUTH, EYES = range(3)
"""The slots: columns of a choice."""

# One unit of cost each: just visible differences.
_TURN = np.radians(4.0)
_SHIFT_FACES = 0.05
_LOG_SCALE = 0.02

_MOUTH_SHAPES, _EYE_SHAPES = 8, 6  # principal components of their expression
_LIDS = 0.7  # of one standard deviation of the lids' opening: a blink is visible, however little else moves
_MIX = np.array([[1.0, 0.6, 0.4], [0.25, 2.0, 0.0], [0.25, 0.0, 2.0]])
"""What each slot asks of pose, mouth and eyes."""
_SWITCH = (0.8, 0.35, 0.35)
_GAP, _VISIBLE_M = 0.7, 1e-3
"""Of the difference of the logarithms of how far lips are apart: the first millimetre counts most."""
_PRESSED = 5.0  # per cent of a reference's frames that have the lips nearest; points of lips that touch are some way apart
_STEADY, _TEETH_M = 3.0, 3e-3
"""A switch costs so many times as much again where lips so far apart show the teeth of one picture alone."""
_GESTURE = 1.0  # of what calm frames differ from the body's usual look: hands are best left out
_STEP = 0.02  # of running on at another pace than the reference's
_LEAST_M = 1e-9  # of a deviation: the face of a reference may not move at all


@dataclass(frozen=True)
class Chooser:
    """Selection costs of a reference's frames, minimised over time by dynamic programming."""

    person: Person
    look: Look = FADED

    def choose(self, drive: Drive, forbidden: BoolArray | None = None) -> IntArray:
        """Select source frames for the T frames of a video, shape (T, 3): for pose, mouth and eyes.

        forbidden : (T, N) frames that may not be rendered from, besides those that are not usable;
            at least one has to be left to each of the T
        """
        barred = np.broadcast_to(~self.person.usable, (len(drive), len(self.person.clip)))
        if forbidden is not None:
            barred = barred | forbidden
        distance = self.distances(drive)
        pace = _pace(drive.time_s, self.person.clip.time_s)
        costs = np.tensordot(_MIX, distance, axes=1).astype(np.float32)
        costs[POSE] += np.float32(_GESTURE) * self._gestures  # only this slot shows the body
        costs[:, barred] = np.inf
        switches = np.repeat(np.array(_SWITCH)[:, None], len(drive), axis=1)
        switches[MOUTH] *= 1.0 + _STEADY * self.look.mouth * self._teeth(drive)
        ways = [cheapest_way(cost, switch, _STEP, pace) for cost, switch in zip(costs, switches, strict=True)]
        return np.stack(ways, axis=1)

    @cached_property
    def _gestures(self) -> Float32Array:
        return gestures(self.person).astype(np.float32)

    def _teeth(self, drive: Drive) -> Array:
        """How far teeth are seen both in each frame and before it, (T,), from 0 to 1."""
        shown = np.clip(self._apart_m(self.person.mesh + drive.expression) / _TEETH_M, 0.0, 1.0)
        return np.minimum(shown, np.concatenate([shown[:1], shown[:-1]]))

    def _apart_m(self, points: Array) -> Array:
        """How far the lips of faces (N, 478, 3) are apart beyond where they touch, (N,), metres."""
        return np.maximum(lip_gap_m(points) - self._touching_m, 0.0)

    @cached_property
    def _touching_m(self) -> float:
        person = self.person
        return float(np.percentile(lip_gap_m(person.mesh + person.expression[person.usable]), _PRESSED))

    def distances(self, drive: Drive) -> Float32Array:
        """Distances of T frames from the N of the reference in pose, mouth and eyes: (3, T, N)."""
        names, person = topology(), self.person
        shown, reference, usable = drive.expression, person.expression, person.usable
        around = np.concatenate([*names.eyes, IRISES, names.brows])
        mouth = _shape_distance(shown[:, names.lips], reference[:, names.lips], usable, _MOUTH_SHAPES)
        eyes = _shape_distance(shown[:, around], reference[:, around], usable, _EYE_SHAPES, evenly=0.5)
        apart, apart_reference = (lids(person.mesh + each) for each in (shown, reference))
        unit = max(float(apart_reference[usable].std()), _LEAST_M)
        blink = np.abs(apart[:, None] - apart_reference) / unit
        pose = pose_distance(drive.poses, person.poses, np.ptp(person.mesh[names.oval, 0]))
        if self.look.lips:
            gaps = (np.log1p(self._apart_m(person.mesh + each) / _VISIBLE_M) for each in (shown, reference))
            mouth = np.hypot(mouth, self.look.lips * _GAP * np.abs(np.subtract.outer(*gaps)))
        return np.stack([pose, mouth, np.hypot(eyes, _LIDS * blink)]).astype(np.float32)


def lip_gap_m(points: Array) -> Array:
    """Distance of the lips' inner edges in the middle, (N,), metres, of faces (N, 478, 3)."""
    upper, lower = (points[:, lip] for lip in INNER_LIPS)
    return np.asarray(np.linalg.norm(upper - lower, axis=1))


def pose_distance(shown: FacePoses, reference: FacePoses, face_m: float) -> Array:
    """Distance of T poses from N, shape (T, N): rotation, shift and size, each in just visible steps.

    face_m : width of the face, metres
    """
    turn = _angles(shown.rotation.reshape(-1, 9), reference.rotation.reshape(-1, 9))
    shift = np.linalg.norm(shown.shift[:, None] - reference.shift, axis=2)
    size = np.abs(np.log(shown.scale)[:, None] - np.log(reference.scale))
    return turn / _TURN + shift / (_SHIFT_FACES * face_m * shown.scale[:, None]) + size / _LOG_SCALE


def _angles(a: Array, b: Array) -> Array:
    """Angles between T and N rotations as (T, 9) and (N, 9); by the half sine, exact where they are near."""
    return np.asarray(2 * np.arcsin(np.sqrt(np.clip((3 - a @ b.T) / 4, 0, 1))))


def _shape_distance(
    shown: Array, reference: Array, usable: BoolArray, components: int, evenly: float = 0.0
) -> Array:
    """Distance in the reference's principal components, in standard deviations of the first: (T, N).

    evenly : 0 where each component counts by what it moves, 1 where all count the same
    """
    shown, reference = (part.reshape(len(part), -1) for part in (shown, reference))
    mean = reference[usable].mean(axis=0)
    _, moves, axes = np.linalg.svd(reference[usable] - mean, full_matrices=False)
    deviation = np.maximum(moves[:components] / np.sqrt(usable.sum()), _LEAST_M)
    basis = (axes[:components] / (deviation[:, None] ** evenly * deviation[0] ** (1 - evenly))).T
    a, b = ((part - mean) @ basis for part in (shown, reference))
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(square, 0))


def _pace(shown_s: Array, reference_s: Array) -> int:
    """Reference frames that pass during one of the video, rounded up."""
    if len(shown_s) < 2 or len(reference_s) < 2:
        return 1
    return max(1, ceil(np.median(np.diff(shown_s)) / np.median(np.diff(reference_s)) - 0.01))


def cheapest_way(cost: Float32Array, switch: Array, step: float, pace: int) -> IntArray:
    """Minimum-cost path through N states in T steps, shape (T,): the Viterbi algorithm.

    cost : (T, N) of being there; inf bars
    switch : (T,) of going anywhere for this step
    step : of going on or back by up to `pace` states; staying costs nothing
    """
    steps, states = cost.shape
    came_from = np.empty((steps, states), np.int32)
    everyone = np.arange(states, dtype=np.int32)
    total = cost[0].astype(np.float64)
    for t in range(1, steps):
        best = int(total.argmin())
        cheapest = np.full(states, total[best] + switch[t])
        source = np.full(states, best, np.int32)
        for by in range(-pace, pace + 1):
            there = slice(max(by, 0), states + min(by, 0))
            here = slice(max(-by, 0), states + min(-by, 0))
            moved = total[here] + step * bool(by)
            better = moved < cheapest[there]
            cheapest[there] = np.where(better, moved, cheapest[there])
            source[there] = np.where(better, everyone[here], source[there])
        came_from[t] = source
        total = cheapest + cost[t]
    way = np.empty(steps, np.intp)
    way[-1] = total.argmin()
    for t in range(steps - 1, 0, -1):
        way[t - 1] = came_from[t, way[t]]
    return way
