"""Openings in a person's own distribution."""

import numpy as np
import pytest

from mannerism.core.face.gap_map import LEVELS, mapped, quantiles
from mannerism.core.face.network import mouth_network
from mannerism.core.face.own_mouth import OwnMouth, gap_quantiles

RNG = np.random.default_rng(0)
PREDICTED = np.clip(RNG.normal(1.0, 0.5, 2000), 0.1, 3.0)
OWN = 0.004 * RNG.gamma(1.0, 1.0, 2000)
"""Mouths that hang open in the prediction, and are mostly nearly closed in the person."""


def test_the_distribution_becomes_the_persons():
    found = mapped(PREDICTED, quantiles(PREDICTED), quantiles(OWN))
    np.testing.assert_allclose(
        np.quantile(found, [0.1, 0.3, 0.5, 0.8]), np.quantile(OWN, [0.1, 0.3, 0.5, 0.8]), rtol=0.1
    )
    assert found.std() == pytest.approx(OWN.std(), rel=0.1)
    assert (found < 0.0005).mean() == pytest.approx((OWN < 0.0005).mean(), abs=0.03)


def test_a_wider_prediction_stays_wider():
    openings = np.linspace(0.1, 2.5, 500)
    assert (np.diff(mapped(openings, quantiles(PREDICTED), quantiles(OWN))) > 0.0).all()


def test_no_sound_presses_lips_or_opens_them_farther_than_a_person_can():
    own = quantiles(OWN)
    low, high = mapped(np.array([-50.0, 50.0]), quantiles(PREDICTED), own)
    assert own[0] - 0.2 * np.ptp(own) < low < own[0]
    assert own[-1] < high < own[-1] + 0.5 * np.ptp(own)


def test_who_is_as_predicted_is_left_alone():
    own = quantiles(PREDICTED)
    usual = PREDICTED[own[-1] > PREDICTED]
    np.testing.assert_allclose(mapped(usual, own, own), usual, atol=1e-9)


def test_predictions_that_are_all_alike_make_no_step():
    alike = np.full(len(LEVELS), 1.0)
    found = mapped(np.array([0.999, 1.0, 1.001]), alike, quantiles(OWN))
    assert np.isfinite(found).all()
    assert np.ptp(found) < 0.01


def test_a_still_mouth_stays_still():
    np.testing.assert_allclose(mapped(PREDICTED, quantiles(PREDICTED), np.full(len(LEVELS), 0.002)), 0.002)


def test_predicted_closures_take_the_smallest_openings():
    touching = np.arange(2000) < 200
    predicted, seen = gap_quantiles(np.where(touching, 0.0, PREDICTED), OWN, touching)
    np.testing.assert_allclose(predicted, quantiles(PREDICTED[200:]))
    np.testing.assert_allclose(seen, quantiles(np.sort(OWN)[200:]))


def test_without_a_reference_openings_are_peoples():
    network = mouth_network()
    found = OwnMouth(0.005).opening_m(network.predicted)
    np.testing.assert_allclose(found, 0.005 * network.seen, atol=5e-4)
