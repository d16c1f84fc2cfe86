"""The closed form of one step, against numbers that are drawn and weighted without it."""

import numpy as np
import pytest

from mannerism.core.direct.aims import Aim, Guide
from mannerism.core.direct.kernel import LAGS, Kernel
from mannerism.core.direct.tilt import Evidence, free_draw, tilted_draw
from mannerism.core.network.mixture import SIZE, components, draw, log_likelihood

ALL = np.ones(6, bool)
SOME = np.array([True, False, True, False, False, True])


@pytest.fixture(scope="module")
def kernel():
    series = np.cumsum(np.random.default_rng(1).normal(size=(600, 6)), axis=0)
    smooth = np.stack(
        [np.convolve(c, np.hanning(9) / 4, mode="valid") for c in (series - series.mean(0)).T], axis=1
    )
    return Kernel.of_takes([smooth / smooth.std(axis=0)])


def mixtures(count, parts=3):
    outputs = 0.7 * np.random.default_rng(5).normal(size=(count, parts * SIZE))
    outputs[:, 7 * parts :] *= 0.5
    return outputs


def test_components_are_those_that_are_drawn_from():
    outputs, random = mixtures(4), np.random.default_rng(2)
    weights, means, factors = components(outputs, 0.8)
    np.testing.assert_allclose(np.exp(weights).sum(axis=1), 1.0)
    normal, chance = random.normal(size=(4, 6)), random.uniform(size=4)
    found = free_draw((weights, means, factors), normal, chance)
    for i in range(4):
        assert found[i] == pytest.approx(draw(outputs[i], list(0.8 * normal[i]), chance[i]), abs=1e-12)


def test_nothing_wanted_is_the_free_draw():
    parts = components(mixtures(4), 0.8)
    random = np.random.default_rng(2)
    normal, chance = random.normal(size=(4, 6)), random.uniform(size=4)
    nothing = Evidence(np.zeros((1, 6)), np.zeros((1, 6, 4)), np.zeros((1, 4)))
    found, mass = tilted_draw(parts, nothing, normal, chance)
    np.testing.assert_allclose(found, free_draw(parts, normal, chance), atol=1e-12)
    np.testing.assert_allclose(mass, 0.0, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("channels", [ALL, SOME], ids=["all", "some"])
def test_the_mass_is_the_integral_and_the_draws_have_the_mean(kernel, channels):
    """By importance sampling: many draws of the free mixture, weighted by the density of the aims."""
    random, count = np.random.default_rng(3), 100_000
    last = 0.5 * random.normal(size=(LAGS, 1, 6))
    strides = random.uniform(0.2, 0.5, 6)
    aims = [
        Aim(1.3, 0.4 * random.normal(size=6), channels, 1.2),
        Aim(3.0, random.normal(size=6), channels, 1.5),
    ]
    guide = Guide(kernel, 0, aims)
    one = components(mixtures(1), 1.0)
    weights, means, factors = (np.repeat(part, count, axis=-2) for part in one)
    many = (weights, means, factors)
    evidence = Evidence.of(guide, last[:2], strides, None)
    _, mass = tilted_draw(one, evidence, np.zeros((1, 6)), np.full(1, 0.5))
    free = free_draw(many, random.normal(size=(count, 6)), random.uniform(size=count))
    poses = last[0] + strides * free
    after = [poses, *(np.repeat(pose, count, axis=0) for pose in last[:2])]
    weights = np.exp(guide.log_density(guide.gaps(*after)))
    assert np.exp(mass[0]) == pytest.approx(weights.mean(), rel=0.08)
    whole = Evidence(
        evidence.precision,
        np.repeat(evidence.information, count, axis=2),
        np.repeat(evidence.constant, count, axis=1),
    )
    drawn, _ = tilted_draw(many, whole, random.normal(size=(count, 6)), random.uniform(size=count))
    expected = (weights[:, None] * free).sum(axis=0) / weights.sum()
    np.testing.assert_allclose(drawn.mean(axis=0), expected, atol=0.12)


def test_what_is_to_stay_still_does(kernel):
    parts = components(mixtures(500), 1.0)
    random = np.random.default_rng(3)
    evidence = Evidence.of(None, np.zeros((2, 500, 6)), np.ones(6), 0.01)
    found, _ = tilted_draw(parts, evidence, random.normal(size=(500, 6)), random.uniform(size=500))
    assert np.abs(found[:, :3]).max() < 0.05
    assert np.abs(found[:, 3:]).std() > 0.3


def test_a_guide_foretells_as_the_process_does(kernel):
    """Against the conditional mean and variance of the joint normal, written out."""
    random = np.random.default_rng(6)
    last = random.normal(size=(LAGS, 1, 6))
    guide = Guide(kernel, 0, [Aim(2.5, np.zeros(6), ALL)])
    at = np.array([2.5, 0.0, -1.0, -2.0])
    for channel, joint in enumerate(kernel(at[:, None] - at)):
        known = joint[1:, 1:] + 1e-6 * joint[0, 0] * np.eye(3)
        mean = joint[0, 1:] @ np.linalg.solve(known, last[:, 0, channel])
        assert -guide.gaps(*last)[channel, 0, 0] == pytest.approx(mean, rel=1e-6, abs=1e-9)


def test_likelihood_of_a_factor_is_that_of_the_mixture():
    outputs = mixtures(1, parts=1)
    _, mean, factor = components(outputs, 1.0)
    value = np.random.default_rng(0).normal(size=6)
    covariance = factor[:, :, 0, 0] @ factor[:, :, 0, 0].T
    apart = value - mean[:, 0, 0]
    expected = -0.5 * (
        apart @ np.linalg.solve(covariance, apart) + np.linalg.slogdet(2 * np.pi * covariance)[1]
    )
    assert log_likelihood(outputs, value[None])[0] == pytest.approx(expected)
