"""What one person's mouth does otherwise, and how far it opens, by their own reference."""

import numpy as np
import pytest

from mannerism.core.face.log_mel import BANDS
from mannerism.core.face.manner import own
from mannerism.core.face.mouth_from_speech import mouth_of, speech_features
from mannerism.core.face.network import STEP_HZ
from mannerism.core.face.person_correction import SIZE, about, correction, fit_correction
from mannerism.tests.support.paths import REFERENCE

STEPS = 20 * STEP_HZ


def log_mel(seed=0, steps=STEPS):
    """Noise that comes and goes four times a second, as syllables do."""
    rng = np.random.default_rng(seed)
    loud = np.sin(2 * np.pi * 4.0 * np.arange(2 * steps) / (2 * STEP_HZ))[:, None]
    return np.clip(0.6 * rng.normal(size=(2 * steps, BANDS)) + loud, -4.0, 3.0)


def test_a_known_habit_is_found():
    true = np.zeros(SIZE)
    true[2 * BANDS : 2 * BANDS + 10] = 0.05
    around = about(log_mel())
    found = fit_correction(around, around @ true)
    other = log_mel(1)
    predicted, meant = correction(other, found), correction(other, true)
    assert np.corrcoef(predicted, meant)[0, 1] > 0.9
    # No more than is certain is said.
    assert predicted.std() < meant.std()


def test_who_does_as_all_do_has_no_habit():
    np.testing.assert_allclose(fit_correction(about(log_mel()), np.full(STEPS, 0.3)), 0.0, atol=1e-12)


def test_a_habit_moves_no_mean():
    around = about(log_mel())
    found = fit_correction(around, np.random.default_rng(0).normal(size=STEPS))
    assert (around @ found).mean() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("fps", [25.0, 60.0])
def test_told_mouths_vary_as_much_as_the_one_that_is_seen(fps):
    sound = speech_features(REFERENCE)
    time_s = np.arange(0.5, 13.5, 1.0 / fps)
    opening = 0.004 * np.sin(9.0 * time_s)
    for size in (0.5, 1.0):
        correction_weights, gain_m = own(sound, size * opening, time_s)
        predicted = gain_m * mouth_of(sound, correction_weights)[25:675, 0]
        assert predicted.std() == pytest.approx(size * opening.std(), rel=0.05)


def test_a_few_seconds_tell_a_size_and_no_habit():
    time_s = np.arange(0.0, 4.0, 0.04)
    correction_weights, gain_m = own(log_mel(), 0.004 * np.sin(8.0 * time_s), time_s)
    assert correction_weights is None
    assert 0.0 < gain_m < 0.012


def test_a_reference_beyond_its_sound_tells_what_it_shows():
    time_s = np.arange(100.0, 120.0, 0.04)
    opening = 0.004 * np.sin(8.0 * time_s)
    correction_weights, gain_m = own(log_mel(), opening, time_s)
    assert correction_weights is None
    assert gain_m == pytest.approx(opening.std())
