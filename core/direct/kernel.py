"""A Gaussian process of how one person's head moves: where it will be, and how a correction spreads in time.

Each channel is stationary with covariance k(lag) = sum_f s_f cos(2 pi f lag), all s_f >= 0: a valid covariance
for any real lag (Bochner's theorem), so that a pin needs to lie on no grid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..motion import GRID_HZ
from ..network.sizes import STEP_S
from ..style.schema import AXES, BANDS_HZ, Style
from ..types import Array

LAGS = 3
"""Last poses from which later ones are foretold: position, speed and acceleration."""

_SEGMENT = 128  # steps of a periodogram: 10 s
_FINE = 16  # entries of the table per step
_JITTER = 1e-6
_NUGGET = 1e-6  # of the variance: band-limited covariances have no inverse
_HIGHEST_HZ = 8.0


@dataclass(frozen=True, eq=False)
class Kernel:
    """Covariance of six channels by their lag.

    table : (N, 6) at lags of 1 / _FINE of a step of the network
    """

    table: Array

    @classmethod
    def of_takes(cls, takes: Iterable[Array]) -> "Kernel":
        """From takes (T, 6), one pose a step: their mean periodogram (Welch 1967), about rest."""
        taper = np.hanning(_SEGMENT)[:, None]
        pieces = [
            piece
            for take in takes
            for piece in (
                take[at : at + _SEGMENT] for at in range(0, max(1, len(take) - _SEGMENT + 1), _SEGMENT // 2)
            )
        ]
        whole = np.stack(
            [np.pad(piece, ((0, _SEGMENT - len(piece)), (0, 0))) for piece in pieces]
        )  # (P x S x 6)
        density = np.square(np.abs(np.fft.rfft(whole * taper, 4 * _SEGMENT, axis=1))).mean(axis=0)
        size = np.square(whole).sum(axis=(0, 1)) / sum(len(piece) for piece in pieces)
        return cls.of_density(np.arange(len(density)) / (4 * _SEGMENT), density, size)

    @classmethod
    def of_style(cls, style: Style) -> "Kernel":
        """From the statistics of a style, in degrees and millimetres: bands of a spectrum, and sizes.

        Below the bands lies what they do not hold of the variance. Translation moves as the angles do, of
        which the style has the spectrum.
        """
        frequency_hz = np.arange(0.0, _HIGHEST_HZ, 0.02)
        centres = np.log([np.sqrt(low * high) for low, high in BANDS_HZ])
        rows = []
        for axis in AXES:
            names = [f"psd_{axis}_{band}" for band in range(1, len(BANDS_HZ) + 1)]
            at = np.log(np.maximum(frequency_hz, BANDS_HZ[0][0]))
            rows.append(np.interp(at, centres, style.vector(*names)))
        angles = 10.0 ** np.array(rows).T  # (F x 3) by its shape alone
        density = np.concatenate([angles, np.repeat(angles.mean(axis=1, keepdims=True), 3, axis=1)], axis=1)
        sizes = np.exp(2.0 * style.vector(*(f"log_sigma_{axis}" for axis in (*AXES, *"xyz"))))
        return cls.of_density(frequency_hz * STEP_S, density, sizes)

    @classmethod
    def of_samples(cls, samples: Array) -> "Kernel":
        """From one take (T, 6) on the grid: for a correction where nothing else of the person is at hand."""
        return cls.of_takes([samples[:: round(STEP_S * GRID_HZ)]])

    @classmethod
    def of_density(cls, frequency: Array, density: Array, variance: Array) -> "Kernel":
        """From densities (F, 6) at frequencies (F,) in cycles a step, scaled to variances (6,)."""
        scale = np.maximum(variance, 1e-12) / np.maximum(density.sum(axis=0), 1e-300)
        weights = np.where(density.sum(axis=0) > 0.0, density * scale, 1e-12 / len(density))
        fine = np.arange(8 * _SEGMENT) / _FINE
        return cls(np.cos(2.0 * np.pi * np.outer(fine, frequency)) @ weights)

    def __call__(self, lag: Array) -> Array:
        """Covariances (6, ...) at lags (...) in steps; constant beyond the longest lag of the table."""
        place = np.minimum(np.abs(lag) * _FINE, len(self.table) - 1.001)
        index = place.astype(np.intp)
        share = (place - index)[..., None]
        return np.moveaxis((1.0 - share) * self.table[index] + share * self.table[index + 1], -1, 0)

    @cached_property
    def recent(self) -> Array:
        """Inverse covariances (6, LAGS, LAGS) of consecutive poses."""
        own = np.arange(LAGS, dtype=np.float64)
        covariance = self(own[:, None] - own)
        size = covariance[:, :1, :1]
        return np.asarray(np.linalg.inv(covariance + _JITTER * size * np.eye(LAGS)))


def kriged(kernel: Kernel, known: Array, at: Array, values: Array) -> Array:
    """What a Gaussian process of the kernel is expected to be (M, 6) at places, from its values (N, 6) at others.

    known : (N,), at : (M,), in steps
    """
    between = kernel(known[:, None] - known)  # (6 x N x N)
    steady = between + _NUGGET * between[:, :1, :1] * np.eye(len(known))
    factors = np.linalg.solve(steady, values.T[..., None])
    return np.asarray((kernel(at[:, None] - known) @ factors)[..., 0].T)


def wendland(away: Array) -> Array:
    """Wendland's function of support 1 that is twice differentiable, positive definite in up to three dimensions."""
    left = np.maximum(1.0 - away, 0.0)
    return np.asarray(left**4 * (1.0 + 4.0 * away))
