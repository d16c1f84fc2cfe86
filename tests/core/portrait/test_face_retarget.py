"""Face retargeting on a synthetic person whose face follows known rules."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.face.expression_parts import NUMBERS, PARTS
from mannerism.core.face.manner import lids
from mannerism.core.face.measured_gaze import EYE_MM, IRIS_MM, UP_SHRINKS
from mannerism.core.face.motion import FaceMotion
from mannerism.core.face.mouth import MOUTH_POINTS, basis, gap_of, mouth_points, symmetric
from mannerism.core.portrait.driving.face_retarget import drive_from_face
from mannerism.tests.support.synthetic_person import STAGE, face, motion, person

COUNT = 200
UPPER_LIDS, LOWER_LIDS = [159, 386], [145, 374]
K = len(basis())


def talker():
    """Somebody with an irregular face who opens the mouth by up to 2 cm, and blinks."""
    random = np.random.default_rng(1)
    shape = random.uniform(0, 1, (COUNT, K)) * np.r_[0.02, np.full(K - 1, 0.002)]
    shape[:30, 0] = 0.0
    expression = np.zeros((COUNT, 478, 3))
    expression[:, MOUTH_POINTS] = mouth_points(shape)
    shut = (np.arange(COUNT) % 40 < 5).astype(float)
    drop = face()[UPPER_LIDS] - face()[LOWER_LIDS]
    expression[:, UPPER_LIDS] -= shut[:, None, None] * drop
    heads = motion(random.uniform(-10, 10, COUNT))
    return person(heads, expression=expression)


def wanted(**numbers):
    still = {"mouth": np.zeros((1, K)), "blink": np.zeros(1), "expression": np.zeros((1, len(NUMBERS)))}
    return FaceMotion(np.zeros(1), **(still | numbers))


def shown(asked):
    somebody = talker()
    drive = drive_from_face(somebody, STAGE.poses(motion([0.0])), asked)
    return somebody.mesh + drive.expression


@pytest.mark.parametrize("gap_m", [0.0, 0.005, 0.015])
def test_the_lips_open_as_far_as_asked(gap_m):
    rest = gap_of(symmetric(shown(wanted())))
    mouth = np.zeros((1, K))
    mouth[0, 0] = gap_m
    assert gap_of(symmetric(shown(wanted(mouth=mouth)))) - rest == pytest.approx([gap_m], abs=4e-4)


def test_a_blink_shuts_the_lids_and_nothing_else():
    open_, shut = shown(wanted()), shown(wanted(blink=np.ones(1)))
    assert lids(shut) < 0.1 * lids(open_)
    assert shut[:, MOUTH_POINTS] == pytest.approx(open_[:, MOUTH_POINTS])


def test_the_face_never_goes_far_beyond_what_the_reference_shows():
    mouth = np.zeros((1, K))
    mouth[0, 0] = 0.2
    rest = gap_of(symmetric(shown(wanted())))
    assert 0.018 < gap_of(symmetric(shown(wanted(mouth=mouth)))) - rest < 0.026


def test_pictures_that_may_not_be_used_teach_nothing():
    somebody = talker()
    somebody.expression[150:] = 9.0
    somebody.usable[150:] = False
    drive = drive_from_face(somebody, STAGE.poses(motion([0.0])), wanted())
    assert np.abs(drive.expression).max() < 0.05


def test_eyes_of_somebody_who_looks_down_most_of_the_time_are_open_all_the_same():
    somebody = person(motion(np.random.default_rng(3).uniform(-10, 10, COUNT)))
    down = 0.6 * (np.arange(COUNT) % 10 < 7)
    down[:4] = 1.0  # a blink
    drop = face()[UPPER_LIDS] - face()[LOWER_LIDS]
    somebody.expression[:, UPPER_LIDS] -= down[:, None, None] * drop
    drive = drive_from_face(somebody, STAGE.poses(motion([0.0])), wanted())
    assert lids(somebody.mesh + drive.expression) == pytest.approx(lids(face()[None]), rel=0.03)


BROWS = [336, 285, 296, 295, 107, 55, 66, 65, 300, 276, 293, 283, 70, 46, 63, 53]


def frowner():
    """Somebody who raises the brows by up to 6 mm, and lower lids by 2, whatever the head does."""
    random = np.random.default_rng(2)
    expression = np.zeros((COUNT, 478, 3))
    expression[:, BROWS, 1] = random.normal(0.0, 2e-3, COUNT)[:, None]
    expression[:, [374, 373, 380, 381, 145, 144, 153, 154], 1] = random.normal(0.0, 7e-4, COUNT)[:, None]
    return person(motion(random.uniform(-10, 10, COUNT)), expression=expression)


def of_numbers(**numbers):
    return np.array([[numbers.get(name, 0.0) for name in NUMBERS]])


def test_brows_rise_as_far_as_asked_and_other_parts_stay():
    somebody = frowner()
    at_rest, raised = (
        drive_from_face(somebody, STAGE.poses(motion([0.0])), wanted(expression=numbers)).expression
        for numbers in (of_numbers(), of_numbers(raise_left=0.003, raise_right=0.003))
    )
    risen = raised - at_rest
    assert risen[:, BROWS, 1].mean() == pytest.approx(0.003, rel=0.1)
    np.testing.assert_array_equal(np.delete(risen, BROWS, axis=1)[:, LOWER_LIDS], 0.0)


def test_parts_that_nothing_is_asked_of_leave_the_face_bit_for_bit():
    """Lids that are asked for are fitted along with blinks; brows and mouth are not."""
    somebody, rest = frowner(), of_numbers()
    still = drive_from_face(somebody, STAGE.poses(motion([0.0])), wanted(expression=rest)).expression
    moved = drive_from_face(
        somebody, STAGE.poses(motion([0.0])), wanted(expression=of_numbers(lower_lid=0.001))
    ).expression
    changed = np.flatnonzero((moved != still).any(axis=(0, 2)))
    assert len(changed)
    assert not set(BROWS) & set(changed.tolist())
    assert not set(MOUTH_POINTS.tolist()) & set(changed.tolist())
    assert list(PARTS) == ["brows", "cheeks", "squint"]


class TestEyes:
    IRISES = np.arange(468, 478)

    def looker(self):
        """Somebody whose irises move by themselves, as far as real eyes' do for up to 12° to each side."""
        random = np.random.default_rng(2)
        somebody = talker()
        for iris in (468, 473):
            somebody.mesh[iris + 1 : iris + 5, :2] += 0.006 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
        angle = np.radians(random.uniform(-12, 12, (COUNT, 2)))
        expression = somebody.expression.copy()
        expression[:, self.IRISES, :2] += (np.sin(angle) * self.eye_m(somebody) * [1.0, UP_SHRINKS])[:, None]
        return replace(somebody, expression=expression)

    def eye_m(self, somebody):
        """From the eye's centre to its iris, in metres of the mesh, whose irises are 11.7 mm wide."""
        iris = np.linalg.norm(somebody.mesh[469] - somebody.mesh[471])
        return EYE_MM / IRIS_MM * iris

    def at(self, somebody, **numbers):
        drive = drive_from_face(somebody, STAGE.poses(motion([0.0])), wanted(**numbers))
        return somebody.mesh + drive.expression

    @pytest.mark.parametrize("angle_deg", [(6.0, 0.0), (0.0, 6.0), (-4.0, 3.0)])
    def test_irises_move_as_far_as_asked(self, angle_deg):
        somebody = self.looker()
        angle = np.radians([angle_deg])
        moved = (self.at(somebody, eye=angle) - self.at(somebody))[0, self.IRISES, :2].mean(axis=0)
        assert moved == pytest.approx(
            (np.sin(angle) * self.eye_m(somebody) * [1.0, UP_SHRINKS])[0], rel=0.15, abs=1e-4
        )

    @pytest.mark.parametrize("blink", [0.0, 1.0])
    def test_eyes_that_ask_for_nothing_leave_lids_and_irises_alone(self, blink):
        somebody, asked = self.looker(), np.full(1, blink)
        without, at_rest = (
            self.at(somebody, blink=asked),
            self.at(somebody, blink=asked, eye=np.zeros((1, 2))),
        )
        assert at_rest == pytest.approx(without, abs=2e-5)

    def test_they_go_no_farther_than_the_person_was_seen_to_look(self):
        somebody = self.looker()
        far = (self.at(somebody, eye=np.radians([[60.0, 0.0]])) - self.at(somebody))[0, self.IRISES, 0].mean()
        assert far < 1.7 * np.sin(np.radians(12.0)) * self.eye_m(somebody)
