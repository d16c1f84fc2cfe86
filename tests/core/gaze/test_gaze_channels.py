"""Eyes as ARKit's channels, by the signs of its documentation."""

import numpy as np
import pytest

from mannerism.core.gaze.channels import arkit, lids, with_eyes


def of(left_deg, up_deg):
    return {name: float(values[0]) for name, values in arkit(np.radians([[left_deg, up_deg]])).items()}


@pytest.mark.parametrize(
    ("left", "up", "moved"),
    [
        (17.5, 0, {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5}),
        (-17.5, 0, {"eyeLookInLeft": 0.5, "eyeLookOutRight": 0.5}),
        (0, 12.5, {"eyeLookUpLeft": 0.5, "eyeLookUpRight": 0.5}),
        (0, -15, {"eyeLookDownLeft": 0.5, "eyeLookDownRight": 0.5}),
        (90, 0, {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0}),
        (0, 0, {}),
    ],
)
def test_which_channels_move(left, up, moved):
    found = of(left, up)
    assert len(found) == 8
    assert {name: value for name, value in found.items() if value} == pytest.approx(moved)


def test_no_weight_is_negative():
    eye = np.random.default_rng(0).normal(size=(500, 2))
    values = np.array([*arkit(eye).values(), *lids(eye).values()])
    assert values.min() == 0.0
    assert not np.signbit(values).any()


def test_lids_are_added_to_a_blink_and_never_beyond_shut():
    eye = np.radians([[0.0, -20.0], [0.0, -20.0], [0.0, 10.0]])
    blink = {"eyeBlinkLeft": np.array([0.0, 0.9, 0.3]), "jawOpen": np.ones(3)}
    made = with_eyes(blink, eye, 1.0)
    np.testing.assert_allclose(made["eyeBlinkLeft"], [0.24, 1.0, 0.3])
    np.testing.assert_allclose(made["eyeWideRight"], [0.0, 0.0, 0.16])
    np.testing.assert_array_equal(made["jawOpen"], 1.0)
    untouched = with_eyes(blink, eye, 0.0)
    np.testing.assert_array_equal(untouched["eyeBlinkLeft"], blink["eyeBlinkLeft"])
    assert "eyeWideLeft" not in untouched
