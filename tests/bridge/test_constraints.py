"""Constraints on head and neck: what they take away is reported, and what can be made up for is."""

import bpy
import numpy as np
import pytest

from mannerism.bridge import nla
from mannerism.core import rotation as rot
from mannerism.tools.synthetic.characters import (
    FRAMES,
    MOTION,
    bust,
    curves_of,
    degrees,
    dump,
    expected_motion,
    plain_object,
    pose_at,
)


def constrain(owner, kind, **settings):
    constraint = owner.constraints.new(kind)
    target = plain_object("none")
    target.location, target.rotation_euler = (0.3, -2.0, 1.6), (0.2, 0.1, 0.3)
    if hasattr(constraint, "target"):
        constraint.target = target
    for name, value in settings.items():
        setattr(constraint, name, value)
    return constraint


def worst(obj, bone="head"):
    """How far the head is from rest times the motion at worst, degrees; adds a layer."""
    rest = {frame: pose_at(obj, bone, frame)[0] for frame in FRAMES}
    layer = nla.add_layer(obj, MOTION, name="take", start_frame=1, translation_scale=0.0)
    errors = []
    for frame in FRAMES:
        turn, _ = expected_motion(frame, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
        errors.append(degrees(pose_at(obj, bone, frame)[0], rot.multiply(turn, rest[frame])))
    return max(errors), layer.notes


HOLDING = ("COPY_ROTATION", "COPY_TRANSFORMS", "DAMPED_TRACK", "TRACK_TO", "LOCKED_TRACK", "IK")


@pytest.mark.parametrize("kind", HOLDING)
def test_a_head_that_a_constraint_turns_is_told(kind):
    obj = bust()
    constraint = constrain(obj.pose.bones["head"], kind)
    found = dump(obj)
    error, notes = worst(obj)
    assert error > 5
    assert any(f"“head” is turned by “{constraint.name}”, so the motion may not show" in n for n in notes)
    nla.remove_layer(obj)
    assert dump(obj) == found


@pytest.mark.parametrize("kind", [kind for kind in HOLDING if kind != "IK"])
@pytest.mark.parametrize("influence", [0.4, 1.0])
def test_the_head_makes_up_for_a_neck_that_a_constraint_turns(kind, influence):
    obj = bust()
    constraint = constrain(obj.pose.bones["neck"], kind, influence=influence)
    bpy.context.view_layer.update()
    rest = rot.from_matrix(np.array(obj.pose.bones["head"].matrix)[:3, :3])
    bare = rot.from_matrix(np.array(obj.data.bones["head"].matrix_local)[:3, :3])
    _, notes = worst(obj)
    assert any(f"“neck” is turned by “{constraint.name}”, so the head turns without it" in n for n in notes)
    # The motion is relative to the chest, in the head's own axes wherever the neck was put.
    carried = rot.multiply(rest, rot.inverse(bare))
    for frame in FRAMES:
        turn, _ = expected_motion(frame, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
        wanted = rot.multiply(carried, rot.multiply(turn, bare))
        assert degrees(pose_at(obj, "head", frame)[0], wanted) < 0.05


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("COPY_ROTATION", {"mute": True}),
        ("COPY_ROTATION", {"influence": 0.0}),
        ("COPY_ROTATION", {"target": None}),
        ("COPY_TRANSFORMS", {"mix_mode": "BEFORE_FULL"}),
        ("CHILD_OF", {}),
        ("COPY_LOCATION", {}),
        ("LIMIT_ROTATION", {}),
    ],
)
def test_constraints_that_leave_the_rotation_are_no_matter(kind, settings):
    obj = bust()
    constrain(obj.pose.bones["head"], kind, **settings)
    if kind in {"CHILD_OF", "COPY_TRANSFORMS"}:  # these turn the head's rest, and the motion with it
        obj.pose.bones["head"].constraints[0].target.rotation_euler = (0, 0, 0)
    error, notes = worst(obj)
    assert error < 0.05
    assert notes == ()


def test_limits_are_told():
    obj = bust()
    constrain(obj.pose.bones["head"], "LIMIT_ROTATION", use_limit_x=True)
    _, notes = worst(obj)
    assert notes == ("The constraint “Limit Rotation” may cut the motion of “head” short",)


def test_the_shift_goes_to_the_first_bone_that_no_constraint_places():
    obj = bust()
    constraint = constrain(obj.pose.bones["neck"], "COPY_LOCATION")
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    paths = {path for path, _, _ in curves_of(bpy.data.actions["take"])}
    assert {path for path in paths if path.endswith("location")} == {'pose.bones["head"].location'}
    nla.remove_layer(obj)
    constraint.use_offset = True
    nla.add_layer(obj, MOTION, name="take", start_frame=1)
    paths = {path for path, _, _ in curves_of(bpy.data.actions["take"])}
    assert {path for path in paths if path.endswith("location")} == {'pose.bones["neck"].location'}


def test_an_object_that_a_constraint_turns_is_told():
    obj = plain_object()
    constrain(obj, "DAMPED_TRACK")
    assert worst(obj, "")[1] == ("The object is turned by “Damped Track”, so the motion may not show",)


def test_inverse_kinematics_from_a_bone_above_reaches_the_neck():
    obj = bust()
    constrain(obj.pose.bones["head"], "IK", chain_count=2)
    notes = worst(obj)[1]
    assert any("“neck” is turned by “IK”" in note for note in notes)
    nla.remove_layer(obj)
    obj.pose.bones["head"].constraints[0].chain_count = 1
    assert not any("“neck”" in note for note in worst(obj)[1])
