"""Mixtures made by hand: their density is that of scipy, and samples have their moments."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from mannerism.core.network.mixture import DIMENSIONS, LOG_DIAGONAL, SIZE, draw, log_likelihood
from mannerism.core.noise import ACTOR_MOVEMENT, Channel, normals, uniforms

RNG = np.random.default_rng(11)


def parameters_of(weights, means, factors):
    """Parameters of a mixture from weights, means and factors."""
    rows = [
        np.concatenate([np.log(np.diag(factor)), factor[np.tril_indices(DIMENSIONS, -1)]])
        for factor in factors
    ]
    return np.concatenate([np.log(weights) + 3.0, np.ravel(means), np.ravel(rows)])


def factor():
    return np.tril(0.5 * RNG.standard_normal((6, 6)), -1) + np.diag(np.exp(0.4 * RNG.standard_normal(6)))


WEIGHTS = np.array([0.2, 0.5, 0.3])
MEANS = RNG.standard_normal((3, 6))
FACTORS = [factor() for _ in WEIGHTS]
COVARIANCES = [np.linalg.inv(each.T @ each) for each in FACTORS]
MIXTURE = parameters_of(WEIGHTS, MEANS, FACTORS)


@pytest.mark.parametrize("counted", [3, 6])
def test_density_is_that_of_scipy(counted):
    """Of the first three dimensions alone it is their marginal."""
    x = RNG.standard_normal((50, 6))
    wanted = sum(
        weight * multivariate_normal(mean[:counted], covariance[:counted, :counted]).pdf(x[:, :counted])
        for weight, mean, covariance in zip(WEIGHTS, MEANS, COVARIANCES, strict=True)
    )
    np.testing.assert_allclose(log_likelihood(MIXTURE, x, counted), np.log(wanted), rtol=1e-10)


def test_mixtures_of_many_steps_and_sequences_are_taken_at_once():
    mixtures, x = RNG.standard_normal((7, 3, 2 * SIZE)), RNG.standard_normal((7, 1, 6))
    found = log_likelihood(mixtures, x)
    assert found.shape == (7, 3)
    assert found[4, 2] == pytest.approx(float(log_likelihood(mixtures[4, 2], x[4, 0])), rel=1e-12)


@pytest.mark.slow
def test_samples_have_the_moments_of_the_mixture():
    count = 20_000
    normal = np.stack([normals(1, channel, 0, count) for channel in ACTOR_MOVEMENT], axis=1).tolist()
    drawn = np.stack(
        [
            draw(MIXTURE, *each)
            for each in zip(normal, uniforms(1, Channel.ACTOR_COMPONENT, 0, count).tolist(), strict=True)
        ]
    )
    mean = WEIGHTS @ MEANS
    covariance = sum(
        weight * (each + np.outer(middle - mean, middle - mean))
        for weight, each, middle in zip(WEIGHTS, COVARIANCES, MEANS, strict=True)
    )
    spread = np.sqrt(np.diag(covariance))
    assert np.abs((drawn.mean(axis=0) - mean) / spread).max() < 4.0 / math.sqrt(count)
    off = (np.cov(drawn.T) - covariance) / np.outer(spread, spread)
    assert np.abs(off).max() < 0.1


def test_the_uniform_number_alone_chooses_the_component():
    means = np.arange(3.0)[:, None] * np.full(6, 100.0)
    mixture = parameters_of(WEIGHTS, means, [np.eye(6)] * 3)
    chosen = [round(draw(mixture, [0.0] * 6, uniform)[0] / 100) for uniform in (0.1, 0.21, 0.69, 0.71, 1.0)]
    assert chosen == [0, 1, 1, 2, 2]


@pytest.mark.filterwarnings("error")
def test_spreads_are_kept_within_what_training_keeps_them_within():
    mixture = np.zeros(SIZE)
    for given, kept in zip((-1e4, 1e4), LOG_DIAGONAL, strict=True):
        mixture[7:13] = given
        np.testing.assert_allclose(draw(mixture, [1.0] * 6, 0.5), math.exp(-kept))
        wanted = 6.0 * (kept - 0.5 * math.log(2.0 * math.pi))
        assert float(log_likelihood(mixture, np.zeros(6))) == pytest.approx(wanted)
