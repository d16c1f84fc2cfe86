"""Doses of a film's eyes: those that come beside the person's own turning against the head."""

import pytest

from mannerism.core.errors import SettingsError
from mannerism.core.portrait.model.eyes import EYES, USUAL_EYES, film_eyes


def test_usual_eyes_move_and_those_at_zero_do_not():
    assert USUAL_EYES.moves_eyes
    assert not film_eyes(dict.fromkeys(EYES, 0.0)).moves_eyes


def test_what_the_person_does_by_themselves_is_not_done_twice():
    assert (USUAL_EYES.follow, USUAL_EYES.lids) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"follow": 1.0}, "no dose “follow”. Choose from: look_away, small, blinks"),
        ({"look_away": 9.0}, "out of range"),
        ({"small": float("nan")}, "small"),
    ],
)
def test_other_doses_are_refused(chosen, words):
    with pytest.raises(SettingsError) as refusal:
        film_eyes(chosen)
    assert words in str(refusal.value)
