"""Local frames along the bones: pitch arrives as pitch, whichever of a joint's axes is up."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.track.bvh import read_bvh
from mannerism.tests.support import recorded_body

LEFT, UP, FACE = np.eye(3)


def frame(*axes):
    """The quaternion of a local frame with these axes in body axes."""
    return rot.from_matrix(np.column_stack(axes))


WORLD = {"": rot.IDENTITY}
# Spines along X, −X, Y and Z, with hips and limbs turned against them, so that the zero pose is crumpled.
ALONG_X = {
    "": frame(UP, FACE, LEFT),
    "Hips": frame(UP, -LEFT, FACE),
    "LeftArm": frame(LEFT, FACE, -UP),
    "LeftUpLeg": frame(-UP, LEFT, FACE),
    "RightUpLeg": frame(-UP, -FACE, LEFT),
}
ALONG_MINUS_X = {
    "": frame(-UP, FACE, -LEFT),
    "Hips": frame(-UP, LEFT, FACE),
    "RightArm": frame(LEFT, FACE, -UP),
}
ALONG_Y = {"": frame(-FACE, UP, LEFT), "Hips": frame(LEFT, UP, FACE), "LeftUpLeg": frame(LEFT, -UP, -FACE)}
ALONG_Z = {"": frame(FACE, LEFT, UP), "Hips": frame(LEFT, -FACE, UP), "LeftArm": frame(FACE, UP, -LEFT)}
Y_UP = rot.IDENTITY
Z_UP = frame(LEFT, FACE, -UP)
TILTED = rot.multiply(rot.from_rotvec([0.45, 0, 0]), rot.from_rotvec([0, 2.2, 0]))


@pytest.mark.parametrize("world", [Y_UP, Z_UP, TILTED], ids=["y-up", "z-up", "tilted"])
@pytest.mark.parametrize(
    "frames",
    [WORLD, ALONG_X, ALONG_MINUS_X, ALONG_Y, ALONG_Z],
    ids=["world", "x", "minus-x", "y", "z"],
)
@pytest.mark.parametrize("bow_deg", [0.0, 30.0])
def test_each_angle_arrives_as_itself(tmp_path, frames, world, bow_deg):
    recorded_body.write(tmp_path / "a.bvh", frames, world=world, bow_deg=bow_deg)
    track = read_bvh(tmp_path / "a.bvh")
    slopes, correlations = recorded_body.slopes_and_correlations(track)
    assert slopes == pytest.approx(1.0, abs=0.05)
    assert correlations.min() > 0.99
    assert len(track.time_s) == 180


def test_a_bone_that_slants_backward(tmp_path):
    """A head bone 40° from upright has no axis along the head's; its lateral one still is."""
    slant = rot.multiply(rot.from_rotvec([-0.7, 0, 0]), ALONG_X[""])
    recorded_body.write(tmp_path / "a.bvh", ALONG_X | {"Head": slant})
    slopes, correlations = recorded_body.slopes_and_correlations(read_bvh(tmp_path / "a.bvh"))
    assert slopes == pytest.approx(1.0, abs=0.1)
    assert correlations.min() > 0.98


def test_without_sides_the_guess_is_said(tmp_path):
    text = recorded_body.write(tmp_path / "a.bvh", WORLD)
    for side, letter in (("Left", "P"), ("Right", "Q")):
        text = text.replace(side, letter)
    (tmp_path / "a.bvh").write_text(text)
    track = read_bvh(tmp_path / "a.bvh")
    assert any("+Z" in sentence for sentence in track.meta["warnings"])
    assert recorded_body.slopes_and_correlations(track)[1].min() > 0.99
