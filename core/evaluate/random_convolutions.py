"""Random convolutions: a second classifier for C2ST, which looks at windows as they are and knows no statistics.

A window is convolved with all kernels of nine taps of which three are 2 and the others −1, at two spacings, on each
axis and on their sum; how often each outcome lies above some quantile of the known ones is a feature, and a linear
map by ridge regression decides (MiniRocket, Dempster, Schmidt and Webb 2021). It has nothing to be tuned and needs no
training that is kept.
"""

from itertools import combinations

import numpy as np

from ..motion import GRID_HZ
from ..types import Array, BoolArray, Float32Array

SPACINGS = (1, 4)
QUANTILES = (0.3, 0.7)

_TAPS = 9
_KERNELS = np.array(
    [[2.0 if i in own else -1.0 for i in range(_TAPS)] for own in combinations(range(_TAPS), 3)]
)
_RIDGE = 3.0  # features
_SAMPLES = 1000  # that quantiles are taken from
_AXES = np.concatenate([np.eye(3), np.ones((1, 3))])


class RandomConvolutions:
    """The learner, as `c2st` asks for it; the same answers for the same windows."""

    def fit_predict(self, windows: Array, made: BoolArray, unseen: Array) -> Array:
        """Scores (M,), larger where a window looks more made; arguments as in `c2st.Classifier`."""
        known, asked = (np.diff(part, axis=1) * GRID_HZ for part in (windows, unseen))
        scale = np.maximum(known.std(axis=(0, 1)), 1e-6)
        count = len(known)
        features = _features((np.concatenate([known, asked]) / scale).astype(np.float32), count)
        centre, spread = features[:count].mean(axis=0), features[:count].std(axis=0) + 1e-6
        features = (features - centre) / spread
        # Both classes weigh the same, however many windows each has.
        weight = np.sqrt(np.where(made, 0.5 / made.sum(), 0.5 / (~made).sum()) * count)
        inputs = features[:count] * weight[:, None]
        truth = np.where(made, 1.0, -1.0) * weight
        between = inputs @ inputs.T + _RIDGE * features.shape[1] * np.eye(count)
        return np.asarray(features[count:] @ (inputs.T @ np.linalg.solve(between, truth)))


def _features(rates: Float32Array, known: int) -> Array:
    """Features (N, F) of windows (N, T, 3) in float32, of which the first `known` give the quantiles."""
    random = np.random.default_rng(0)
    kernels, axes = _KERNELS.astype(np.float32), _AXES.astype(np.float32)
    windows, length, _ = rates.shape
    places = random.integers(known * length, size=_SAMPLES)
    found = []
    for signal in np.moveaxis(rates @ axes.T, 2, 0):
        for spacing in SPACINGS:
            reach = spacing * (_TAPS // 2)
            padded = np.pad(signal, ((0, 0), (reach, reach)))
            taps = np.stack([padded[:, k * spacing : k * spacing + length] for k in range(_TAPS)], axis=2)
            outcome = taps @ kernels.T  # (N x T x kernels)
            limits = np.quantile(outcome[:known].reshape(known * length, -1)[places], QUANTILES, axis=0)
            found += [(outcome > limit).mean(axis=1) for limit in limits]
    return np.concatenate(found, axis=1, dtype=np.float64).reshape(windows, -1)
