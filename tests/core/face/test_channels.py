"""A face's motion by the names of rigs."""

import numpy as np
import pytest

from mannerism.core.face.channels import arkit, expression_table, table
from mannerism.core.face.doses import DOSES, ExpressionDoses
from mannerism.core.face.expression_parts import NUMBERS, PARTS
from mannerism.core.face.motion import FaceMotion
from mannerism.core.face.mouth import basis
from mannerism.core.face.visemes import SILENCE, VISEMES, visemes_of


def face(mouth, blink=0.0, **beside):
    shape = np.zeros((1, len(basis())))
    shape[0, : len(mouth)] = mouth
    return FaceMotion(np.zeros(1), shape, np.full(1, blink), expression(**beside))


def expression(**beside):
    return np.array([[beside.get(name, 0.0) for name in NUMBERS]])


def test_rest_moves_nothing():
    assert all(values == 0.0 for values in arkit(face([])).values())
    assert visemes_of(arkit(face([])))[SILENCE] == 1.0


def test_an_open_mouth_opens_the_jaw():
    wide, narrow = (arkit(face([opening]))["jawOpen"][0] for opening in (0.02, 0.008))
    assert wide > 2.0 * narrow > 0.1


def test_lips_that_touch_over_an_open_jaw_close():
    """ARKit's lips part with the jaw unless mouthClose says otherwise."""
    lowered = -np.sign(table()["jawOpen"][1]) * np.array([0.0, -0.01])
    shapes = arkit(face(lowered))
    assert shapes["jawOpen"] > 0.05
    assert shapes["mouthClose"] == pytest.approx(shapes["jawOpen"])
    assert arkit(face([0.02]))["mouthClose"] == pytest.approx(0.0, abs=1e-9)


def test_lids_and_brows():
    shapes = arkit(face([], blink=0.7, raise_left=0.004, raise_right=0.004))
    assert shapes["eyeBlinkLeft"] == shapes["eyeBlinkRight"] == pytest.approx(0.7)
    assert 0.2 < shapes["browInnerUp"] < 0.6
    assert shapes["browDownLeft"] == shapes["browDownRight"] == 0.0
    assert shapes["browOuterUpLeft"] == pytest.approx(shapes["browOuterUpRight"])


@pytest.mark.parametrize(
    ("beside", "moved"),
    [
        ({"raise_left": -0.004, "raise_right": -0.004, "knit": -0.002}, "browDown*"),
        ({"cheek": 0.002}, "cheekSquint*"),
        ({"nose": 0.002}, "noseSneer*"),
        ({"lower_lid": 0.002}, "eyeSquint*"),
        ({"upper_lid": 0.002}, "eyeWide*"),
    ],
)
def test_what_a_face_does_beside_speaking_moves_its_shapes_and_nothing_else(beside, moved):
    still, shapes = arkit(face([])), arkit(face([], **beside))
    sides = {moved.replace("*", side) for side in ("Left", "Right")}
    assert {name for name in shapes if shapes[name] != still[name]} == sides
    assert min(shapes[name] for name in sides) > 0.03


def test_a_raised_left_brow_is_the_mirror_image_of_a_raised_right_one():
    left, right = arkit(face([], raise_left=0.003)), arkit(face([], raise_right=0.003))
    assert left["browOuterUpLeft"] > left["browOuterUpRight"] > 0.0
    for name in expression_table():
        twin = name.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        assert left[name] == pytest.approx(right[twin])


@pytest.mark.parametrize("part", DOSES)
def test_a_part_without_a_dose_is_left_out_and_the_rest_is_as_it_was(part):
    moved = face([0.01], 0.5, **dict.fromkeys(NUMBERS, 0.002))
    whole, without = arkit(moved), arkit(moved, ExpressionDoses(**{part: 0.0}))
    own = {name for name, weights in expression_table().items() if weights[PARTS[part]].any()}
    assert own
    assert whole.keys() - without.keys() == own
    assert all(values == whole[name] for name, values in without.items())


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
    beside = dict(zip(NUMBERS, np.random.default_rng(seed).normal(0.0, 0.02, len(NUMBERS)), strict=True))
    for values in (*arkit(face(mouth, 1.0, **beside)).values(), *found.values()):
        assert 0.0 <= values[0] <= 1.0
