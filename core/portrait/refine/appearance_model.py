"""Active appearance model of the face: per-texel ridge regression on pose and expression (Cootes et al. 2001).

A warped frame keeps the shading, folds and teeth of the moment it was recorded. The model predicts them for the
moment asked for, from all frames of the reference: each texel is linear in a few pose and expression features, as in
active appearance models (Cootes, Edwards and Taylor 2001). The prediction is smoother than any frame, so that it is
blended with the warped frame by a weight for each frequency band and texel, the Wiener filter's, estimated by
cross-validation over time. The finest band stays that of the warped frame.
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Array, ByteArray, Float32Array
from .uv_chart import TEXELS

_PULL = 0.1
_FOLDS = 5
_AT_ONCE = 32  # frames
_USUAL = 90.0  # per cent of the training frames have full weight
_BANDS = (1.2, 2.5, 6.0)
"""Deviations of blurs, texels: detail between one and the next is a band, and what is broader is the last."""
_AROUND = 5.0  # texels; blur of the statistics from which weights are estimated
_NO_DIFFERENCE = 1.0  # levels², that count against a share where hardly anything differs


@dataclass(frozen=True)
class AppearanceModel:
    """Per-texel linear model of the face, and its blending weight in each frequency band.

    weights : (1 + F, texels · 3) regression on 1 and the features of a frame
    shares : (B, texels, texels, 1) blending weight of the model in each band, 0 to 1
    strangeness : (1 + F, 1 + F) inverse moments of the design: its quadratic form is below 1 for 90 % of the
        training frames
    """

    weights: Float32Array
    shares: Float32Array
    strangeness: Float32Array

    @classmethod
    def fit(cls, features: Array, truth: ByteArray, warped: NDArray[np.float16]) -> "AppearanceModel":
        """Fit the model to N frames on the chart, (N, texels, texels, 3), and their renderings from other frames.

        features : (N, F), in the order of time
        """
        design = _with_one(features)
        fold = np.arange(len(design)) * _FOLDS // len(design)
        both, square = np.zeros((2, len(_BANDS), TEXELS, TEXELS))
        for number in range(_FOLDS):
            weights = _regression(design[fold != number], truth[fold != number])
            for index in np.flatnonzero(fold == number):
                look, drawn = (
                    (design[index] @ weights).reshape(truth[index].shape),  # (texels x texels x 3)
                    warped[index].astype(np.float32),
                )
                bands = zip(_bands(look - drawn), _bands(truth[index] - drawn), strict=True)
                for band, (here, lacks) in enumerate(bands):
                    both[band] += (here * lacks).sum(axis=2)
                    square[band] += (here**2).sum(axis=2)
        floor = _NO_DIFFERENCE * len(design)
        shares = [np.clip(_around(b) / (_around(s) + floor), 0, 1) for b, s in zip(both, square, strict=True)]
        leverage = np.linalg.inv(_moments(design))
        # (N x F) (F x F) (N x F) -> (N)
        usual = np.percentile(np.einsum("nf,fg,ng->n", design, leverage, design), _USUAL)
        return cls(
            weights=_regression(design, truth),
            shares=np.stack(shares)[..., None].astype(np.float32),
            strangeness=(leverage / usual).astype(np.float32),
        )

    def residual(self, features: Array, warped: Float32Array) -> Float32Array:
        """Correction to add to a warped frame on the chart, (texels, texels, 3), by features (F,).

        Its weight falls with the leverage (Mahalanobis distance) of the features beyond that of the training frames.

        warped : (texels, texels, 3) frame on the chart, 0 to 255
        """
        design = _with_one(features[None])[0]
        look = (design @ self.weights).reshape(warped.shape)  # (texels x texels x 3)
        trust = 1 / max(1.0, float(design @ self.strangeness @ design))
        parts = zip(self.shares, _bands(look - warped), strict=True)
        return np.asarray(trust * sum(share * band for share, band in parts), np.float32)


def _regression(design: Float32Array, pictures: ByteArray) -> Float32Array:
    """Weights of ridge regression, (1 + F, texels · 3), accumulated in chunks of frames to bound memory."""
    together = np.zeros((design.shape[1], pictures[0].size), np.float32)
    for some in range(0, len(design), _AT_ONCE):
        part = slice(some, some + _AT_ONCE)
        together += design[part].T @ pictures[part].reshape(len(design[part]), -1).astype(
            np.float32
        )  # (1 + F x texels·3)
    return np.asarray(np.linalg.solve(_moments(design), together), np.float32)


def _moments(design: Float32Array) -> Array:
    """Second moments of the design matrix, with ridge regularisation of all but the constant."""
    pull = _PULL * len(design) * np.diag(np.arange(design.shape[1]) > 0)
    return np.asarray(design.T @ design + pull, np.float64)


def _with_one(features: Array) -> Float32Array:
    """Design matrix: features (N, F) with a constant column."""
    return np.column_stack([np.ones(len(features)), features]).astype(np.float32)


def _bands(picture: Float32Array) -> list[Float32Array]:
    """Frequency bands of an image (differences of Gaussians), without the finest."""
    blurred = [np.asarray(cv2.GaussianBlur(picture, (0, 0), width), np.float32) for width in _BANDS]
    return [fine - broad for fine, broad in itertools.pairwise(blurred)] + blurred[-1:]


def _around(values: Array) -> Array:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), _AROUND), np.float64)
