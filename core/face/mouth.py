"""Mouth shape basis: a few coefficients with the same meaning for every person.

The first number is how far the lips are apart; the others are what lips, chin and cheeks do beside it, most
first, and leave that gap alone. All are about the person's own rest. A face has two like halves here: what
left and right do is averaged, since speech hardly distinguishes them.
"""

from functools import cache
from pathlib import Path

import numpy as np

from ..arrays_file import ArraySpec, read_arrays
from ..track.head_pose import STABLE, canonical_face, fit_similarity
from ..types import Array, IntArray

_LIPS = (
    "61 146 91 181 84 17 314 405 321 375 291 409 270 269 267 0 37 39 40 185"
    " 78 95 88 178 87 14 317 402 318 324 308 415 310 311 312 13 82 81 80 191"
)
_CHIN = "18 83 313 182 406 200 201 421 199 208 428 175 171 396 32 262 194 418 204 424"
_JAW = "152 148 377 176 400 149 378 150 379 136 365 172 397 169 394 170 395 140 369"
_CHEEKS = (
    "164 167 393 165 391 92 322 186 410 57 287 43 273 106 335 202 422 210 430 211 431 212 432"
    " 214 434 216 436 207 427 206 426 203 423 205 425 187 411"
)
MOUTH_POINTS = np.array([int(point) for point in f"{_LIPS} {_CHIN} {_JAW} {_CHEEKS}".split()])
"""Indices of the face points that the mouth shape describes."""

UPPER_LIP, LOWER_LIP = (82, 13, 312), (87, 14, 317)
"""The gap between the lips is the mean of theirs, along +Y."""

_CORNERS = (291, 61)  # left and right

_MIRRORED = np.array([-1.0, 1.0, 1.0])
_RESTING = 0.1  # the share of frames with the smallest gaps, whose mean is the rest


@cache
def basis() -> Array:
    """Displacement of MOUTH_POINTS for one unit of each coefficient, (K, P, 3), metres.

    Learned from many persons by `training/face/basis.py`.
    """
    found = read_arrays(Path(__file__).with_name("mouth.npz"), {"basis": ArraySpec("f", 3)}, linked=True)[
        "basis"
    ].astype(np.float64)
    found.setflags(write=False)
    return np.asarray(found)


def head_frame(points: Array) -> Array:
    """Remove pose and scale: head points in metres at the canonical face's size, shape unchanged.

    points : (N, ≥ 468, 3) +X to the right of the frame, +Y up, +Z towards the camera, in any one unit
    """
    rotation, shift, scale = fit_similarity(canonical_face()[STABLE], points[:, STABLE])
    return np.asarray((points - shift[:, None]) @ rotation / scale[:, None, None])


def rest_mouth(head_points: Array) -> Array:
    """Closed mouth of a person, (P, 3): mean over the frames with the smallest lip gaps."""
    points = symmetric(head_points)
    gap = gap_of(points)
    return np.asarray(points[gap <= np.quantile(gap, _RESTING)].mean(axis=0))


def mouth_shape(head_points: Array, rest: Array | None = None) -> Array:
    """Mouth coefficients, (N, K), metres, of head points (N, ≥ 468, 3).

    rest : (P, 3) of that person, by default what `rest_mouth` finds
    """
    rest = rest_mouth(head_points) if rest is None else rest
    return shape_of(symmetric(head_points) - rest)


def shape_of(displacement: Array) -> Array:
    """Least-squares coefficients (N, K) of displacements (N, P, 3) of MOUTH_POINTS."""
    first, others = basis()[0], basis()[1:]
    opened = gap_of(displacement)
    beside = displacement - opened[:, None, None] * first
    further = np.einsum("npc,kpc->nk", beside, others) / np.square(others).sum(axis=(1, 2))
    return np.column_stack([opened, further])


def mouth_points(shape: Array) -> Array:
    """Displacements of MOUTH_POINTS from rest, (N, P, 3), metres, for coefficients (N, K)."""
    return np.einsum("nk,kpc->npc", shape, basis())


def opening_m(shape: Array) -> Array:
    """Lip opening beyond rest, (N,), metres, for coefficients (N, K)."""
    return np.asarray(shape[:, 0])


def width_m(shape: Array) -> Array:
    """How much wider than at rest the mouth is, corner to corner, (N,), metres, for coefficients (N, K)."""
    left, right = (_at(shape, [corner])[:, 0] for corner in _CORNERS)
    return np.asarray(left - right)


def protrusion_m(shape: Array) -> Array:
    """How much farther forward than at rest the middle of the lips is, (N,), metres, for coefficients (N, K)."""
    return np.asarray(_at(shape, [*UPPER_LIP, *LOWER_LIP])[:, 2])


def _at(shape: Array, points: list[int]) -> Array:
    """Mean displacement (N, 3) of some face points for coefficients (N, K)."""
    return np.asarray(shape @ basis()[:, np.isin(MOUTH_POINTS, points)].mean(axis=1))


def gap_of(points: Array) -> Array:
    """Lip gap, shape (N,), of MOUTH_POINTS (N, P, 3)."""
    return np.asarray(np.einsum("npc,pc->n", points, gap_weights()))


@cache
def gap_weights() -> Array:
    """Weights of the coordinates (P, 3) of MOUTH_POINTS in the lip gap."""
    weights = np.zeros((len(MOUTH_POINTS), 3))
    upper, lower = (np.isin(MOUTH_POINTS, lip) for lip in (UPPER_LIP, LOWER_LIP))
    weights[:, 1] = upper / upper.sum() - lower / lower.sum()
    return weights


def symmetric(head_points: Array) -> Array:
    """MOUTH_POINTS of head points (N, ≥ 468, 3), each averaged with its mirror image, shape (N, P, 3)."""
    return np.asarray(0.5 * (head_points[:, MOUTH_POINTS] + head_points[:, _twins()] * _MIRRORED))


@cache
def _twins() -> IntArray:
    """Index of the mirrored counterpart of each of MOUTH_POINTS."""
    face = canonical_face()
    apart = np.linalg.norm(face[MOUTH_POINTS, None] * _MIRRORED - face, axis=2)
    return np.asarray(apart.argmin(axis=1))
