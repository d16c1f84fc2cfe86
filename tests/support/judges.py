"""Judges without a network, good enough for synthetic persons: distances and one linear map."""

import numpy as np

from mannerism.core.motion import GRID_HZ
from mannerism.core.style.resampling import rate


class Distance:
    """A verifier: log sizes and speeds of the axes, each over what it varies by within other persons.

    pairs : of tracks on the grid, two recordings of each person that it learns from
    """

    def __init__(self, pairs):
        within = [self._measured(a) - self._measured(b) for a, b in pairs]
        self._scale = np.sqrt(np.mean(np.square(within), axis=0) / 2.0)

    def embed(self, track):
        return self._measured(track) / self._scale

    def similarity(self, motions, references):
        return -np.linalg.norm(motions[:, None] - references, axis=2)

    @staticmethod
    def _measured(track):
        sizes = track.angles_deg.std(axis=0), np.abs(rate(track.angles_deg)).mean(axis=0)
        return np.log(np.maximum(np.concatenate(sizes), 1e-3))


class Linear:
    """A classifier: Fisher's discriminant (1936) on what a window's derivatives look like."""

    def fit_predict(self, windows, made, unseen):
        known, asked = self._measured(windows), self._measured(unseen)
        centre, scale = known.mean(axis=0), known.std(axis=0) + 1e-9
        known, asked = (known - centre) / scale, (asked - centre) / scale
        real, false = known[~made], known[made]
        spread = np.cov(real.T) + np.cov(false.T) + 0.1 * np.eye(known.shape[1])
        weights = np.linalg.solve(spread, false.mean(axis=0) - real.mean(axis=0))
        return asked @ weights / np.sqrt(weights @ spread @ weights + 1e-12)

    @staticmethod
    def _measured(windows):
        rates = np.diff(windows, axis=1) * GRID_HZ
        speed = np.linalg.norm(rates, axis=2)
        sizes = [np.square(np.diff(windows, order, axis=1)).mean(axis=1) for order in (1, 2, 3)]
        variance = np.square(rates).mean(axis=1) + 1e-6
        kurtosis = (rates**4).mean(axis=1) / variance**2
        calm = np.quantile(speed, 0.1, axis=1) / (speed.mean(axis=1) + 1e-6)
        return np.column_stack([*(np.log(size + 1e-9) for size in sizes), np.log(kurtosis + 0.1), calm])
