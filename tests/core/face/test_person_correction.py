"""What one person's mouth does otherwise, and how far it opens, by their own reference."""

import numpy as np
import pytest

from mannerism.core.face.log_mel import BANDS
from mannerism.core.face.manner import own
from mannerism.core.face.mouth import basis
from mannerism.core.face.mouth_from_speech import mouth_of
from mannerism.core.face.mouth_input import MouthInput, mouth_input
from mannerism.core.face.network import STEP_HZ, mouth_network
from mannerism.core.face.person_correction import about, correction, fit_correction
from mannerism.core.face.whisper_front import WIDTH
from mannerism.tests.support.paths import REFERENCE

STEPS = 20 * STEP_HZ
NUMBERS = 8


def phonetic(seed=0, steps=STEPS):
    """Noise that comes and goes four times a second, as syllables do."""
    rng = np.random.default_rng(seed)
    loud = np.sin(2 * np.pi * 4.0 * np.arange(steps) / STEP_HZ)[:, None]
    return 0.6 * rng.normal(size=(steps, NUMBERS)) + loud


def opened(opening):
    """Mouth coefficients (N, K) of lips that only open."""
    return np.column_stack([opening, np.zeros((len(opening), len(basis()) - 1))])


def sound(seed=0, steps=STEPS):
    rng = np.random.default_rng(seed)
    projected = mouth_network().project(rng.normal(size=(steps, WIDTH)).astype(np.float32))
    return MouthInput(0.3 * rng.normal(size=(2 * steps, BANDS)), projected)


def test_a_known_habit_is_found():
    around = about(phonetic())
    true = np.zeros((around.shape[1], 2))
    true[NUMBERS : 2 * NUMBERS, 0] = 0.3
    true[2 * NUMBERS : 3 * NUMBERS, 1] = -0.2
    found = fit_correction(around, around @ true)
    other = phonetic(1)
    for predicted, meant in zip(correction(other, found).T, correction(other, true).T, strict=True):
        assert np.corrcoef(predicted, meant)[0, 1] > 0.9
        # No more than is certain is said.
        assert predicted.std() < meant.std()


def test_who_does_as_all_do_has_no_habit():
    np.testing.assert_allclose(fit_correction(about(phonetic()), np.full((STEPS, 8), 0.3)), 0.0, atol=1e-12)


def test_a_habit_moves_no_mean():
    around = about(phonetic())
    found = fit_correction(around, np.random.default_rng(0).normal(size=(STEPS, 8)))
    np.testing.assert_allclose((around @ found).mean(axis=0), 0.0, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("fps", [25.0, 60.0])
def test_told_mouths_are_as_open_as_the_one_that_is_seen(fps):
    """As varied, and as open in the middle: also a mouth that is mostly closed."""
    said = mouth_input(REFERENCE)
    time_s = np.arange(0.5, 13.5, 1.0 / fps)
    for size, power in ((0.5, 1.0), (1.0, 1.0), (1.0, 3.0)):
        opening = 0.004 * size * (0.5 + 0.5 * np.sin(9.0 * time_s)) ** power
        predicted = mouth_of(said, own(said, opened(opening), time_s))[25:675, 0]
        # In pauses it rests, and so does the reference's: nobody's lips move there here.
        assert predicted.std() == pytest.approx(opening.std(), rel=0.2)
        assert np.quantile(predicted, 0.9) == pytest.approx(np.quantile(opening, 0.9), rel=0.15)


def test_a_few_seconds_tell_a_size_and_no_habit():
    time_s = np.arange(0.0, 4.0, 0.04)
    mouth = own(sound(), opened(0.004 * np.sin(8.0 * time_s)), time_s)
    assert mouth.correction_weights is None
    assert 0.0 < mouth.gain_m < 0.012


def test_a_reference_beyond_its_sound_tells_what_it_shows():
    time_s = np.arange(100.0, 120.0, 0.04)
    opening = 0.004 * np.sin(8.0 * time_s)
    mouth = own(sound(), opened(opening), time_s)
    assert mouth.correction_weights is None
    assert mouth.predicted_gaps is None
    assert mouth.gain_m == pytest.approx(opening.std())
    assert mouth.gaps_m is not None


def test_a_width_that_goes_with_sounds_is_learned_and_leaves_the_gap_alone():
    said = sound(steps=STEPS)
    time_s = np.arange(STEPS) / STEP_HZ
    shape = opened(0.004 * np.sin(8.0 * time_s))
    without = own(said, shape, time_s)
    shape[:, 1] = 0.01 * said.phonetic[:STEPS, 0]
    with_habit = own(said, shape, time_s)
    before, after = (mouth_of(said, mouth)[:STEPS] for mouth in (without, with_habit))
    np.testing.assert_allclose(after[:, 0], before[:, 0], atol=1e-9)
    assert np.corrcoef(after[:, 1] - before[:, 1], shape[:, 1])[0, 1] > 0.7
