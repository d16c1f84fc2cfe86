"""Layers of temporal networks in numpy, for inference only: convolution, linear, normalisation, pooling.

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
    """Dilated convolution over time, not causal, zero-padded to the same length: (B, T, C_out).

    It is a correlation, as everywhere in the field: the last tap applies to the latest step.

    x : (B, T, C_in)
    weight : (K, C_in, C_out) with K odd
    bias : (C_out,)
    dilation : steps from one tap to the next
    """
    taps, steps = len(weight), x.shape[1]
    y = linear(x, weight[taps // 2], bias)  # (B x T x C_out)
    # One product a tap, each on a slice: gathering the inputs of all taps in one wide matrix is no faster.
    product = np.empty_like(y)
    for tap in range(taps):
        ahead = (tap - taps // 2) * dilation
        if ahead != 0 and abs(ahead) < steps:
            first, end = max(0, -ahead), steps - max(0, ahead)
            inputs = x[:, first + ahead : end + ahead]  # (B x (end - first) x C_in)
            y[:, first:end] += np.matmul(inputs, weight[tap], out=product[:, first:end])
    return y


def linear(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Linear layer: (..., C_in) to (..., C_out), weight (C_in, C_out), bias (C_out,)."""
    y = x @ weight
    y += bias
    return y


def layer_norm(x: Floats) -> Floats:
    """Layer normalisation over the channels (Ba et al. 2016), without gain and offset."""
    # Means as products: numpy's own take twice as long over rows this short.
    channels = x.shape[-1]
    mean = np.full((channels, 1), 1.0 / channels, x.dtype)  # (C x 1)
    y = x - x @ mean  # (B x T x C)
    variance = np.square(y) @ mean  # (B x T x 1)
    y /= np.sqrt(variance + EPSILON)
    return y


def silu(x: Floats) -> Floats:
    """SiLU activation: x times its logistic function (Elfwing et al. 2018)."""
    # The logistic function expressed by tanh, which does not overflow and is faster than exp.
    half = 0.5 * x
    y = np.tanh(half)
    y *= half
    y += half
    return y


def attentive_pool(x: Floats, scores: Floats, valid: BoolArray) -> Floats:
    """Attentive statistics pooling: weighted mean and deviation over time (Okabe et al. 2018), (B, 2 C).

    x : (B, T, C)
    scores : (B, T, C), or (B, T, 1) for all channels alike; their softmax over time is the weights
    valid : (B, T), False where a step does not count; one in each sequence has to
    """
    scores = np.where(valid[..., None], scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)  # (B x T x C) or (B x T x 1)
    mean = (weights * x).sum(axis=1, keepdims=True)  # (B x 1 x C)
    variance = (weights * np.square(x - mean)).sum(axis=1)  # (B x C)
    return np.concatenate([mean[:, 0], np.sqrt(variance + EPSILON)], axis=-1)
