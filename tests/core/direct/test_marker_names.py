"""What the names of markers ask for."""

import pytest

from mannerism.core.direct.direction import GESTURES, Gesture
from mannerism.core.direct.marker_names import gesture_of


@pytest.mark.parametrize(
    ("name", "gesture"),
    [
        ("nod", Gesture("nod", 2.0)),
        ("Double Nod", Gesture("double nod", 2.0)),
        ("double_nod 0.5", Gesture("double nod", 2.0, 0.5)),
        ("  NOD   1.5 ", Gesture("nod", 2.0, 1.5)),
        ("shake", Gesture("shake", 2.0)),
        ("still", Gesture("still", 2.0)),
        ("tilt right", Gesture("tilt", 2.0, towards="right")),
        ("look up 2", Gesture("look", 2.0, 2.0, "up")),
    ],
)
def test_names_that_are_gestures(name, gesture):
    read = gesture_of(name, 2.0)
    assert read.gesture == gesture
    assert not read.said


@pytest.mark.parametrize(
    "name",
    [
        "nodd",
        "noda",
        "shaek",
        "doubel nod",
        "nod hard",
        "look",
        "look there",
        "tilt up",
        "nod 9",
        "nod nan",
        "nod 1 2",
    ],
)
def test_names_that_are_nearly_one_are_said(name):
    read = gesture_of(name, 2.0)
    assert read.gesture is None
    assert name in read.said


@pytest.mark.parametrize(
    "name", ["", "F_01", "Pin 3", "cut", "end", "Ada nods when he comes in", "—", "x" * 500]
)
def test_other_names_are_no_business_of_ours(name):
    assert gesture_of(name, 2.0) == gesture_of("cut", 2.0)


def test_a_side_that_is_guessed_is_said():
    read = gesture_of("tilt", 2.0)
    assert read.gesture == Gesture("tilt", 2.0, towards="left")
    assert "left is taken" in read.said


def test_each_kind_can_be_asked_for():
    for kind, sides in GESTURES.items():
        for side in sides or ("",):
            assert gesture_of(f"{kind} {side}", 1.0).gesture == Gesture(kind, 1.0, towards=side or None)
