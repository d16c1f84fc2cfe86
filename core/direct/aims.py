"""Aims of a take: poses at times, as observations of a Gaussian process that the last poses foretell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..network.mixture import DIMENSIONS
from ..types import Array, BoolArray
from .kernel import LAGS, Kernel

SCALES = ((0.3, 0.7), (2.6, 0.3))
"""What comes has heavier tails than a Gaussian: factors of the covariance, and their weights."""

# Standard deviations by which an exact pin may be missed: what is left is corrected on the samples.
_HARD = 0.02


@dataclass(frozen=True, eq=False)
class Aim:
    """A pose to be at.

    step : time in steps, any real number
    pose : (6,) standard deviations
    channels : (6,) which of them are aimed at
    tolerance : (6,) or one, standard deviations; 0 for exactly
    settles : whether, soon after it, one particle is drawn that all go on from
    """

    step: float
    pose: Array
    channels: BoolArray
    tolerance: Array | float = 0.0
    settles: bool = True


class Guide:
    """Aims, at one step, as linear observations of the last poses, which lie at that step and before.

    The poses aimed at are normal with mean sum_l weights_l x_{-l} in each channel, and one covariance a channel.
    """

    def __init__(self, kernel: Kernel, step: int, aims: Sequence[Aim]) -> None:
        own = step - np.arange(LAGS, dtype=np.float64)
        times = np.array([aim.step for aim in aims])
        towards = kernel(times[:, None] - own)  # (6 x P x LAGS)
        self.weights = towards @ kernel.recent
        spread = kernel(times[:, None] - times) - self.weights @ towards.transpose(0, 2, 1)
        aimed = np.array([aim.channels for aim in aims]).T  # (6 x P)
        tolerance = np.array([np.broadcast_to(aim.tolerance, DIMENSIONS) for aim in aims]).T
        both = aimed[:, :, None] & aimed[:, None, :]
        # What is not aimed at is an observation of nothing: of weight 0, variance 1 and no gap.
        self.weights = np.where(aimed[..., None], self.weights, 0.0)
        self._values = np.where(aimed, np.array([aim.pose for aim in aims]).T, 0.0)  # (6 x P)
        factors = np.array([factor for factor, _ in SCALES])[:, None, None, None]
        sure = np.where(aimed, np.square(tolerance) + _HARD**2, 1.0)
        covariance = np.where(both, factors * spread, 0.0) + sure[..., None] * np.eye(len(times))
        factor = np.linalg.cholesky(covariance)  # (S x 6 x P x P)
        diagonal = np.ascontiguousarray(
            np.diagonal(factor, axis1=-2, axis2=-1)
        )  # (S x 6 x P), see `rotation.arctan2`
        self.log_determinant = np.log(diagonal).sum(axis=(1, 2))  # (S,)
        self.precision = np.linalg.inv(covariance)

    def gaps(self, *poses: Array) -> Array:
        """What the last poses, (K, 6) each, the newest first, leave to explain: (6, P, K)."""
        lags = np.stack(poses)  # (LAGS x K x 6)
        return np.asarray(self._values[..., None] - self.weights @ lags.transpose(2, 0, 1))

    def log_density(self, gaps: Array) -> Array:
        """Log density (K,) of such gaps, apart from a constant of the number of aims."""
        return np.logaddexp.reduce(self.log_densities(gaps), axis=0)

    def log_densities(self, gaps: Array) -> Array:
        """The same by the scales of the spread, weighted: (S, K)."""
        squares = ((self.precision @ gaps) * gaps).sum(axis=(1, 2))  # (S x 6 x P x K) to (S x K)
        return LOG_WEIGHTS[:, None] - 0.5 * squares - self.log_determinant[:, None]


LOG_WEIGHTS = np.log([weight for _, weight in SCALES])
