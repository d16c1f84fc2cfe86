"""Where a rig looks and how large its head is, from where its bones are."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.rig.head_frame import head_axes
from mannerism.core.rig.head_size import HEAD_TO_CROWN_M, head_height
from mannerism.core.rig.neutral_pose import RestBone, neutral_pose

X, Y, Z = np.eye(3)


def frame(parents, positions, **more):
    """Left, up and face of the bone `head` on `chest`."""
    axes = head_axes(
        "head", "chest", parents, {name: np.array(at, float) for name, at in positions.items()}, **more
    )
    return [rot.rotate(axes, axis) for axis in np.eye(3)]


def bust(up, left, **more):
    """Head, chest and shoulders with these directions."""
    up, left = np.array(up, float), np.array(left, float)
    positions = {"chest": 0 * up, "head": up, "arm.L": 0.5 * left + 0.03, "arm.R": -0.5 * left} | more
    return dict.fromkeys(positions, "chest") | {"chest": None}, positions


@pytest.mark.parametrize(
    ("chest_to_head", "left", "face"),
    [
        ((0, 0, 1), (1, 0, 0), (0, -1, 0)),  # Blender
        ((0, 1, 0.1), (1, 0, 0), (0, 0, 1)),  # Y up, as Mixamo
        ((0, 0, 1), (0, 1, 0), (1, 0, 0)),  # looks along +X
        ((0, -1, 0.4), (1, 0, 0), (0, -1, 0)),  # on all fours
        ((1, 0, 0), (0, -1, 0), (0, 0, 1)),  # the spine along X
        ((-1, 0.1, 0), (0, 0, 1), (0, -1, 0)),
        ((0.1, 0, -1), (0, 1, 0), (-1, 0, 0)),
        ((0, -1, 0), (0, 0, 1), (1, 0, 0)),
    ],
)
def test_where_a_rig_looks(chest_to_head, left, face):
    found = frame(*bust(chest_to_head, left))
    np.testing.assert_allclose(found[0], left, atol=1e-12)
    np.testing.assert_allclose(found[2], face, atol=1e-12)


def test_a_rig_that_stands_slantwise():
    turn = rot.from_rotvec([0.3, 0.5, 0.6])
    parents, positions = bust(rot.rotate(turn, Z), rot.rotate(turn, X))
    positions["arm.L"] = -positions["arm.R"]
    found = frame(parents, positions)
    np.testing.assert_allclose(found[1], rot.rotate(turn, Z), atol=1e-12)
    np.testing.assert_allclose(found[2], rot.rotate(turn, -Y), atol=1e-12)


def test_without_left_and_right_a_rig_looks_as_blender_does():
    found = frame({"head": "chest", "chest": None}, {"head": Z, "chest": 0 * Z})
    np.testing.assert_allclose(found[2], -Y, atol=1e-12)


def test_a_leaning_spine_of_a_body_that_stands_between_the_axes():
    """Turned by 37° about the vertical, a spine that leans back is no reason to tilt a shake."""
    turn = rot.from_rotvec([0.0, 0.0, np.radians(37.0)])
    left, back = rot.rotate(turn, X), rot.rotate(turn, Y)
    parents, positions = bust(Z + 0.2 * back, left)
    positions["arm.R"] = positions["arm.L"] - left
    np.testing.assert_allclose(frame(parents, positions), [left, Z, -back], atol=1e-12)


@pytest.mark.parametrize("bone", ["nose", "eyes", "jaw", "eye"])
def test_without_sides_the_face_tells(bone):
    parents = {"head": "chest", "chest": None, bone: "head"}
    found = frame(parents, {"head": Z, "chest": 0 * Z, bone: 1.4 * Z + 0.3 * Y})
    np.testing.assert_allclose(found, [-X, Z, Y], atol=1e-12)


def test_eyes_come_before_shoulders_and_legs_never_count():
    """The hips are turned by 90° against the chest, as at the zero pose of recordings."""
    parents, positions = bust(Z, X)
    legs = {"hips": -Z, "thigh.L": Y - Z, "thigh.R": -Y - Z, "foot.L": Y - 9 * X, "foot.R": -Y - 9 * X}
    parents |= {"hips": None, "chest": "hips"}
    parents |= {"thigh.L": "hips", "thigh.R": "hips", "foot.L": "thigh.L", "foot.R": "thigh.R"}
    np.testing.assert_allclose(frame(parents, positions | legs), [X, Z, -Y], atol=1e-12)
    eyes = {"eye.L": Z + 0.03 * Y, "eye.R": Z - 0.03 * Y}
    parents |= dict.fromkeys(eyes, "head")
    np.testing.assert_allclose(frame(parents, positions | legs | eyes)[0], Y, atol=1e-12)


def test_legs_show_where_an_animal_has_its_up():
    """Y is up, and the neck rises less than it goes forward."""
    parents, positions = bust(0.4 * Y + Z, X)
    positions |= {"leg.L": 0.1 * X, "leg.R": -0.1 * X, "paw.L": 0.1 * X - Y, "paw.R": -0.1 * X - Y}
    parents |= {"leg.L": "chest", "leg.R": "chest", "paw.L": "leg.L", "paw.R": "leg.R"}
    np.testing.assert_allclose(frame(parents, positions), [X, Y, Z], atol=1e-12)


def test_a_fish_has_its_up_where_the_world_has():
    parents, positions = bust(-Y, X)
    np.testing.assert_allclose(frame(parents, positions, world_up=Z), [X, Z, -Y], atol=1e-12)


def size(parents, positions, length=7.0, crown=0.0):
    found = {name: np.array(at, float) for name, at in positions.items()}
    return head_height("head", length, Z, parents, found, crown=crown)


def test_the_size_of_a_head():
    alone = {"head": None}
    assert size(alone, {"head": 0 * Z}) == 7.0
    assert size(alone, {"head": 0 * Z}, crown=HEAD_TO_CROWN_M * 100) == pytest.approx(24.0)
    eyes = {"head": 0 * Z, "eye.L": (3.15, 0, 9), "eye.R": (-3.15, 0, 9)}
    assert size({"head": None, "eye.L": "head", "eye.R": "head"}, eyes) == pytest.approx(24.0)
    end = {"head": 0 * Z, "HeadTop_End": 20 * Z}
    assert size({"head": None, "HeadTop_End": "head"}, end) == pytest.approx(24.0, rel=0.1)


@pytest.mark.parametrize("length", [0.01, 0.05, 0.2, 1.0])
def test_the_stature_counts_whatever_the_length_of_the_head_bone(length):
    parents, positions = bust(1.55 * Z, X)
    positions |= {
        "hips": 0.95 * Z,
        "thigh.L": 0.9 * Z,
        "thigh.R": 0.9 * Z,
        "foot.L": 0.08 * Z,
        "foot.R": 0.08 * Z,
    }
    positions |= {"thigh.L": 0.9 * Z + 0.1 * X, "thigh.R": 0.9 * Z - 0.1 * X}
    parents |= {"hips": None, "chest": "hips", "thigh.L": "hips", "thigh.R": "hips"}
    parents |= {"foot.L": "thigh.L", "foot.R": "thigh.R"}
    assert size(parents, positions, length) == pytest.approx(0.24, rel=0.1)


def test_of_two_that_differ_widely_the_smaller():
    """A hat adds to the skin."""
    eyes = {"head": 0 * Z, "eye.L": (3.15, 0, 9), "eye.R": (-3.15, 0, 9)}
    parents = {"head": None, "eye.L": "head", "eye.R": "head"}
    assert size(parents, eyes, crown=60.0) == pytest.approx(24.0)
    assert size(parents, eyes, crown=HEAD_TO_CROWN_M * 121) == pytest.approx(24 * 1.1)


def test_a_neutral_pose_that_only_the_motion_shows():
    """Each bone lies along X at rest; the motion turns the head's frame by 120° against its neck, give or take."""
    chain = [RestBone(name, rot.IDENTITY, i * X) for i, name in enumerate(("chest", "neck", "head"))]
    rng = np.random.default_rng(3)
    body = rot.from_rotvec(np.array([1.0, 1.0, 1.0]) * 2 * np.pi / 3 / np.sqrt(3))
    wobble = rot.from_rotvec(rng.normal(size=(200, 3)) * 0.2)
    found = neutral_pose(chain, {"head": rot.multiply(body, wobble)})
    assert rot.angle_between(found["head"].turn, body) < 0.1
    assert rot.angle_between(found["neck"].turn, rot.IDENTITY) < 1e-6
    bent = rot.from_rotvec([0.0, 0.0, np.pi / 2])
    found = neutral_pose(chain, {"neck": bent[None], "head": rot.inverse(bent)[None]})
    np.testing.assert_allclose(found["head"].place, X + Y, atol=1e-9)
    assert rot.angle_between(found["head"].channels, bent) < 1e-6


def test_a_head_that_is_turned_a_while_rests_all_the_same():
    chain = [RestBone(name, rot.IDENTITY, i * Z) for i, name in enumerate(("chest", "neck", "head"))]
    found = neutral_pose(chain, {"head": rot.from_rotvec([[0.0, 0.0, 1.0]])})
    np.testing.assert_array_equal(found["head"].turn, rot.IDENTITY)
