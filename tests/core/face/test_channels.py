"""A face's motion by the names of rigs."""

import numpy as np
import pytest

from mannerism.core.face.channels import SILENCE, VISEMES, arkit, table, visemes_of
from mannerism.core.face.motion import FaceMotion
from mannerism.core.face.mouth import basis


def face(mouth, blink=0.0, brows=0.0):
    shape = np.zeros((1, len(basis())))
    shape[0, : len(mouth)] = mouth
    return FaceMotion(np.zeros(1), shape, np.full(1, blink), np.full(1, brows))


def test_rest_moves_nothing():
    assert all(values == 0.0 for values in arkit(face([])).values())
    assert visemes_of(arkit(face([])))[SILENCE] == 1.0


def test_an_open_mouth_opens_the_jaw():
    wide, narrow = (arkit(face([opening]))["jawOpen"][0] for opening in (0.02, 0.008))
    assert wide > 2.0 * narrow > 0.1


def test_lips_that_touch_over_an_open_jaw_close():
    """ARKit's lips part with the jaw unless told otherwise."""
    lowered = -np.sign(table()["jawOpen"][1]) * np.array([0.0, -0.01])
    shapes = arkit(face(lowered))
    assert shapes["jawOpen"] > 0.05
    assert shapes["mouthClose"] == pytest.approx(shapes["jawOpen"])
    assert arkit(face([0.02]))["mouthClose"] == pytest.approx(0.0, abs=1e-9)


def test_lids_and_brows():
    shapes = arkit(face([], blink=0.7, brows=0.004))
    assert shapes["eyeBlinkLeft"] == shapes["eyeBlinkRight"] == pytest.approx(0.7)
    assert shapes["browInnerUp"] == pytest.approx(0.5)


def test_sides_come_in_pairs():
    for name in arkit(face([])):
        if name.endswith("Left"):
            assert name.removesuffix("Left") + "Right" in arkit(face([]))


def test_what_a_viseme_is_made_of_exists():
    assert {part for parts in VISEMES.values() for part in parts} <= arkit(face([])).keys()


@pytest.mark.parametrize("seed", range(5))
def test_all_lie_between_none_and_all(seed):
    mouth = np.random.default_rng(seed).normal(0.0, 0.02, len(basis()))
    found = visemes_of(arkit(face(mouth)))
    assert sum(values[0] for values in found.values()) == pytest.approx(1.0)
    for values in (*arkit(face(mouth, 1.0, 0.1)).values(), *found.values()):
        assert 0.0 <= values[0] <= 1.0
