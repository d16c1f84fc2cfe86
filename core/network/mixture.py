"""Gaussian mixtures: likelihood and sampling, parametrised by the outputs of a network (Bishop 1994).

A mixture of K components in six dimensions is 28 K numbers: K logits of the weights; K means of six; and
for each component a lower triangular matrix M such that M (x − mean) is standard normal: first the six
logarithms of its diagonal, then what lies below it, row by row.
"""

import math

import numpy as np

from ..types import Array

DIMENSIONS = 6
LOG_DIAGONAL = (-4.0, 5.0)
"""Clipping limits of the logarithms of the diagonal."""

ROWS, COLUMNS = np.tril_indices(DIMENSIONS, -1)
"""Indices of the numbers below the diagonal."""

SIZE = 1 + DIMENSIONS + DIMENSIONS + len(ROWS)
"""Parameters of one component."""


def log_likelihood(outputs: Array, values: Array, counted: int = DIMENSIONS) -> Array:
    """Log likelihood (...) of values (..., 6) under mixtures (..., SIZE K).

    counted : number of leading dimensions that count; those after them are ignored
    """
    logits, means, log_diagonals, below = _split(outputs)
    apart = values[..., None, :] - means  # (... x K x 6)
    # (... x K x 15) by (15 x 6) to (... x K x 6)
    standard = np.exp(log_diagonals) * apart + (below * apart[..., COLUMNS]) @ np.eye(DIMENSIONS)[ROWS]
    each = log_diagonals - 0.5 * np.square(standard) - 0.5 * math.log(2.0 * math.pi)
    joint = logits - _log_sum(logits)[..., None] + each[..., :counted].sum(axis=-1)  # (... x K)
    return _log_sum(joint)


def draw(outputs: Array, normal: list[float], uniform: float) -> Array:
    """Draw one sample (6,) from a mixture (SIZE K,).

    normal : six standard normal numbers
    uniform : in 0 to 1, chooses the component
    """
    count = len(outputs) // SIZE
    # Six by six is too small for numpy to gain anything.
    logits = outputs[:count].tolist()
    largest = max(logits)
    weights = [math.exp(logit - largest) for logit in logits]
    left = uniform * sum(weights)
    chosen = 0
    while chosen < count - 1 and left > weights[chosen]:
        left -= weights[chosen]
        chosen += 1
    first = (1 + DIMENSIONS) * count + (DIMENSIONS + len(ROWS)) * chosen
    factor = outputs[first : first + DIMENSIONS + len(ROWS)].tolist()
    least, most = LOG_DIAGONAL
    apart: list[float] = []
    place = DIMENSIONS
    for row in range(DIMENSIONS):
        rest = normal[row]
        for earlier in apart:
            rest -= factor[place] * earlier
            place += 1
        apart.append(rest * math.exp(-min(max(factor[row], least), most)))
    first = count + DIMENSIONS * chosen
    return outputs[first : first + DIMENSIONS] + apart


def components(outputs: Array, temperature: float) -> tuple[Array, Array, Array]:
    """Components of mixtures (B, SIZE K) as log weights (B, K), means (6, B, K), and factors (6, 6, B, K).

    A factor A is lower triangular: mean + A z has the component's distribution where z is standard normal.
    The batch comes last, so that a loop over six by six is one over large arrays.

    temperature : factor of the standard deviations
    """
    logits, means, log_diagonals, below = _split(outputs)
    scale = np.exp(-log_diagonals).transpose(2, 0, 1)  # (6 x B x K)
    lower = np.ascontiguousarray(below.transpose(2, 0, 1))  # (15 x B x K)
    factors = np.zeros((DIMENSIONS, DIMENSIONS, *logits.shape))
    place = 0
    for row in range(DIMENSIONS):  # forward substitution of M A = temperature
        factors[row, row] = temperature
        for column in range(row):
            factors[row, : column + 1] -= lower[place] * factors[column, : column + 1]
            place += 1
        factors[row, : row + 1] *= scale[row]
    weights = logits - _log_sum(logits)[..., None]
    return weights, np.ascontiguousarray(means.transpose(2, 0, 1)), factors


def _split(outputs: Array) -> tuple[Array, Array, Array, Array]:
    """Split into logits (..., K), means (..., K, 6), log diagonals (..., K, 6), below them (..., K, 15)."""
    count = outputs.shape[-1] // SIZE
    shape = (*outputs.shape[:-1], count)
    logits, means, factors = np.split(outputs, [count, (1 + DIMENSIONS) * count], axis=-1)
    factors = factors.reshape(*shape, -1)  # (... x K x (6 + 15))
    log_diagonals = np.clip(factors[..., :DIMENSIONS], *LOG_DIAGONAL)
    return logits, means.reshape(*shape, DIMENSIONS), log_diagonals, factors[..., DIMENSIONS:]


def _log_sum(values: Array) -> Array:
    """Log-sum-exp over the last axis."""
    largest = values.max(axis=-1, keepdims=True)
    return np.asarray(largest[..., 0] + np.log(np.exp(values - largest).sum(axis=-1)))
