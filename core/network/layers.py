"""The layers of small networks over time, for inference alone.

Sequences have the shape (B, T, C), C-contiguous: B sequences, T steps, C channels. So each layer is a
product of tall matrices, which BLAS does, and little else; every result is a new such array, as exact
(float32 or float64) as what it is made of.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..types import BoolArray

Floats = NDArray[np.floating[Any]]

EPSILON = 1e-5
"""Added to variances before the root is taken."""


def conv(x: Floats, weight: Floats, bias: Floats, dilation: int = 1) -> Floats:
    """Centred convolution over time, zero-padded at both ends: (B, T, C_out).

    It is a correlation, as everywhere in the field: the last tap sees the latest step.

    x : (B, T, C_in)
    weight : (K, C_in, C_out) with K odd
    bias : (C_out,)
    dilation : steps from one tap to the next
    """
    taps, steps = len(weight), x.shape[1]
    y = linear(x, weight[taps // 2], bias)
    # One product a tap, each on a slice: gathering what all taps see into one wide matrix is no faster.
    product = np.empty_like(y)
    for tap in range(taps):
        ahead = (tap - taps // 2) * dilation
        if ahead != 0 and abs(ahead) < steps:
            first, end = max(0, -ahead), steps - max(0, ahead)
            seen = x[:, first + ahead : end + ahead]
            y[:, first:end] += np.matmul(seen, weight[tap], out=product[:, first:end])
    return y


def linear(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Weighted sums of the channels: (..., C_in) to (..., C_out), by (C_in, C_out) and (C_out,)."""
    y = x @ weight
    y += bias
    return y


def layer_norm(x: Floats) -> Floats:
    """Each step's channels with mean 0 and variance 1 (Ba et al. 2016), no gain and no offset."""
    # Means as products: numpy's own take twice as long over rows this short.
    channels = x.shape[-1]
    mean = np.full((channels, 1), 1.0 / channels, x.dtype)
    y = x - x @ mean
    variance = np.square(y) @ mean
    y /= np.sqrt(variance + EPSILON)
    return y


def silu(x: Floats) -> Floats:
    """Each value times its logistic function (Elfwing et al. 2018)."""
    # The logistic function expressed by tanh, which does not overflow and is faster than exp.
    half = 0.5 * x
    y = np.tanh(half)
    y *= half
    y += half
    return y


def attentive_pool(x: Floats, scores: Floats, valid: BoolArray) -> Floats:
    """Weighted mean and standard deviation of each channel over time (Okabe et al. 2018): (B, 2 C).

    x : (B, T, C)
    scores : (B, T, C), or (B, T, 1) for all channels alike; their softmax over time is the weights
    valid : (B, T), False where a step does not count; one in each sequence has to
    """
    scores = np.where(valid[..., None], scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    mean = (weights * x).sum(axis=1, keepdims=True)
    variance = (weights * np.square(x - mean)).sum(axis=1)
    return np.concatenate([mean[:, 0], np.sqrt(variance + EPSILON)], axis=-1)
