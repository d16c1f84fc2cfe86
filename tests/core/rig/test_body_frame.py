"""Up, left and out of the face from where joints stand: known bodies in, the axes they were made with out."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.rig.body_frame import axes_in_head, head_frames, pairs_by_nearness

PARENTS: dict[str, str | None] = {
    "Hips": None,
    "Chest": "Hips",
    "Neck": "Chest",
    "Head": "Neck",
    "LeftUpLeg": "Hips",
    "RightUpLeg": "Hips",
    "LeftShoulder": "Chest",
    "RightShoulder": "Chest",
    "LeftHand": "LeftShoulder",
    "RightHand": "RightShoulder",
}
# Left, up, out of the face. The legs cross and the hands are behind the back: neither says where the left is.
BODY = {
    "Hips": (0, 0.95, 0),
    "Chest": (0, 1.25, -0.02),
    "Neck": (0, 1.48, -0.03),
    "Head": (0, 1.57, 0.01),
    "LeftUpLeg": (-0.1, 0.9, 0.3),
    "RightUpLeg": (0.1, 0.9, -0.3),
    "LeftShoulder": (0.06, 1.42, 0),
    "RightShoulder": (-0.06, 1.42, 0),
    "LeftHand": (-0.5, 1.0, -0.4),
    "RightHand": (0.5, 1.0, -0.4),
}
EYES = {"eye_l": (0.03, 1.65, 0.08), "eye_r": (-0.03, 1.65, 0.08)}
EYE_PARENTS: dict[str, str | None] = dict.fromkeys(EYES, "Head")
Y_UP = np.eye(3)
Z_UP = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])  # the face looks along −Y
X_UP = np.array([[0, 1.0, 0], [0, 0, 1.0], [1.0, 0, 0]])


def placed(body, world):
    return {name: np.array([world @ np.array(at, float)]) for name, at in body.items()}


@pytest.mark.parametrize("world", [Y_UP, Z_UP, X_UP, Y_UP @ rot.to_matrix(rot.from_rotvec([0, 2.5, 0]))])
@pytest.mark.parametrize("eyes", [False, True])
def test_a_body_in_any_space(world, eyes):
    body = BODY | EYES if eyes else BODY
    parents = PARENTS | EYE_PARENTS if eyes else PARENTS
    frames, sided = head_frames(parents, "Head", placed(body, world))
    assert sided
    np.testing.assert_allclose(frames, world[None], atol=1e-9)


def test_what_is_near_the_head_comes_first():
    pairs = pairs_by_nearness(PARENTS | EYE_PARENTS, "Head")
    assert [left for left, _ in pairs] == ["eye_l", "LeftShoulder", "LeftHand", "LeftUpLeg"]


def test_shoulders_in_one_place_leave_it_to_the_arms():
    body = BODY | dict.fromkeys(("LeftShoulder", "RightShoulder"), (0, 1.42, 0))
    body |= {"LeftHand": (0.6, 1.4, 0), "RightHand": (-0.6, 1.4, 0)}
    frames, sided = head_frames(PARENTS, "Head", placed(body, Z_UP))
    assert sided
    np.testing.assert_allclose(frames, Z_UP[None], atol=1e-9)


def test_a_body_without_sides_faces_as_its_program_does():
    line = {name: BODY[name] for name in ("Hips", "Chest", "Neck", "Head")}
    parents = {name: PARENTS[name] for name in line}
    for world in (Y_UP, Z_UP):
        frames, sided = head_frames(parents, "Head", placed(line, world))
        assert not sided
        np.testing.assert_allclose(frames, world[None], atol=1e-9)


def test_a_root_alone_does_not_fail():
    frames, sided = head_frames({"Head": None}, "Head", {"Head": np.zeros((2, 3))})
    assert not sided
    np.testing.assert_allclose(frames, np.array([Y_UP, Y_UP]))


def test_a_tilted_body_is_up_along_itself():
    tilt = rot.to_matrix(rot.from_rotvec([0.6, 0.0, 0.0]))
    frames, _ = head_frames(PARENTS, "Head", placed(BODY, tilt))
    apart = rot.angle_between(rot.from_matrix(frames[0]), rot.from_matrix(tilt))
    assert np.degrees(apart) < 3


# Columns are the head joint's own axes in the body's (left, up, face).
ALONG_X = np.column_stack([Y_UP[1], Y_UP[2], Y_UP[0]])
ALONG_Z = np.column_stack([Y_UP[2], Y_UP[0], Y_UP[1]])
ALONG_MINUS_X = np.column_stack([-Y_UP[1], Y_UP[2], -Y_UP[0]])


@pytest.mark.parametrize("own", [Y_UP, ALONG_X, ALONG_Z, ALONG_MINUS_X])
@pytest.mark.parametrize("held", [(0, 0, 0), (0, 0.6, 0), (0.3, 0, 0)])
def test_axes_in_the_head_s_own_frame(own, held):
    """A joint whose axes lie along the head's: found exactly, though the head is held to the side or down."""
    body, turn = rot.from_rotvec([0, 1.0, 0]), rot.from_rotvec(np.array(held))
    frames = rot.to_matrix(body)[None]
    head = rot.multiply(body, rot.multiply(turn, rot.from_matrix(own)))[None]
    np.testing.assert_allclose(axes_in_head(frames, head), own.T, atol=1e-9)


def test_a_bone_that_slants_keeps_its_lateral_axis():
    slant = rot.to_matrix(rot.from_rotvec([-0.7, 0, 0])) @ ALONG_X
    frames = np.repeat(Y_UP[None], 5, axis=0)
    head = rot.from_matrix(np.repeat(slant[None], 5, axis=0))
    np.testing.assert_allclose(axes_in_head(frames, head), slant.T, atol=1e-9)
