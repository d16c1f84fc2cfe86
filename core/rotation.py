"""Rotations of the head as unit quaternions, with the sign conventions of the whole package.

Frame: right-handed, attached to the head: +X the subject's left, +Y up, +Z out of the face.
Euler angles: R = Ry(yaw) Rx(pitch) Rz(roll), intrinsic. +pitch looks down, +yaw turns to the
subject's left, +roll tips the crown to the subject's right shoulder.
Quaternions are `wxyz`; a rotation maps head coordinates to the frame that it is expressed in.
"""

import numpy as np
from numpy.typing import ArrayLike

from .types import Array

IDENTITY: Array = np.array([1.0, 0.0, 0.0, 0.0])


def arctan2(y: ArrayLike, x: ArrayLike) -> Array:
    """Angle in radians of (x, y), in the same bits wherever in memory the two lie.

    numpy's vector code leaves a strided column to the C library, which rounds otherwise, when the result happens
    to be allocated right behind it. Contiguous copies never go that way.
    """
    return np.asarray(np.arctan2(np.array(y, np.float64, order="C"), np.array(x, np.float64, order="C")))


def normalize(q: ArrayLike) -> Array:
    """Scale quaternions, shape (..., 4), to unit length."""
    q = np.asarray(q, np.float64)
    return q / np.linalg.norm(q, axis=-1, keepdims=True)


def multiply(a: ArrayLike, b: ArrayLike) -> Array:
    """Hamilton product: first rotate by `b`, then by `a`. Shapes (..., 4), broadcast."""
    aw, ax, ay, az = np.moveaxis(np.asarray(a, np.float64), -1, 0)
    bw, bx, by, bz = np.moveaxis(np.asarray(b, np.float64), -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def inverse(q: ArrayLike) -> Array:
    """Inverse rotation of unit quaternions, shape (..., 4)."""
    return np.asarray(q, np.float64) * [1.0, -1.0, -1.0, -1.0]


def rotate(q: ArrayLike, v: ArrayLike) -> Array:
    """Rotate vectors (..., 3) by unit quaternions (..., 4)."""
    return np.einsum("...ij,...j->...i", to_matrix(q), np.asarray(v, np.float64))


def continuous(q: ArrayLike) -> Array:
    """Flip signs along time, shape (T, 4), so that neighbours lie in one hemisphere."""
    q = np.asarray(q, np.float64)
    if len(q) < 2:
        return q.copy()
    flips = np.where(np.einsum("ti,ti->t", q[1:], q[:-1]) < 0, -1.0, 1.0)
    return q * np.concatenate([[1.0], np.cumprod(flips)])[:, None]


def from_matrix(m: ArrayLike) -> Array:
    """Unit quaternions, shape (..., 4), of rotation matrices (..., 3, 3)."""
    m = np.asarray(m, np.float64)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    # The four candidates are the columns of 4 q qᵀ; the longest is the best conditioned.
    rows = np.stack(
        [
            np.stack([1 + xx + yy + zz, _skew(m, 2, 1), _skew(m, 0, 2), _skew(m, 1, 0)], -1),
            np.stack([_skew(m, 2, 1), 1 + xx - yy - zz, _sum(m, 1, 0), _sum(m, 0, 2)], -1),
            np.stack([_skew(m, 0, 2), _sum(m, 1, 0), 1 - xx + yy - zz, _sum(m, 2, 1)], -1),
            np.stack([_skew(m, 1, 0), _sum(m, 0, 2), _sum(m, 2, 1), 1 - xx - yy + zz], -1),
        ],
        axis=-2,
    )
    best = np.argmax(np.linalg.norm(rows, axis=-1), axis=-1)
    q = np.take_along_axis(rows, best[..., None, None], axis=-2)[..., 0, :]
    return normalize(np.where(q[..., :1] < 0, -q, q))


def _skew(m: Array, i: int, j: int) -> Array:
    return m[..., i, j] - m[..., j, i]


def _sum(m: Array, i: int, j: int) -> Array:
    return m[..., i, j] + m[..., j, i]


def to_matrix(q: ArrayLike) -> Array:
    """Rotation matrices, shape (..., 3, 3), of unit quaternions (..., 4)."""
    w, x, y, z = np.moveaxis(np.asarray(q, np.float64), -1, 0)
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], -1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], -1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], -1),
        ],
        axis=-2,
    )


def from_rotvec(v: ArrayLike) -> Array:
    """Unit quaternions of rotation vectors, shape (..., 3), radians."""
    v = np.asarray(v, np.float64)
    half = 0.5 * np.linalg.norm(v, axis=-1, keepdims=True)
    return np.concatenate([np.cos(half), 0.5 * np.sinc(half / np.pi) * v], axis=-1)


def to_rotvec(q: ArrayLike) -> Array:
    """Rotation vectors, shape (..., 3), radians, length at most pi."""
    q = np.asarray(q, np.float64)
    q = np.where(q[..., :1] < 0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    angle = 2.0 * arctan2(sine, q[..., :1])
    scale = np.where(sine > 1e-12, angle / np.maximum(sine, 1e-12), 2.0)
    return scale * q[..., 1:]


def from_euler(pitch: ArrayLike, yaw: ArrayLike, roll: ArrayLike) -> Array:
    """Unit quaternions of R = Ry(yaw) Rx(pitch) Rz(roll); angles in radians, shapes broadcast."""
    pitch, yaw, roll = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (pitch, yaw, roll)))
    zero = np.zeros_like(pitch)
    qx = from_rotvec(np.stack([pitch, zero, zero], -1))
    qy = from_rotvec(np.stack([zero, yaw, zero], -1))
    qz = from_rotvec(np.stack([zero, zero, roll], -1))
    return multiply(qy, multiply(qx, qz))


def to_euler(q: ArrayLike) -> Array:
    """Pitch, yaw and roll in radians, shape (..., 3), of unit quaternions (..., 4)."""
    m = to_matrix(q)
    pitch = np.arcsin(np.clip(-m[..., 1, 2], -1.0, 1.0))
    yaw = arctan2(m[..., 0, 2], m[..., 2, 2])
    roll = arctan2(m[..., 1, 0], m[..., 1, 1])
    return np.stack([pitch, yaw, roll], axis=-1)


def power(q: ArrayLike, share: ArrayLike) -> Array:
    """The rotation taken `share` times, by slerp from rest; shares that add up to 1 compose to `q`."""
    return from_rotvec(to_rotvec(q) * np.asarray(share, np.float64)[..., None])


def angle_between(a: ArrayLike, b: ArrayLike) -> Array:
    """Angle in radians between rotations, exact for small ones: 2 asin(‖Ra − Rb‖_F / 2√2)."""
    frobenius = np.linalg.norm(to_matrix(a) - to_matrix(b), axis=(-2, -1))
    return 2.0 * np.arcsin(np.clip(frobenius / (2.0 * np.sqrt(2.0)), 0.0, 1.0))


def wrapped(angles: Array) -> Array:
    """Angles in radians without whole turns, from -π to below π."""
    return np.asarray((angles + np.pi) % (2 * np.pi) - np.pi)


_MOST_FOR_A_MEDIAN = 1 << 16  # of half an hour no more are needed


def geodesic_median(q: ArrayLike, iterations: int = 50) -> Array:
    """Rotation, shape (4,), with the least sum of angles to `q`, shape (T, 4), T ≥ 1.

    Weiszfeld's iteration in the tangent space (Fletcher, Venkatasubramanian and Joshi 2009).
    """
    q = np.asarray(q, np.float64)
    q = q[:: max(1, len(q) // _MOST_FOR_A_MEDIAN)]
    centre = normalize(np.linalg.eigh(q.T @ q)[1][:, -1])
    for _ in range(iterations):
        offsets = to_rotvec(multiply(inverse(centre), q))
        weights = 1.0 / np.maximum(np.linalg.norm(offsets, axis=1), 1e-6)
        step = weights @ offsets / weights.sum()
        centre = normalize(multiply(centre, from_rotvec(step)))
        if np.linalg.norm(step) < 1e-9:
            break
    return centre if centre[0] >= 0 else -centre
