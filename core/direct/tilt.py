"""Drawing increments from mixtures that are multiplied by a Gaussian of what they lead to, in closed form."""

from dataclasses import dataclass

import numpy as np

from ..network.mixture import DIMENSIONS
from ..types import Array, IntArray
from .aims import Guide


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is wanted of the next increments u of K particles: for each of S scales, -u'Du/2 + e'u + c with D diagonal.

    precision : (S, 6) D; information : (S, 6, K) e; constant : (S, K) c, with the scale's weight
    """

    precision: Array
    information: Array
    constant: Array

    @classmethod
    def of(cls, guide: Guide | None, last: Array, strides: Array, still: float | None) -> "Evidence":
        """From aims, and from an increment of the angles that is to be 0 give or take `still`.

        last : (LAGS - 1, K, 6) the newest poses, the newest first
        """
        particles = last.shape[1]
        if guide is None:
            found = cls(np.zeros((1, 6)), np.zeros((1, 6, particles)), np.zeros((1, particles)))
        else:
            # The increment adds to the newest pose, which is the pose before it until then.
            gaps = guide.gaps(last[0], last[0], last[1])
            slopes = guide.weights[..., 0] * strides[:, None]  # (6 x P)
            pulled = slopes[:, None] @ guide.precision  # (S x 6 x 1 x P)
            found = cls(
                (pulled @ slopes[..., None])[..., 0, 0], (pulled @ gaps)[..., 0, :], guide.log_densities(gaps)
            )
        if still is not None:
            found.precision[:, : DIMENSIONS // 2] += still**-2
        return found


def tilted_draw(
    components: tuple[Array, Array, Array], evidence: Evidence, normal: Array, chance: Array
) -> tuple[Array, Array]:
    """Increments (K, 6), and the log of each particle's whole mass (K,): mixture times evidence, integrated.

    components : as from `network.mixture.components`: (K, C), (6, K, C), (6, 6, K, C)
    normal, chance : (K, 6) standard normal, (K,) uniform
    """
    log_weights, means, factors = components
    particles, count = log_weights.shape
    scales = len(evidence.precision)
    root = np.sqrt(evidence.precision)  # (S x 6)
    d = DIMENSIONS
    a = np.ascontiguousarray(np.broadcast_to(factors[:, :, None], (d, d, scales, particles, count)))
    g = root.T[:, None, :, None, None] * a  # (6 x 6 x S x K x C), lower triangular
    # The precision of z, where u = mean + A z: I + A'DA, and its factor.
    lower = np.zeros_like(g)
    for row in range(d):
        for column in range(row + 1):
            lower[row, column] = np.einsum("r...,r...->...", g[row:, row], g[row:, column])
        lower[row, row] += 1.0
    _factorise(lower)
    # (6 x S x K x C): how far the evidence pulls from the mean.
    drawn = evidence.precision.T[:, :, None, None] * means[:, None]
    pull = evidence.information.transpose(1, 0, 2)[..., None] - drawn
    half = np.empty_like(pull)
    for row in range(d):
        half[row] = np.einsum("r...,r...->...", a[row:, row], pull[row:])
        for column in range(row):
            half[row] -= lower[row, column] * half[column]
        half[row] /= lower[row, row]
    fit = 0.5 * np.square(half).sum(axis=0) + ((pull + 0.5 * drawn) * means[:, None]).sum(axis=0)
    diagonal = lower[range(d), range(d)]
    fit -= np.log(diagonal.prod(axis=0))
    joint = (fit + log_weights + evidence.constant[..., None]).transpose(1, 0, 2).reshape(particles, -1)
    top = joint.max(axis=1, keepdims=True)
    mass = np.exp(joint - top)
    whole = mass.sum(axis=1)
    chosen = chosen_of(mass, chance * whole)
    scale, component = chosen // count, chosen % count
    each = np.arange(particles)
    own = (slice(None), slice(None), scale, each, component)
    triangle, factor = lower[own], a[own]  # (6 x 6 x K)
    z = half[:, scale, each, component] + normal.T
    for row in range(d - 1, -1, -1):
        z[row] -= np.einsum("rk,rk->k", triangle[row + 1 :, row], z[row + 1 :])
        z[row] /= triangle[row, row]
    increments = means[:, each, component] + np.einsum("rck,ck->rk", factor, z)
    return np.ascontiguousarray(increments.T), np.asarray(top[:, 0] + np.log(whole))


def free_draw(components: tuple[Array, Array, Array], normal: Array, chance: Array) -> Array:
    """Increments (K, 6) from the mixtures as they are."""
    log_weights, means, factors = components
    mass = np.exp(log_weights)
    component = chosen_of(mass, chance * mass.sum(axis=1))
    each = np.arange(len(mass))
    moved = np.einsum("rck,kc->rk", factors[:, :, each, component], normal)
    return np.ascontiguousarray((means[:, each, component] + moved).T)


def chosen_of(mass: Array, upto: Array) -> IntArray:
    """Of each row of masses (K, N), which one the sum passes (K,) at."""
    passed = (np.cumsum(mass, axis=1) < upto[:, None]).sum(axis=1)
    return np.minimum(passed, mass.shape[1] - 1)


def _factorise(lower: Array) -> None:
    """Cholesky factors of matrices (6, 6, ...), of which the lower triangle is given, in its place."""
    for column in range(DIMENSIONS):
        lower[column, column] = np.sqrt(lower[column, column])
        lower[column + 1 :, column] /= lower[column, column]
        for row in range(column + 1, DIMENSIONS):
            lower[row:, row] -= lower[row:, column] * lower[row, column]
